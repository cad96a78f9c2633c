"""What the rules make of people other than the patient: each by their own facts alone. Knows nothing about the patient.

Only an emergency of theirs is acted upon; what is less is on the record.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from dialogue.clinic import Clinic
from policies.case import Fired
from policies.facts import Fact, Status, Subject, counting_of
from policies.red_flags import red_flags
from policies.triage import triage


def ailing(facts: Iterable[Fact]) -> tuple[str, ...]:
    """Everybody else who surely has something now, in the order they were told of."""
    present = Status.PRESENT
    return tuple(dict.fromkeys(fact.person for fact in facts if fact.is_of_another and fact.status is present))


def flags_of(facts: Sequence[Fact], person: str, clinic: Clinic) -> tuple[Fired, ...]:
    """The red flags of one of them."""
    return red_flags(triage(clinic.ruleset, counting_of(facts, person)))


def flags_of_others(facts: Sequence[Fact], clinic: Clinic) -> tuple[Fired, ...]:
    """The red flags of all of them, and whose each is in its words."""
    return tuple(
        flag.model_copy(update={"person": person, "because": f"Somebody else ({person}): {flag.because}"})
        for person in ailing(facts)
        for flag in flags_of(facts, person, clinic)
    )


def dangers_to_others(
    before: Sequence[Fact], heard: Sequence[Fact], turn: int, attended: bool, clinic: Clinic
) -> tuple[Fired, ...]:
    """The red flags of others that this turn raises; one that is known already only where nobody attends to it."""
    return tuple(_raised(before, heard, turn, attended, clinic))


def _raised(
    before: Sequence[Fact], heard: Sequence[Fact], turn: int, attended: bool, clinic: Clinic
) -> Iterator[Fired]:
    for person in ailing(heard):
        known = {flag.rule for flag in flags_of(before, person, clinic)}
        for flag in flags_of((*before, *heard), person, clinic):
            again = not attended and any(evidence.turn == turn for evidence in flag.evidence)
            if again or flag.rule not in known:
                yield flag


def endangers(doubted: Fact, facts: Sequence[Fact], clinic: Clinic) -> bool:
    """Whether this uncertain fact about somebody else would be an emergency, were it true, that they have not yet."""
    sure = replace(doubted, certain=True)
    if sure.value is not None or not sure.is_of_another or flags_of(facts, sure.person, clinic):
        return False
    return bool(flags_of((*facts, sure), sure.person, clinic))


def doubted(facts: Sequence[Fact], finding: str) -> Fact | None:
    """What is asked back, if that is about somebody else: the last that was said of it."""
    last = next((fact for fact in reversed(facts) if fact.finding == finding), None)
    return last if last and last.subject is Subject.OTHER and last.person and not last.certain else None


def theirs(answer: Fact, asked: Fact) -> Fact:
    """An answer as said of whom the question was about."""
    return replace(answer, subject=asked.subject, person=asked.person)
