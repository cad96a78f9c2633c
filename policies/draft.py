"""The draft that a nurse reads: its schema, and where it came from. Knows nothing about models or retrieval."""

from typing import Literal

from pydantic import Field

from policies.facts import Record
from policies.levels import Level
from policies.passages import Passage

STATEMENT: Literal["Preliminary assessment. Requires nurse review."] = "Preliminary assessment. Requires nurse review."

MESSAGE_CHARACTERS = 700

Likelihood = Literal["possible", "likely", "less likely", "concerning for"]


class Explanation(Record):
    """A possible explanation, for the nurse alone; `supporting` and `contradicting` are statement ids."""

    name: str = Field(max_length=80)
    likelihood: Likelihood
    supporting: tuple[str, ...] = Field(max_length=6)
    contradicting: tuple[str, ...] = Field(default=(), max_length=6)
    passages: tuple[str, ...] = Field(default=(), max_length=4)


class Action(Record):
    """A step suggested to the nurse, with the passages that say so."""

    text: str = Field(max_length=240)
    passages: tuple[str, ...] = Field(default=(), max_length=4)


class Draft(Record):
    """What the assessor proposes. Nothing here reaches a patient unless a named nurse releases it.

    The fields are in the order in which a model writes them: first the level, then the message that says how soon.
    """

    level: Level
    patient_message: str = Field(max_length=MESSAGE_CHARACTERS)
    subjective: str = Field(max_length=1000)
    explanations: tuple[Explanation, ...] = Field(max_length=4)
    concerns: tuple[str, ...] = Field(max_length=5)
    actions: tuple[Action, ...] = Field(max_length=5)
    level_reason: str = Field(max_length=300)
    open_questions: tuple[str, ...] = Field(max_length=5)
    statement: Literal["Preliminary assessment. Requires nurse review."] = STATEMENT


class Objection(Record):
    """One thing the review found wrong; `code` is stable, `detail` names the place, never patient words."""

    code: str
    detail: str


class Assessment(Record):
    """A draft and where it came from. `note` says in plain words why it is not the model's, when it is not.

    `model` is the name of the model that was asked and `prompt` the version of its prompt; empty when none was asked.
    `calls` counts how often the model was asked, `objections` are those to its last draft.
    """

    origin: Literal["model", "rules"]
    draft: Draft
    passages: tuple[Passage, ...] = ()
    model: str = ""
    prompt: str = ""
    note: str = ""
    objections: tuple[Objection, ...] = ()
    calls: int = 0
