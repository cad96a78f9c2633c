"""Everything that can happen to a conversation, from outside it. Knows nothing about what follows.

Each event carries its time (`at`, seconds since the epoch), so that replaying a log needs no clock.
"""

from typing import Annotated, Literal

from pydantic import Field

from policies.draft import Assessment
from policies.facts import Record
from policies.levels import Level


class Happened(Record):
    at: float


class Started(Happened):
    """A patient opened the chat."""

    type: Literal["started"] = "started"


class Said(Happened):
    """The patient typed something, or chose from what was offered; `key` is the client's own message id.

    `suspects` are findings that the words may mean by their likeness to others, kept so that replay needs no encoder.
    """

    type: Literal["said"] = "said"
    key: str
    text: str = ""
    choices: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()


class Withdrew(Happened):
    """The patient asked for everything to be deleted."""

    type: Literal["withdrew"] = "withdrew"


class FellSilent(Happened):
    """Nothing was heard from the patient for the configured time."""

    type: Literal["fell_silent"] = "fell_silent"


class PageSent(Happened):
    """A sender accepted the page. `attempt` counts rounds of the on-call ladder."""

    type: Literal["page_sent"] = "page_sent"
    sender: str
    attempt: int


class PageUnanswered(Happened):
    """Nobody acknowledged in time; `attempt` is the round that went unanswered."""

    type: Literal["page_unanswered"] = "page_unanswered"
    attempt: int


class Assessed(Happened):
    """The assessor answered, with the model's draft or with the rules' own."""

    type: Literal["assessed"] = "assessed"
    assessment: Assessment


class StaffAct(Happened):
    """Something that a named member of staff did."""

    type: str
    by: str = Field(min_length=1)


class Acknowledged(StaffAct):
    type: Literal["acknowledged"] = "acknowledged"


class Joined(StaffAct):
    """A nurse takes over the conversation; the bot falls silent."""

    type: Literal["joined"] = "joined"


class Wrote(StaffAct):
    """A nurse writes to the patient."""

    type: Literal["wrote"] = "wrote"
    text: str


class Released(StaffAct):
    """A nurse releases a message to the patient, edited or as drafted."""

    type: Literal["released"] = "released"
    text: str
    edited: bool


class Rejected(StaffAct):
    """A nurse rejects the draft and says why; the case stays open for review."""

    type: Literal["rejected"] = "rejected"
    reason: str


class Relevelled(StaffAct):
    """A nurse sets the level, up or down, and says why. The only way a level can fall."""

    type: Literal["relevelled"] = "relevelled"
    level: Level
    reason: str


class Closed(StaffAct):
    """A nurse closes the case with an outcome."""

    type: Literal["closed"] = "closed"
    outcome: str


Event = Annotated[
    Started
    | Said
    | Withdrew
    | FellSilent
    | PageSent
    | PageUnanswered
    | Assessed
    | Acknowledged
    | Joined
    | Wrote
    | Released
    | Rejected
    | Relevelled
    | Closed,
    Field(discriminator="type"),
]
