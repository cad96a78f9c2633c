"""The duties that a turn owes, with ids that make it harmless to do one twice. Pure."""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Literal

from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Entry, Page, Paging, State
from dialogue.duties import (
    Assess,
    Book,
    CheckActed,
    CheckPage,
    CheckReached,
    CheckSilence,
    Destroy,
    Duty,
    HandOff,
    NextWay,
    SendPage,
    Tell,
    TellPaged,
)
from dialogue.machine import Todo
from policies.lease import ended
from policies.on_call import due_after
from policies.retention import destroy_at
from policies.rota import SHORTEST_STEP


def raised(conversation: Conversation, at: float, rules: Sequence[str]) -> Conversation:
    """The conversation with its page open and unacknowledged, with these rules.

    A page that somebody had acknowledged starts at the first step of the ladder again, by the current rota. Whoever had
    the case has it no more: it is theirs who answers the page, as with an incident of PagerDuty's that starts again.
    """
    page = conversation.page or Page(id=_page_id(conversation), raised_at=at, rules=())
    changes: dict[str, object] = {
        "rules": tuple(dict.fromkeys((*page.rules, *rules))),
        "acknowledged_at": None,
        "acknowledged_by": "",
    }
    if page.opened_at is None or page.acknowledged_at is not None:
        changes |= {"opened_at": at, "first": page.attempts, "rota": 0, "reviewing_at": None, "warned_at": None}
        changes |= {"resolved_at": None, "resolved_by": "", "resolution": ""}
    lease = ended(conversation.lease, at)
    return conversation.model_copy(update={"page": page.model_copy(update=changes), "lease": lease})


def _page_id(conversation: Conversation) -> str:
    """An id that no other page has. Case codes alone are short, and two cases may share one."""
    mark = blake2b(conversation.id.encode(), digest_size=8, person=b"page").hexdigest()
    return f"{conversation.code}-{conversation.version}-{mark}"


def owed(
    conversation: Conversation, todo: Sequence[Todo], at: float, clinic: Clinic
) -> tuple[Conversation, tuple[Duty, ...]]:
    """The duties of this turn, and the conversation with its page's rounds counted: sending a page begins a round."""
    duties: list[Duty] = []
    for item in dict.fromkeys(todo):
        key = f"{conversation.id}:{conversation.version}:{item.value}"
        match item:
            case Todo.PAGE:
                conversation, round_of_page = _page_round(conversation, key, at, clinic)
                duties += round_of_page
            case Todo.ASSESS:
                duties.append(Assess(id=key, conversation=conversation.id, due=at))
            case Todo.WATCH:
                due = at + clinic.silence_seconds
                duties.append(CheckSilence(id=key, conversation=conversation.id, due=due))
            case Todo.BOOK:
                duties.append(Book(id=key, conversation=conversation.id, due=at))
            case Todo.HAND_OFF:
                duties.append(HandOff(id=key, conversation=conversation.id, due=at))
            case Todo.DESTROY:
                duties.append(Destroy(id=key, conversation=conversation.id, due=_end(conversation, at, clinic)))
    return conversation, tuple(duties)


def told(conversation: Conversation, clinic: Clinic) -> tuple[Duty, ...]:
    """The duties of texting the last entry to the patient, and of checking that an emergency text was answered.

    A patient with a link to the chat page is texted only the invitation.
    """
    entry, version = conversation.log[-1], conversation.version
    owing: list[Duty] = []
    if entry.replies and (conversation.door == "text" or (conversation.door == "link" and version == 1)):
        key, at = f"{conversation.id}:{version}", entry.event.at
        owing.append(Tell(id=f"{key}:tell", conversation=conversation.id, due=at, version=version))
        if conversation.door == "text" and alarms(entry):
            due = at + clinic.silence_seconds
            owing.append(CheckReached(id=f"{key}:reached", conversation=conversation.id, due=due, version=version))
    return tuple(owing)


def told_with(before: tuple[Duty, ...], duties: tuple[Duty, ...]) -> tuple[Duty, ...]:
    """The duties of two turns committed together, with one duty for the words of both.

    Two would be carried out at once, and their texts might arrive in the wrong order.
    """
    since = min((duty.version for duty in before if isinstance(duty, Tell)), default=0)
    return (
        *(duty for duty in before if not isinstance(duty, Tell)),
        *(duty.model_copy(update={"since": since}) if isinstance(duty, Tell) else duty for duty in duties),
    )


def paged(before: Conversation, now: Conversation, at: float, clinic: Clinic) -> tuple[Duty, ...]:
    """The duties when a way has reached nobody, when somebody acknowledges the page, and when it is resolved.

    Everybody who was paged is told. Whoever acknowledged must act in time.
    """
    if now.page is None or before.page is None:
        return ()
    owing: list[Duty] = list(_next_ways(before.page, now)) if now.paging is Paging.OPEN else []
    if before.paging is Paging.OPEN and now.paging is Paging.ACKNOWLEDGED and now.page.resolved_at is None:
        owing += _told(now, "acknowledged", at)
        if now.state is State.URGENT and now.page.reviewing_at is None and clinic.act_seconds:
            key, due = f"{now.id}:{now.version}:acted", at + clinic.act_seconds
            owing.append(CheckActed(id=key, conversation=now.id, due=due, acknowledged_at=at))
    if before.page.resolved_at is None and now.page.resolved_at is not None:
        owing += _told(now, "resolved", at)
    return tuple(owing)


def _next_ways(before: Page, now: Conversation) -> Iterator[Duty]:
    page = now.page
    for sender in page.missed_by if page else ():
        if page and sender not in before.missed_by:
            key, attempt, at = f"{now.id}:{now.version}:next:{sender}", page.attempts - 1, now.log[-1].event.at
            yield NextWay(id=key, conversation=now.id, due=at, attempt=attempt, sender=sender)


def _told(now: Conversation, news: Literal["acknowledged", "resolved"], at: float) -> Iterator[Duty]:
    """One duty for each sender, so that a failing one is retried without telling the others twice."""
    for sender in now.page.sent_by if now.page else ():
        key = f"{now.id}:{now.version}:{news}:{sender}"
        yield TellPaged(id=key, conversation=now.id, due=at, sender=sender, news=news)


def alarms(entry: Entry) -> bool:
    """Whether this entry told the patient that it is an emergency."""
    return any(reply.kind == "emergency" for reply in entry.replies)


def _page_round(conversation: Conversation, key: str, at: float, clinic: Clinic) -> tuple[Conversation, list[Duty]]:
    """Sends the round now, and checks later whether it was acknowledged: as early as any rota may require."""
    page = conversation.page
    if page is None:
        raise ValueError("a page is sent only when one was raised")
    attempt = page.attempts
    look = at + min(due_after(clinic.ladder, attempt), SHORTEST_STEP)
    duties: list[Duty] = [
        SendPage(id=key, conversation=conversation.id, due=at, attempt=attempt),
        CheckPage(id=f"{key}:check", conversation=conversation.id, due=look, attempt=attempt),
    ]
    counted = page.model_copy(update={"attempts": attempt + 1, "round_at": at})
    return conversation.model_copy(update={"page": counted}), duties


def _end(conversation: Conversation, at: float, clinic: Clinic) -> float:
    """When the conversation may be destroyed if nothing more happens."""
    if conversation.withdrawn:
        return at
    closed_at = at if conversation.state.value == "closed" else None
    return destroy_at(conversation.paging, conversation.review, closed_at, at, clinic.retention)
