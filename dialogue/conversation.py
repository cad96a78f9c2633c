"""The conversation as it is kept: what was said, what is known, where it stands. Knows nothing about I/O.

The log is the truth: every other field is what `advance` made of the log, and `replay` makes it again.
"""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import Field, with_config

from dialogue.events import Door, Event
from policies.draft import Assessment
from policies.facts import Fact, Record
from policies.lease import Lease
from policies.levels import Level
from policies.retention import Paging as Paging
from policies.retention import Review as Review


class State(StrEnum):
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


class QuestionKind(StrEnum):
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
        """Whether it asks for several things at once that want an answer each; its choices answer the first."""
        return self.kind is QuestionKind.CHOICE and len(self.findings) > 1


class Speaker(StrEnum):
    BOT = "bot"
    NURSE = "nurse"


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class Message:
    """Something the patient reads. `reviewer` names the person who released or wrote it; only a nurse's has one.

    `offered` are the signs that a group question names: without them nobody could later read what "none" denied.
    """

    speaker: Speaker
    text: str
    kind: str = "text"
    reviewer: str = ""
    offered: tuple[str, ...] = ()


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class Entry:
    """One event and what was said back; the conversation's version is the number of its entries.

    `chose` is what the chosen answers were called on the patient's screen; empty when nothing was chosen.
    """

    event: Event
    replies: tuple[Message, ...]
    chose: str = ""


class Page(Record):
    """The page of an urgent conversation: queued, sent, delivered, acknowledged, under review, resolved.

    Times are seconds since the epoch. It was queued when it was raised; `opened_at` is when it was last raised anew,
    with round `first`. Delivered means that there is proof of it: a browser shows it, a call was answered, a
    telephone has the text. `missed_by` has taken its latest round, and is known to have reached nobody.
    `round_at` is when its latest round began; `rota` the version of the on-call rota that it keeps to, 0 without one.
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
    """Where the conversation stood before an answer, so that the patient can go back to it."""

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
    """An appointment that was asked for in the clinic's own system; `made_at` is when that took it."""

    by: str
    frame: str
    at: float
    made_at: float | None = None
    reference: str = ""


class Arrival(Record):
    """When a case came to staff, with the level and the open protocols that it had then."""

    at: float
    level: Level | None
    protocols: tuple[str, ...]


class Conversation(Record):
    """One patient's conversation. Immutable; `advance` returns the next one."""

    id: str
    code: str
    language: str
    ruleset: str
    created_at: float
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
    schema_version: int = Field(default=1, ge=1, le=1)

    @property
    def version(self) -> int:
        """How many events have happened; the store's compare-and-set is on this."""
        return len(self.log)

    @property
    def voice(self) -> str:
        """The catalogue that speaks here: texts have words of their own where nothing can be tapped."""
        return f"{self.language}.text" if self.door == "text" else self.language

    @property
    def updated_at(self) -> float:
        return self.log[-1].event.at if self.log else self.created_at
