"""The duties that a turn owes, with ids that make it harmless to do one twice. Pure."""

from collections.abc import Iterator, Sequence
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
from policies.on_call import due_after
from policies.retention import destroy_at
from policies.rota import SHORTEST_STEP


def step_duties(
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
                duties.append(Destroy(id=key, conversation=conversation.id, due=_destroy_at(conversation, at, clinic)))
    return conversation, tuple(duties)


def text_duties(conversation: Conversation, clinic: Clinic) -> tuple[Duty, ...]:
    """The duties of texting the last entry to the patient, and of checking that an emergency text was answered.

    A patient with a link to the chat page is texted only the invitation.
    """
    entry, version = conversation.log[-1], conversation.version
    duties: list[Duty] = []
    if entry.replies and (conversation.door == "text" or (conversation.door == "link" and version == 1)):
        key, at = f"{conversation.id}:{version}", entry.event.at
        duties.append(Tell(id=f"{key}:tell", conversation=conversation.id, due=at, version=version))
        if conversation.door == "text" and tells_of_emergency(entry):
            due = at + clinic.silence_seconds
            duties.append(CheckReached(id=f"{key}:reached", conversation=conversation.id, due=due, version=version))
    return tuple(duties)


def merged(before: tuple[Duty, ...], duties: tuple[Duty, ...]) -> tuple[Duty, ...]:
    """The duties of two turns committed together, with one duty for the words of both.

    Two would be carried out at once, and their texts might arrive in the wrong order.
    """
    since = min((duty.version for duty in before if isinstance(duty, Tell)), default=0)
    return (
        *(duty for duty in before if not isinstance(duty, Tell)),
        *(duty.model_copy(update={"since": since}) if isinstance(duty, Tell) else duty for duty in duties),
    )


def page_duties(before: Conversation, now: Conversation, at: float, clinic: Clinic) -> tuple[Duty, ...]:
    """The duties when a way has reached nobody, when somebody acknowledges the page, and when it is resolved.

    Everybody who was paged is told. Whoever acknowledged must act in time.
    """
    if now.page is None or before.page is None:
        return ()
    duties: list[Duty] = list(_next_ways(before.page, now)) if now.paging is Paging.OPEN else []
    if before.paging is Paging.OPEN and now.paging is Paging.ACKNOWLEDGED and now.page.resolved_at is None:
        duties += _tell_paged(now, "acknowledged", at)
        if now.state is State.URGENT and now.page.reviewing_at is None and clinic.act_seconds:
            key, due = f"{now.id}:{now.version}:acted", at + clinic.act_seconds
            duties.append(CheckActed(id=key, conversation=now.id, due=due, acknowledged_at=at))
    if before.page.resolved_at is None and now.page.resolved_at is not None:
        duties += _tell_paged(now, "resolved", at)
    return tuple(duties)


def _next_ways(before: Page, now: Conversation) -> Iterator[Duty]:
    page = now.page
    for sender in page.missed_by if page else ():
        if page and sender not in before.missed_by:
            key, attempt, at = f"{now.id}:{now.version}:next:{sender}", page.attempts - 1, now.log[-1].event.at
            yield NextWay(id=key, conversation=now.id, due=at, attempt=attempt, sender=sender)


def _tell_paged(now: Conversation, news: Literal["acknowledged", "resolved"], at: float) -> Iterator[Duty]:
    """One duty for each sender, so that a failing one is retried without telling the others twice."""
    for sender in now.page.sent_by if now.page else ():
        key = f"{now.id}:{now.version}:{news}:{sender}"
        yield TellPaged(id=key, conversation=now.id, due=at, sender=sender, news=news)


def tells_of_emergency(entry: Entry) -> bool:
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


def _destroy_at(conversation: Conversation, at: float, clinic: Clinic) -> float:
    """When the conversation may be destroyed if nothing more happens."""
    if conversation.withdrawn:
        return at
    closed_at = at if conversation.state is State.CLOSED else None
    return destroy_at(conversation.paging, conversation.review, closed_at, at, clinic.retention)
