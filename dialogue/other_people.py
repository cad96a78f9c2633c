"""Judges people other than the patient by the rules, each by their own facts only. Knows nothing about the patient.

Only their emergencies have consequences; anything less is just recorded.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from dialogue.clinic import Clinic
from policies.case import Fired
from policies.facts import Fact, Status, Subject, counting_of
from policies.red_flags import red_flags
from policies.triage import triage


def ailing(facts: Iterable[Fact]) -> tuple[str, ...]:
    """The other people who certainly have something now, in the order in which they were mentioned."""
    present = Status.PRESENT
    return tuple(dict.fromkeys(fact.person for fact in facts if fact.is_of_another and fact.status is present))


def flags_of(facts: Sequence[Fact], person: str, clinic: Clinic) -> tuple[Fired, ...]:
    """The red flags of one other person."""
    return red_flags(triage(clinic.ruleset, counting_of(facts, person)))


def flags_of_others(facts: Sequence[Fact], clinic: Clinic) -> tuple[Fired, ...]:
    """The red flags of all other people; each says whose it is."""
    return tuple(
        flag.model_copy(update={"person": person, "because": f"Somebody else ({person}): {flag.because}"})
        for person in ailing(facts)
        for flag in flags_of(facts, person, clinic)
    )


def dangers_to_others(
    before: Sequence[Fact], told: Sequence[Fact], turn: int, attended: bool, clinic: Clinic
) -> tuple[Fired, ...]:
    """The red flags of other people that this turn raises.

    A known one counts again only if no nurse is being paged or present.
    """
    return tuple(_raised(before, told, turn, attended, clinic))


def _raised(before: Sequence[Fact], told: Sequence[Fact], turn: int, attended: bool, clinic: Clinic) -> Iterator[Fired]:
    for person in ailing(told):
        known = {flag.rule for flag in flags_of(before, person, clinic)}
        for flag in flags_of((*before, *told), person, clinic):
            again = not attended and any(evidence.turn == turn for evidence in flag.evidence)
            if again or flag.rule not in known:
                yield flag


def endangers(doubted: Fact, facts: Sequence[Fact], clinic: Clinic) -> bool:
    """Whether this uncertain fact about somebody else, if true, would be an emergency that they do not have already."""
    sure = replace(doubted, certain=True)
    if sure.value is not None or not sure.is_of_another or flags_of(facts, sure.person, clinic):
        return False
    return bool(flags_of((*facts, sure), sure.person, clinic))


def doubted(facts: Sequence[Fact], finding: str) -> Fact | None:
    """The uncertain fact behind the open question, if it is about another person; the latest one."""
    last = next((fact for fact in reversed(facts) if fact.finding == finding), None)
    return last if last and last.subject is Subject.OTHER and last.person and not last.certain else None


def theirs(answer: Fact, asked: Fact) -> Fact:
    """The answer, as a fact about the person that the question was about."""
    return replace(answer, subject=asked.subject, person=asked.person)
