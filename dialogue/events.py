"""Everything that can happen to a conversation from outside. Knows nothing about what follows.

Each event carries its time (`at`, seconds since the epoch), so that replaying a log needs no clock.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, with_config

from policies.draft import Assessment
from policies.facts import Record
from policies.levels import Level
from policies.roles import Role


class Happened(Record):
    at: float


Door = Literal["web", "text", "link"]
"""The channel of a conversation: the chat page, text messages, or the chat page after an invitation by text."""


class Started(Happened):
    """A patient opened the chat, or was invited to one. `phone` is their number in E.164, where texts are sent.

    `key` is the id of a message that only opened the conversation: it answers nothing, even if it comes again.
    """

    type: Literal["started"] = "started"
    door: Door = "web"
    phone: str = ""
    key: str = ""


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The patient typed something, or chose from what was offered; `key` is the client's own message id.

    `suspects` are findings that the words may mean by likeness, `chance` how likely it is that they mean any danger;
    both are stored so that replay needs no encoder.
    """

    at: float
    type: Literal["said"] = "said"
    key: str
    text: str = ""
    choices: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()
    chance: float = 0.8


class Withdrew(Happened):
    """The patient asked for everything to be deleted."""

    type: Literal["withdrew"] = "withdrew"


class FellSilent(Happened):
    """Nothing was heard from the patient for the configured time."""

    type: Literal["fell_silent"] = "fell_silent"


class Unreachable(Happened):
    """A patient by text may not have been reached: they sent STOP, a text was not delivered, or nothing came back after
    an emergency text. `about` is the version whose text it was, 0 if it was none.
    """

    type: Literal["unreachable"] = "unreachable"
    reason: Literal["stopped", "undelivered", "silent"]
    about: int = 0


class Recovered(Happened):
    """The store had lost this conversation while its page was open. Only the page and its last round are known."""

    type: Literal["recovered"] = "recovered"
    page: str
    raised_at: float
    attempt: int


class PageSent(Happened):
    """A sender accepted the page. `attempt` counts rounds of the ladder; `rota` is the version that it went by."""

    type: Literal["page_sent"] = "page_sent"
    sender: str
    attempt: int
    rota: int = 0


class PageDelivered(Happened):
    """There is proof that a person was reached: their browser shows the page, they answered the call, or a text
    is on their telephone.
    """

    type: Literal["page_delivered"] = "page_delivered"
    sender: str


class PageMissed(Happened):
    """A way that had accepted the page has reached nobody: a mailbox, a fax or nobody answered the call, or the carrier
    could not deliver the text.
    """

    type: Literal["page_missed"] = "page_missed"
    sender: str


class PageUnanswered(Happened):
    """Nobody acknowledged in time; `attempt` is the round that went unanswered."""

    type: Literal["page_unanswered"] = "page_unanswered"
    attempt: int


class PageIdle(Happened):
    """The person who acknowledged the page at `acknowledged_at` has done nothing about the case since."""

    type: Literal["page_idle"] = "page_idle"
    acknowledged_at: float


class Assessed(Happened):
    """The assessor answered, with the model's draft or with the rules' own."""

    type: Literal["assessed"] = "assessed"
    assessment: Assessment


class BookingMade(Happened):
    """The clinic's system has accepted the request for an appointment; `reference` is that system's, or empty."""

    type: Literal["booking_made"] = "booking_made"
    reference: str = ""


class HandedOff(Happened):
    """The clinic's own records have the closed case."""

    type: Literal["handed_off"] = "handed_off"


class NotHandedOff(Happened):
    """The clinic's own records do not take the case; `reason` holds codes only. It will be tried again."""

    type: Literal["not_handed_off"] = "not_handed_off"
    reason: str


class StaffAct(Happened):
    """Something that a named member of staff did.

    `role` is theirs as they acted, None where nobody knew. `token` is that of the lease under which they acted (0:
    none), `spent` how many seconds they had looked at the case.
    """

    type: str
    by: str = Field(min_length=1)
    role: Role | None = None
    token: int = 0
    spent: int = 0


class Acknowledged(StaffAct):
    type: Literal["acknowledged"] = "acknowledged"


class Took(StaffAct):
    """Somebody takes the case, or keeps it. `over` is the token of the lease that they take over knowingly."""

    type: Literal["took"] = "took"
    over: int = 0


class LetGo(StaffAct):
    """Somebody gives up the case."""

    type: Literal["let_go"] = "let_go"


class Impression(StaffAct):
    """The level that somebody would give the case before they have seen the rules' level."""

    type: Literal["impression"] = "impression"
    level: Level


class Asked(StaffAct):
    """A nurse asks the patient one more question without joining the chat."""

    type: Literal["asked"] = "asked"
    text: str


class Joined(StaffAct):
    """A nurse takes over the conversation; the bot falls silent."""

    type: Literal["joined"] = "joined"


class Wrote(StaffAct):
    """A nurse writes to the patient."""

    type: Literal["wrote"] = "wrote"
    text: str


class Departed(StaffAct):
    """A nurse leaves the chat; the case goes back to the queue."""

    type: Literal["departed"] = "departed"


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
    """A nurse sets the level, up or down, and says why. An emergency is not lowered by one person alone."""

    type: Literal["relevelled"] = "relevelled"
    level: Level
    reason: str


class Proposed(StaffAct):
    """A nurse proposes to lower an emergency, and says why; it stays one until a second person agrees."""

    type: Literal["proposed"] = "proposed"
    level: Level
    reason: str


class Seconded(StaffAct):
    """A second person agrees with the proposal, and the level is lowered."""

    type: Literal["seconded"] = "seconded"


class HandedOver(StaffAct):
    """The case is handed to a doctor; nobody has it until one takes it."""

    type: Literal["handed_over"] = "handed_over"
    note: str = ""


class Booked(StaffAct):
    """A nurse asks the clinic's own system for an appointment."""

    type: Literal["booked"] = "booked"
    frame: Literal["now", "same_day", "week", "routine"]


class Closed(StaffAct):
    """A nurse closes the case with an outcome. `judged` says whether the rules' level was right."""

    type: Literal["closed"] = "closed"
    outcome: str
    judged: Literal["", "right", "too_high", "too_low"] = ""


CaseAct = Acknowledged | Took | LetGo | Impression | HandedOver | Booked | Closed
ChatAct = Asked | Joined | Wrote | Departed | Released | Rejected
LevelAct = Relevelled | Proposed | Seconded
ByStaff = CaseAct | ChatAct | LevelAct
"""All kinds of `StaffAct`."""

FromPatient = Started | Said | Withdrew | FellSilent | Unreachable
OfPage = Recovered | PageSent | PageDelivered | PageMissed | PageUnanswered | PageIdle
FromSystems = Assessed | BookingMade | HandedOff | NotHandedOff
Event = Annotated[FromPatient | OfPage | FromSystems | ByStaff, Field(discriminator="type")]
