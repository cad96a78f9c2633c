"""The clinical vocabulary: what can be known about a patient, how it is asked, and the words patients use for it.

Knows nothing about rules; a finding is data with a stable id that rules, questions and facts share.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, with_config


class Kind(StrEnum):
    """What an answer looks like. `duration` and `number` facts carry a value in the finding's `unit`."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    NUMBER = "number"
    DURATION = "duration"
    SCALE = "scale"
    TEXT = "text"


class Content(BaseModel):
    """Base of everything read from a content file: frozen, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ReviewedContent(Content):
    """Base of a content file that says which version it is, who has reviewed it, and when."""

    version: int
    reviewer: str
    review_date: date


class Choice(Content):
    """One offered value of a choice finding; `phrases` are the lay words for it."""

    value: str
    label: dict[str, str]
    phrases: dict[str, tuple[str, ...]] = {}


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class Applies:
    """Who a finding can be true of; an unknown age or sex never rules a finding out. Ages in years."""

    sex: Literal["female", "male"] | None = None
    min_age: float | None = None
    max_age: float | None = None

    @property
    def selective(self) -> bool:
        """Whether there is anybody it cannot be true of."""
        return self != EVERYBODY

    def to(self, age_years: float | None, sex: str | None) -> bool:
        if self.sex and sex in {"female", "male"} and sex != self.sex:
            return False
        if age_years is None:
            return True
        return (self.min_age is None or age_years >= self.min_age) and (
            self.max_age is None or age_years < self.max_age
        )


EVERYBODY = Applies()


class Finding(Content):
    """One thing that can be known about a patient.

    label     the clinician's name for it
    ask       the whole question, by language; with the forms `{Do you}`, `{Are you}`, `{Have you}`, `{your}`, `{you}`
    item      its short form in a grouped question, by language; may use the same forms
    phrases   patterns of lay words that state it with certainty (syntax: `dialogue/understanding/patterns.py`)
    hints     patterns that only suggest it: the patient is asked back
    unlike    patterns that a phrase would match although they mean something else ("food poisoning")
    acute     a danger only while it is new: said with a long time ("for years"), it is asked back
    lasting   true for ever once it was true, however long ago ("scan said aneurysm years ago")
    contact   nearness to another person's illness: "my son has chickenpox" tells it of the patient, not of the son
    request   stated by asking for it: "can I book an appointment for my knee?"
    habitual  its answer tells what happens each time ("nuts make my throat swell"): asked back, if it is a danger
    implies   findings that are true whenever this one is

    In a finding that is a list in free text, such as medicines, phrases name single things, and hints name the whole
    list: denied, they say that there is nothing. "Not on any medicine" does, "not on insulin" leaves it open.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: Kind = Kind.YES_NO
    label: str
    ask: dict[str, str] = {}
    item: dict[str, str] = {}
    phrases: dict[str, tuple[str, ...]] = {}
    hints: dict[str, tuple[str, ...]] = {}
    unlike: dict[str, tuple[str, ...]] = {}
    acute: bool = False
    lasting: bool = False
    contact: bool = False
    request: bool = False
    habitual: bool = False
    implies: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    applies: Applies = Applies()
    icd10: str = ""
