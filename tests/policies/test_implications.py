from hypothesis import given
from hypothesis import strategies as st

from policies.facts import Evidence, Fact, Facts, Status
from policies.findings import Kind
from policies.implications import learn, with_implied
from policies.loading import default_ruleset
from policies.ruleset import RuleSet

YES_NO = sorted(finding.id for finding in default_ruleset().findings.values() if finding.kind is Kind.YES_NO)


def stated(finding: str, status: Status = Status.PRESENT, turn: int = 0) -> dict[str, Fact]:
    return {finding: Fact(finding=finding, status=status, evidence=Evidence(turn=turn, quote=finding))}


statements = st.lists(
    st.builds(stated, st.sampled_from(YES_NO), st.sampled_from(list(Status)), st.integers(0, 3)), max_size=8
).map(lambda parts: {name: fact for part in parts for name, fact in part.items()})


@given(statements)
def test_the_closure_never_contradicts_itself(facts: Facts) -> None:
    ruleset = default_ruleset()
    closed = with_implied(ruleset, facts)
    for name, fact in closed.items():
        if fact.status is Status.PRESENT:
            assert all(closed[implied].status is Status.PRESENT for implied in ruleset.above[name])
        if fact.status is Status.ABSENT:
            assert all(closed[lower].status is Status.ABSENT for lower in ruleset.below[name])


@given(statements)
def test_closing_again_changes_nothing(facts: Facts) -> None:
    closed = with_implied(default_ruleset(), facts)
    assert with_implied(default_ruleset(), closed) == closed


@given(statements, st.data())
def test_learning_facts_one_by_one_gives_the_same(facts: Facts, data: st.DataObject) -> None:
    """Also where the first look held as impossible what was then said."""
    ruleset = default_ruleset()
    known = dict(ruleset.impossible(7.0, "male"))
    first = data.draw(st.integers(0, len(facts)))
    for part in (list(facts.items())[:first], list(facts.items())[first:]):
        before = dict(known)
        changed = learn(ruleset, known, dict(part))
        assert changed == {name for name, fact in known.items() if before.get(name) is not fact}
    assert known == {**ruleset.impossible(7.0, "male"), **with_implied(ruleset, facts)}


def test_a_present_finding_makes_what_it_implies_present(ruleset: RuleSet) -> None:
    closed = with_implied(ruleset, stated("crushing_chest_pain"))
    assert closed["chest_pain"].status is Status.PRESENT
    assert closed["chest_pain"].evidence.quote == "crushing_chest_pain"


def test_an_absent_finding_makes_what_implies_it_absent(ruleset: RuleSet) -> None:
    closed = with_implied(ruleset, stated("chest_pain", Status.ABSENT))
    assert closed["crushing_chest_pain"].status is Status.ABSENT


def test_the_later_word_holds(ruleset: RuleSet) -> None:
    corrected = {**stated("crushing_chest_pain", turn=1), **stated("chest_pain", Status.ABSENT, turn=4)}
    assert with_implied(ruleset, corrected)["crushing_chest_pain"].status is Status.ABSENT
    returned = {**stated("chest_pain", Status.ABSENT, turn=1), **stated("crushing_chest_pain", turn=4)}
    assert with_implied(ruleset, returned)["chest_pain"].status is Status.PRESENT


def test_within_one_message_presence_holds(ruleset: RuleSet) -> None:
    both = {**stated("chest_pain", Status.ABSENT), **stated("crushing_chest_pain")}
    assert with_implied(ruleset, both)["chest_pain"].status is Status.PRESENT


def test_an_answer_not_given_never_hides_what_was_said(ruleset: RuleSet) -> None:
    unsure = {**stated("crushing_chest_pain", turn=1), **stated("chest_pain", Status.UNKNOWN, turn=5)}
    assert with_implied(ruleset, unsure)["chest_pain"].status is Status.PRESENT
