"""What is known about a patient, in three values and with the words that said it. Knows nothing about rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, with_config

from policies.codes import Code


class Status(Code):
    """Present and absent were stated; unknown was asked and not answered ("I don't know", skipped)."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Subject(Code):
    PATIENT = "patient"
    OTHER = "other"


class When(Code):
    NOW = "now"
    PAST = "past"


class Record(BaseModel):
    """Base of every value that may hold a patient's words: frozen, closed, and never printed in an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As pydantic's own, in a third of the time: a record has no private or extra members to copy."""
        if deep:
            return super().model_copy(update=update, deep=True)
        changes = update or {}
        new = object.__new__(type(self))
        put = object.__setattr__
        put(new, "__dict__", {**self.__dict__, **changes})
        said = self.__pydantic_fields_set__
        put(new, "__pydantic_fields_set__", said if changes.keys() <= said else said.union(changes))
        put(new, "__pydantic_extra__", None)
        put(new, "__pydantic_private__", None)
        return new


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact was said: `turn` is the index of the entry in the conversation's log, `quote` its words."""

    turn: int
    quote: str


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class Fact:
    """One finding as stated. `value` is a number in the finding's own unit, a choice's value, or free text.

    `subject` tells whether it is about the patient or somebody else; `person` is what the writer calls that person
    ("daughter"). Not a `Record`: a conversation has dozens of facts, and a plain object takes a sixth of the memory.
    """

    finding: str
    status: Status
    evidence: Evidence
    value: float | str | None = None
    subject: Subject = Subject.PATIENT
    when: When = When.NOW
    certain: bool = True
    person: str = ""

    @property
    def counts(self) -> bool:
        """Whether rules may use it: about the patient, now, and stated with certainty."""
        return self.certain and self.subject is Subject.PATIENT and self.when is When.NOW

    @property
    def is_of_another(self) -> bool:
        """Whether rules may use it for somebody else: about them, now, and stated with certainty."""
        return self.subject is Subject.OTHER and bool(self.person) and self.certain and self.when is When.NOW


Facts = Mapping[str, Fact]
"""The facts that count, by finding id."""


def counting(facts: Iterable[Fact]) -> dict[str, Fact]:
    """The facts that rules may use, the latest word on each finding winning."""
    patient, now = Subject.PATIENT, When.NOW  # written out instead of `counts`: a property call each would be slower
    return {f.finding: f for f in facts if f.certain and f.subject is patient and f.when is now}


def counting_of(facts: Iterable[Fact], person: str) -> dict[str, Fact]:
    """The facts of somebody else that rules may use for them, the latest word on each finding winning."""
    return {f.finding: f for f in facts if f.person == person and f.is_of_another}


def latest(facts: Sequence[Fact], finding: str) -> Fact | None:
    """The last word on one finding that rules may use."""
    return next((fact for fact in reversed(facts) if fact.finding == finding and fact.counts), None)
