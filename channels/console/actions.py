"""What staff can do to a case, and how each form becomes an event. Knows nothing about pages or storage."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from channels.console.forms import Form, clean
from channels.console.words import FRAMES, JUDGEMENTS, OUTCOMES
from dialogue import events as e
from dialogue.admissibility import may_second
from dialogue.conversation import Conversation, Paging, Review, State
from dialogue.machine import TABLE, Signal
from policies.lease import holder
from policies.levels import Level
from policies.roles import Role

MAX_MESSAGE = 2000
MAX_REASON = 1000
MIN_LOWERING = 10
"""The fewest characters of the reason for lowering an emergency."""
LONGEST_LOOK = 4 * 3600


class Wrong(Exception):
    """A form cannot be carried out as it is; `problems` says for each field what to do."""

    def __init__(self, **problems: str) -> None:
        super().__init__(", ".join(problems))
        self.problems: Mapping[str, str] = problems


class Act(NamedTuple):
    """Who acts, when, under which lease (0: none), how many seconds they had looked at the case, and as what."""

    by: str
    at: float
    token: int = 0
    spent: int = 0
    role: Role | None = None


Reader = Callable[[Form, Conversation, Act], e.ByStaff]


def acknowledge(form: Form, conversation: Conversation, act: Act) -> e.Acknowledged:
    return e.Acknowledged(**act._asdict())


def take(form: Form, conversation: Conversation, act: Act) -> e.Took:
    """Taking a case. `over` is the token of the current owner, which the page that offers to take over sends along."""
    return e.Took(**act._asdict(), over=number(form, "over"))


def let_go(form: Form, conversation: Conversation, act: Act) -> e.LetGo:
    return e.LetGo(**act._asdict())


def guess(form: Form, conversation: Conversation, act: Act) -> e.Impression:
    return e.Impression(**act._asdict(), level=_level(form))


def join(form: Form, conversation: Conversation, act: Act) -> e.Joined:
    return e.Joined(**act._asdict())


def leave(form: Form, conversation: Conversation, act: Act) -> e.Departed:
    return e.Departed(**act._asdict())


def write(form: Form, conversation: Conversation, act: Act) -> e.Wrote:
    return e.Wrote(**act._asdict(), text=_message(form))


def ask(form: Form, conversation: Conversation, act: Act) -> e.Asked:
    return e.Asked(**act._asdict(), text=_message(form))


def release(form: Form, conversation: Conversation, act: Act) -> e.Released:
    text = _message(form)
    return e.Released(**act._asdict(), text=text, edited=text != drafted(conversation))


def reject(form: Form, conversation: Conversation, act: Act) -> e.Rejected:
    return e.Rejected(**act._asdict(), reason=_reason(form, "Say why you reject the draft."))


def relevel(form: Form, conversation: Conversation, act: Act) -> e.Relevelled | e.Proposed:
    """Setting the level. One person alone cannot lower an emergency: the form then makes a proposal."""
    level = _level(form)
    if level is conversation.level:
        raise Wrong(level="The case has this level already. Choose another one.")
    reason = _reason(form, "Say why you set another level.")
    if conversation.level is not Level.EMERGENCY:
        return e.Relevelled(**act._asdict(), level=level, reason=reason)
    if len(reason) < MIN_LOWERING:
        raise Wrong(reason=f"Lowering an emergency needs a reason of at least {MIN_LOWERING} characters.")
    return e.Proposed(**act._asdict(), level=level, reason=reason)


def second(form: Form, conversation: Conversation, act: Act) -> e.Seconded:
    return e.Seconded(**act._asdict())


def hand_over(form: Form, conversation: Conversation, act: Act) -> e.HandedOver:
    return e.HandedOver(**act._asdict(), note=_short(form, "note", MAX_REASON))


def book(form: Form, conversation: Conversation, act: Act) -> e.Booked:
    frame = form.get("frame", "")
    if frame not in FRAMES:
        raise Wrong(frame="Choose how soon.")
    return e.Booked.model_validate(act._asdict() | {"frame": frame})


def close(form: Form, conversation: Conversation, act: Act) -> e.Closed:
    outcome, judged = form.get("outcome", ""), form.get("judged", "")
    if outcome not in {each.value for each in OUTCOMES}:
        raise Wrong(outcome="Choose how the case ended.")
    if judged not in {"", *JUDGEMENTS}:
        raise Wrong(judged="Choose one of these, or leave it open.")
    note = _short(form, "note", MAX_REASON)
    text = f"{outcome}: {note}" if note else outcome
    return e.Closed.model_validate(act._asdict() | {"outcome": text, "judged": judged})


class Action(NamedTuple):
    """How an action's form is read, its signal to the state machine, and whether one must have the case for it."""

    read: Reader
    signal: Signal
    needs_case: bool = True


ACTIONS: Mapping[str, Action] = {
    "acknowledge": Action(acknowledge, Signal.ACKNOWLEDGED, needs_case=False),
    "take": Action(take, Signal.TOOK, needs_case=False),
    "let_go": Action(let_go, Signal.LET_GO, needs_case=False),
    "guess": Action(guess, Signal.IMPRESSION, needs_case=False),
    "join": Action(join, Signal.JOINED),
    "leave": Action(leave, Signal.DEPARTED),
    "write": Action(write, Signal.WROTE),
    "ask": Action(ask, Signal.ASKED),
    "release": Action(release, Signal.RELEASED),
    "reject": Action(reject, Signal.REJECTED),
    "relevel": Action(relevel, Signal.RELEVELLED, needs_case=False),
    "second": Action(second, Signal.RELEVELLED, needs_case=False),
    "hand_over": Action(hand_over, Signal.HANDED_OVER),
    "book": Action(book, Signal.BOOKED),
    "close": Action(close, Signal.CLOSED),
}


def offered(conversation: Conversation, act: Act) -> frozenset[str]:
    """The actions that the case page offers: allowed in this state, by this person, and useful now."""
    by, has = act.by, holder(conversation.lease, act.at)
    allowed = {name for name, action in ACTIONS.items() if TABLE[conversation.state, action.signal].allowed}
    if has not in ("", by):
        allowed = {name for name in allowed if not ACTIONS[name].needs_case}
    pointless = {
        "acknowledge": conversation.paging is not Paging.OPEN,
        "take": has == by or (has == "" and conversation.paging is Paging.OPEN),
        "let_go": has != by,
        "join": conversation.state is State.WITH_NURSE and in_charge(conversation) == by,
        "release": conversation.review is not Review.OPEN,
        "reject": conversation.review is not Review.OPEN or rejected_or_missing(conversation),
        "second": not may_second(conversation, by, act.at),
        "hand_over": conversation.for_doctor and conversation.state is not State.WITH_NURSE,
    }
    return frozenset(name for name in allowed if not pointless.get(name, False))


def in_charge(conversation: Conversation) -> str:
    """The nurse who talks with the patient: whoever joined, wrote or released last; "" before that."""
    if conversation.state is not State.WITH_NURSE:
        return ""
    talks = (e.Joined, e.Wrote, e.Released)
    return next((x.event.by for x in reversed(conversation.log) if isinstance(x.event, talks)), "")


def rejected_or_missing(conversation: Conversation) -> bool:
    """Whether there is no draft, or a nurse has rejected it and no new one has come."""
    news = (x.event for x in reversed(conversation.log) if isinstance(x.event, e.Rejected | e.Assessed))
    return conversation.assessment is None or isinstance(next(news, None), e.Rejected)


def drafted(conversation: Conversation) -> str:
    """The draft's message to the patient as an unedited form sends it back; "" where the draft was rejected."""
    if conversation.assessment is None or rejected_or_missing(conversation):
        return ""
    return clean(conversation.assessment.draft.patient_message)


def asked_at(conversation: Conversation) -> float | None:
    """Since when a nurse's question has waited for the patient's answer; None if none does."""
    for entry in reversed(conversation.log):
        if isinstance(entry.event, e.Said):
            return None
        if isinstance(entry.event, e.Asked):
            return entry.event.at
    return None


def hides_level(conversation: Conversation, by: str) -> bool:
    """Whether this person must still note a level of their own before they see the rules'. Never in an emergency."""
    if conversation.level is Level.EMERGENCY or conversation.page or conversation.state is State.CLOSED:
        return False
    return not any(isinstance(x.event, e.StaffAct) and x.event.by == by and _judged(x.event) for x in conversation.log)


def _judged(event: e.StaffAct) -> bool:
    return isinstance(event, e.Impression | e.Released | e.Relevelled | e.Rejected)


def number(form: Form, field: str, most: int = 10**9) -> int:
    """A number that our own page has put into the form; 0 for anything else."""
    text = form.get(field, "")
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


def _level(form: Form) -> Level:
    name = form.get("level", "")
    if name not in Level.__members__:
        raise Wrong(level="Choose a level.")
    return Level[name]


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
