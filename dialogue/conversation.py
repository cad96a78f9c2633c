"""The conversation: what was said, what is known, where it stands. Knows nothing about I/O.

The log is the source of truth: `advance` derives every other field from it, and `replay` derives them again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import TypeAdapter, with_config

from dialogue.events import Door, Event
from policies.codes import Code
from policies.draft import Assessment
from policies.facts import Fact, Record
from policies.lease import Lease
from policies.levels import Level
from policies.retention import Paging as Paging
from policies.retention import Review as Review


class State(Code):
    WELCOME = "welcome"
    CONSENT = "consent"
    ABOUT_YOU = "about_you"
    COMPLAINT = "complaint"
    SAFETY_CHECK = "safety_check"
    HISTORY = "history"
    BACKGROUND = "background"
    RECAP = "recap"
    ASSESSING = "assessing"
    NURSE_REVIEW = "nurse_review"
    WITH_NURSE = "with_nurse"
    CLOSED = "closed"
    URGENT = "urgent"
    DECLINED = "declined"
    ABANDONED = "abandoned"


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen; `value` is what the client sends back."""

    value: str
    label: str


class QuestionKind(Code):
    TEXT = "text"
    YES_NO = "yes_no"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    NUMBER = "number"
    DURATION = "duration"
    SCALE = "scale"


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class Question:
    """What is being asked, machine-readable. `findings` are those that its answer decides.

    `id` is `consent`, `complaint`, `safety_check`, `recap`, `delete`, `restart`, `confirm` (an uncertain danger
    asked back) or `history:<findings>`; `prompt` is its wording and `why` the reason in plain words.
    """

    id: str
    kind: QuestionKind
    prompt: str
    findings: tuple[str, ...] = ()
    choices: tuple[Option, ...] = ()
    why: str = ""

    @property
    def asks_together(self) -> bool:
        """Whether it asks for several things that each need an answer; its choices answer the first."""
        return self.kind is QuestionKind.CHOICE and len(self.findings) > 1


class Speaker(Code):
    BOT = "bot"
    NURSE = "nurse"


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class Message:
    """Something the patient reads. `reviewer` names the person who wrote or released it; the bot's messages have none.
    `unnamed` means that the patient is not told who that is, but what they are (`signed`: "A nurse").

    `offered` are the items of a group question: without them nobody could tell later what "none" denied.
    """

    speaker: Speaker
    text: str
    kind: str = "text"
    reviewer: str = ""
    offered: tuple[str, ...] = ()
    unnamed: bool = False
    signed: str = ""


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class Entry:
    """One event and what was said back; the conversation's version is the number of its entries.

    `chose` are the labels of the chosen answers on the patient's screen; empty when nothing was chosen.
    """

    event: Event
    replies: tuple[Message, ...]
    chose: str = ""


class Page(Record):
    """The page of an urgent conversation: raised, sent, delivered, acknowledged, under review, resolved.

    Times are seconds since the epoch. `opened_at` is when it was last raised anew, with round `first`; `round_at` is
    when its latest round began. Delivered means that there is proof: a browser shows it, a call was answered, a
    telephone has the text. `missed_by` are ways that took the latest round and are known to have reached nobody.
    `rota` is the version of the on-call rota that it keeps to, 0 without one.
    """

    id: str
    raised_at: float
    rules: tuple[str, ...]
    attempts: int = 0
    sent_at: float | None = None
    sent_by: tuple[str, ...] = ()
    acknowledged_at: float | None = None
    acknowledged_by: str = ""
    warned_at: float | None = None
    round_at: float = 0.0
    rota: int = 0
    opened_at: float | None = None
    first: int = 0
    delivered_at: float | None = None
    delivered_by: tuple[str, ...] = ()
    missed_by: tuple[str, ...] = ()
    reviewing_at: float | None = None
    resolved_at: float | None = None
    resolved_by: str = ""
    resolution: str = ""


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class Mark:
    """The state before an answer, so that the patient can go back to it."""

    state: State
    facts: int
    asked: int


class Verdict(Record):
    """What a named nurse decided about the case."""

    by: str
    action: str
    at: float
    reason: str = ""
    message: str = ""


class Proposal(Record):
    """The level to which a nurse would lower an emergency, and why; a second person has to agree."""

    by: str
    level: Level
    reason: str
    at: float


class Booking(Record):
    """An appointment requested from the clinic's own system; `made_at` is when that system took the request."""

    by: str
    frame: str
    at: float
    made_at: float | None = None
    reference: str = ""


class Arrival(Record):
    """When a case came to staff, and the level and open protocols that it had then."""

    at: float
    level: Level | None
    protocols: tuple[str, ...]


@with_config(extra="forbid", hide_input_in_errors=True)
@dataclass(frozen=True)
class Conversation:
    """One patient's conversation. Immutable; `advance` returns the next one.

    `first_language` is the one that it began in, if the patient has changed it.

    Not a `Record`: a turn reads it more than a hundred times, and a plain object answers in a sixth of the time.
    """

    id: str
    code: str
    language: str
    ruleset: str
    created_at: float
    first_language: str = ""
    door: Door = "web"
    phone: str = ""
    state: State = State.WELCOME
    resume: State | None = None
    paging: Paging = Paging.NONE
    review: Review = Review.NONE
    facts: tuple[Fact, ...] = ()
    asked: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    question: Question | None = None
    marks: tuple[Mark, ...] = ()
    misses: int = 0
    level: Level | None = None
    fired: tuple[str, ...] = ()
    page: Page | None = None
    partial: str = ""
    withdrawn: bool = False
    assessment: Assessment | None = None
    verdicts: tuple[Verdict, ...] = ()
    arrival: Arrival | None = None
    lease: Lease | None = None
    proposal: Proposal | None = None
    for_doctor: bool = False
    booking: Booking | None = None
    handed_off_at: float | None = None
    not_handed_off: str = ""
    log: tuple[Entry, ...] = ()
    schema_version: Literal[1] = 1

    def model_copy(self, *, update: Mapping[str, Any]) -> "Conversation":
        """The same conversation with these changes, as a `Record` makes it."""
        new = object.__new__(Conversation)
        object.__setattr__(new, "__dict__", {**self.__dict__, **update})
        return new

    @property
    def version(self) -> int:
        """How many events have happened. The store's compare-and-set uses it."""
        return len(self.log)

    @property
    def voice(self) -> str:
        """The name of the catalogue: text messages have some wording of their own, since nothing can be tapped."""
        return f"{self.language}.text" if self.door == "text" else self.language

    @property
    def updated_at(self) -> float:
        return self.log[-1].event.at if self.log else self.created_at


IN_JSON = TypeAdapter(Conversation)
"""Reads and writes a conversation; `storage.writing` writes it faster, over the version before."""
