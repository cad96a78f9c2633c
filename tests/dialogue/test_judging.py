"""A judgement that reuses an earlier one finds the same as a fresh one, whatever was said or corrected since."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from dialogue.conversation import Conversation
from dialogue.judging import Judgement, judge
from policies.facts import Evidence, Fact, Status, Subject
from policies.findings import Kind
from policies.ruleset import AGE, SEX, WHO, YEAR
from tests.stage import clinic

RULES = [rule for name in ("sore_throat", "chest_pain") for rule in clinic().ruleset.protocols[name].rules]
OFTEN = sorted(
    {name for rule in RULES for name in rule.findings if clinic().ruleset.findings[name].kind is Kind.YES_NO}
)


def fact(finding: str, status: Status = Status.PRESENT, value: float | str | None = None) -> Fact:
    return Fact(finding=finding, status=status, value=value, evidence=Evidence(turn=0, quote=finding))


KINDS = ["crushing_chest_pain", *sorted(clinic().ruleset.above["crushing_chest_pain"])]
OPENING = [fact("sore_throat"), fact("crushing_chest_pain")]

symptoms = st.builds(fact, st.sampled_from(OFTEN), st.sampled_from(list(Status)))
kinds = st.builds(fact, st.sampled_from(KINDS), st.sampled_from(list(Status)))
persons = st.one_of(
    st.floats(0, 90).map(lambda years: fact(AGE, value=years * YEAR)),
    st.sampled_from(["female", "male"]).map(lambda sex: fact(SEX, value=sex)),
    st.sampled_from(["me", "my_child"]).map(lambda who: fact(WHO, value=who)),
)
numbers = st.builds(
    lambda name, value: fact(name, value=value),
    st.sampled_from(["temperature", "symptom_duration", "severity"]),
    st.floats(0, 42),
)
others = symptoms.map(lambda one: replace(one, subject=Subject.OTHER))
messages = st.lists(st.one_of(symptoms, symptoms, symptoms, persons, numbers, others), max_size=5)
turns = st.lists(
    st.tuples(messages | st.lists(kinds, min_size=1, max_size=1), st.sampled_from([False, False, True])),
    min_size=2,
    max_size=6,
)


def told(conversation: Conversation, message: list[Fact], back: bool, turn: int) -> Conversation:
    """The conversation with these facts too, or without its last ones."""
    facts = tuple(
        replace(one, evidence=Evidence(turn=turn, quote=f"{one.finding} {place}")) for place, one in enumerate(message)
    )
    kept = conversation.facts[: -len(facts) or None] if back else (*conversation.facts, *facts)
    return conversation.model_copy(update={"facts": kept})


def found(judgement: Judgement) -> object:
    view = judgement.view
    asked = [(rule.id, names, view.remaining(rule)) for rule, names in view.open_rules()]
    return view.found, asked, view.active, view.known, view.stated, view.scope


@given(turns)
def test_an_incremental_judgement_finds_the_same_as_a_fresh_one(said: list[tuple[list[Fact], bool]]) -> None:
    conversation = told(Conversation(id="c", code="c", language="en", ruleset="", created_at=0.0), OPENING, False, 0)
    earlier = judge(conversation, clinic())
    for turn, (message, back) in enumerate(said, start=1):
        found(earlier)
        conversation = told(conversation, message, back, turn)
        earlier = judge(conversation, clinic(), earlier)
        assert found(earlier) == found(judge(conversation, clinic()))


def test_the_same_facts_reuse_the_earlier_look() -> None:
    conversation = told(
        Conversation(id="c", code="c", language="en", ruleset="", created_at=0.0), [fact("fever")], False, 1
    )
    first = judge(conversation, clinic())
    assert judge(conversation.model_copy(update={"misses": 1}), clinic(), first) is first
