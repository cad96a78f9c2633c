"""What a nurse can do to a case, and how a form becomes the event of it. Knows nothing about pages or storage."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from channels.console.forms import Form, clean
from channels.console.words import OUTCOMES
from dialogue import events as e
from dialogue.conversation import Conversation, Paging, Review, State
from dialogue.machine import TABLE, Signal
from policies.levels import Level

MAX_MESSAGE = 2000
MAX_REASON = 1000
MIN_LOWERING = 10
"""Characters of the reason for lowering an emergency: more than a shrug."""


class Wrong(Exception):
    """A form cannot be carried out as it is; `problems` says by field what to do."""

    def __init__(self, **problems: str) -> None:
        super().__init__(", ".join(problems))
        self.problems: Mapping[str, str] = problems


class Act(NamedTuple):
    """Who does it, and when."""

    by: str
    at: float


Reader = Callable[[Form, Conversation, Act], e.Event]


def acknowledge(form: Form, conversation: Conversation, act: Act) -> e.Acknowledged:
    return e.Acknowledged(at=act.at, by=act.by)


def join(form: Form, conversation: Conversation, act: Act) -> e.Joined:
    return e.Joined(at=act.at, by=act.by)


def write(form: Form, conversation: Conversation, act: Act) -> e.Wrote:
    return e.Wrote(at=act.at, by=act.by, text=_message(form))


def release(form: Form, conversation: Conversation, act: Act) -> e.Released:
    text = _message(form)
    return e.Released(at=act.at, by=act.by, text=text, edited=text != drafted(conversation))


def reject(form: Form, conversation: Conversation, act: Act) -> e.Rejected:
    return e.Rejected(at=act.at, by=act.by, reason=_reason(form, "Say why you reject the draft."))


def relevel(form: Form, conversation: Conversation, act: Act) -> e.Relevelled:
    name = form.get("level", "")
    if name not in Level.__members__:
        raise Wrong(level="Choose a level.")
    level = Level[name]
    if level is conversation.level:
        raise Wrong(level="The case has this level already. Choose another one.")
    reason = _reason(form, "Say why you set another level.")
    if conversation.level is Level.EMERGENCY and len(reason) < MIN_LOWERING:
        raise Wrong(reason=f"Lowering an emergency needs a reason of at least {MIN_LOWERING} characters.")
    return e.Relevelled(at=act.at, by=act.by, level=level, reason=reason)


def close(form: Form, conversation: Conversation, act: Act) -> e.Closed:
    outcome = form.get("outcome", "")
    if outcome not in {each.value for each in OUTCOMES}:
        raise Wrong(outcome="Choose how the case ended.")
    note = _short(form, "note", MAX_REASON)
    return e.Closed(at=act.at, by=act.by, outcome=f"{outcome}: {note}" if note else outcome)


READERS: Mapping[str, Reader] = {
    "acknowledge": acknowledge,
    "join": join,
    "write": write,
    "release": release,
    "reject": reject,
    "relevel": relevel,
    "close": close,
}

SIGNALS = {
    "acknowledge": Signal.ACKNOWLEDGED,
    "join": Signal.JOINED,
    "write": Signal.WROTE,
    "release": Signal.RELEASED,
    "reject": Signal.REJECTED,
    "relevel": Signal.RELEVELLED,
    "close": Signal.CLOSED,
}


def offered(conversation: Conversation, by: str) -> frozenset[str]:
    """What the case page offers: what the machine allows in this state and what has a point now."""
    allowed = {name for name, signal in SIGNALS.items() if TABLE[conversation.state, signal].allowed}
    pointless = {
        "acknowledge": conversation.paging is not Paging.OPEN,
        "join": conversation.state is State.WITH_NURSE and in_charge(conversation) == by,
        "release": conversation.review is not Review.OPEN,
        "reject": conversation.review is not Review.OPEN or rejected_or_missing(conversation),
    }
    return frozenset(name for name in allowed if not pointless.get(name, False))


def in_charge(conversation: Conversation) -> str:
    """The nurse who talks with the patient: whoever joined, wrote or released last; nobody before that."""
    if conversation.state is not State.WITH_NURSE:
        return ""
    talks = (e.Joined, e.Wrote, e.Released)
    return next((x.event.by for x in reversed(conversation.log) if isinstance(x.event, talks)), "")


def rejected_or_missing(conversation: Conversation) -> bool:
    """Whether there is no draft, or a nurse has rejected it and no new one has come."""
    news = (x.event for x in reversed(conversation.log) if isinstance(x.event, e.Rejected | e.Assessed))
    return conversation.assessment is None or isinstance(next(news, None), e.Rejected)


def drafted(conversation: Conversation) -> str:
    """The draft's message to the patient as an untouched form sends it back; a rejected draft offers none."""
    if conversation.assessment is None or rejected_or_missing(conversation):
        return ""
    return clean(conversation.assessment.draft.patient_message)


def _message(form: Form) -> str:
    text = _short(form, "text", MAX_MESSAGE)
    if not text:
        raise Wrong(text="Write what the patient shall read.")
    return text


def _reason(form: Form, missing: str) -> str:
    reason = _short(form, "reason", MAX_REASON)
    if not reason:
        raise Wrong(reason=missing)
    return reason


def _short(form: Form, field: str, limit: int) -> str:
    text = form.get(field, "")
    if len(text) > limit:
        raise Wrong(**{field: f"This has {len(text)} characters; shorten it to {limit}."})
    return text
