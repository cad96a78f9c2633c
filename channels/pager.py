"""Sends one round of a page: by every sender that the on-call ladder names for it, and to whoever is on call.

The worker that asks for a round stores what was accepted, and decides whether the page climbs. Knows nothing about
storage.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from itertools import dropwhile, islice
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from channels.on_call import OnCall, Try
from dialogue.conversation import Conversation, Page
from dialogue.events import PageSent
from dialogue.paging_ports import Follows, Notice, Outcome, Sender, SendFailed
from policies.levels import Level
from policies.on_call import Ladder, due_after, next_step


class UnknownSender(ValueError):
    """The on-call ladder names a sender that is not configured: its pages would go nowhere."""


class Delivery(BaseModel):
    """The outcome of one sender's try. `rota` is the version of the rota it was chosen by; `reason` says why it failed
    and holds nothing of the page."""

    model_config = ConfigDict(frozen=True)

    sender: str
    accepted: bool
    reason: str = ""
    rota: int = 0


class Sent(NamedTuple):
    """What one pass over a round did. `again` is when the next way is due (epoch seconds), None when all were tried."""

    deliveries: list[Delivery]
    again: float | None


Note = Callable[[Delivery], Awaitable[None]]


async def nothing(delivery: Delivery) -> None:
    """A `Note` that does nothing."""


PERSONAL = ("mail", "text", "voice")
"""Senders that reach people one by one; where there is a rota, only the people on call."""


class Pager:
    """`link` makes the address of a conversation's case in the console. `deadline_seconds` is for each sender."""

    def __init__(
        self,
        ladder: Ladder,
        senders: Iterable[Sender],
        link: Callable[[str], str],
        deadline_seconds: float = 5.0,
        on_call: OnCall | None = None,
    ) -> None:
        self._ladder = ladder
        self._senders = {sender.name: sender for sender in senders}
        self._link = link
        self._deadline = deadline_seconds
        self._on_call = on_call
        named = {name for step in ladder.steps for name in step.senders} | set(ladder.last_resort)
        if missing := sorted(named - self._senders.keys()):
            raise UnknownSender(f"not configured: {', '.join(missing)}; there is: {', '.join(self._senders)}")

    async def send(self, conversation: Conversation, attempt: int, note: Note = nothing) -> Sent:
        """Sends what is due of round `attempt` (from 0). Senders run side by side: one that fails or hangs delays no
        other.

        `note` is called for each delivery as soon as it is made. Where no way has got through to a person, their next
        one is tried at once.
        """
        page = conversation.page
        if page is None:
            return Sent([], None)
        version, every, notice = await self._round(conversation, page, attempt)
        done, now = sent_in(conversation, attempt), self._now(page)
        due = [one for one in every if one.at <= now and one.label not in done and (one.person or not done)]
        left = [one for one in every if one.at > now and one.label not in done]
        deliveries: list[Delivery] = []
        while due:
            deliveries += await asyncio.gather(*(self._noted(one, notice, version, note) for one in due))
            got = done | {delivery.sender for delivery in deliveries if delivery.accepted}
            due = instead(left, reached={one.person for one in every if one.label in got})
            left = [one for one in left if one not in due]
        return Sent(deliveries, min((one.at for one in left), default=None))

    async def next_way(self, conversation: Conversation, attempt: int, missed: str, note: Note = nothing) -> None:
        """The way labelled `missed` has not reached its person: tries their next one now.

        Does nothing where that one is due anyway or was tried already, so that it may be called twice.
        """
        page = conversation.page
        if page is None:
            return
        version, every, notice = await self._round(conversation, page, attempt)
        person = next((one.person for one in every if one.label == missed), "")
        theirs = [one for one in every if person and one.person == person]
        after = dropwhile(lambda one: one.label != missed, theirs)
        done, now = sent_in(conversation, attempt), self._now(page)
        for one in islice(after, 1, None):
            if one.label in done or one.at <= now or (await self._noted(one, notice, version, note)).accepted:
                return

    async def until(self, page: Page, attempt: int) -> float:
        """When round `attempt` counts as unanswered, in seconds since the epoch."""
        found = await self._on_call.round(page, attempt) if self._on_call else None
        return page.round_at + (found[1].after_seconds if found else due_after(self._ladder, attempt - page.first))

    async def tell(self, conversation: Conversation, label: str, news: Literal["acknowledged", "resolved"]) -> None:
        """Tells the people whom the sender with this label has paged what became of the page. Raises SendFailed."""
        page, sender = conversation.page, self._senders.get(label)
        if page is None:
            return
        if sender is None and self._on_call:
            sender = await self._on_call.sender(page, label)
        if isinstance(sender, Follows):
            async with asyncio.timeout(self._deadline):
                await sender.tell(outcome_of(conversation, page, news, self._link(conversation.id)))

    def _now(self, page: Page) -> float:
        return self._on_call.now() if self._on_call else page.round_at

    async def _round(self, conversation: Conversation, page: Page, attempt: int) -> tuple[int, list[Try], Notice]:
        """The version of the rota, everybody's tries, and the notice they are sent."""
        version, every, siren = await self._ways(page, attempt)
        if page.first:
            had = sent_since(conversation, page.first)
            every = [one._replace(anew=one.label not in had) for one in every]
        notice = notice_of(conversation, page, attempt, self._link(conversation.id))
        return version, every, notice.model_copy(update={"siren": siren})

    async def _ways(self, page: Page, attempt: int) -> tuple[int, list[Try], bool]:
        """The version of the rota, the tries of the round, and whether consoles should ring without a pause.

        The team's senders are always used, and the ways of the people on call. Where nobody is on call, and from the
        second time round the ladder on, everything is used at once and consoles ring without a pause.
        """
        turn = attempt - page.first
        names = next_step(self._ladder, turn).senders
        everybody = [Try(name, self._senders[name]) for name in names]
        found = await self._on_call.round(page, attempt) if self._on_call else None
        if found is None or self._on_call is None:
            return 0, everybody, turn >= len(self._ladder.steps)
        version, who = found
        reached = list(self._on_call.tries(who.people, page.round_at))
        if who.again or not reached:
            return version, [*(one._replace(at=0.0) for one in reached), *everybody], True
        return version, [*reached, *(one for one in everybody if one.label not in PERSONAL)], False

    async def _noted(self, one: Try, notice: Notice, version: int, note: Note) -> Delivery:
        delivery = await self._try(one, notice, version)
        await note(delivery)
        return delivery

    async def _try(self, one: Try, notice: Notice, version: int) -> Delivery:
        label, sender = one.label, one.sender
        try:
            async with asyncio.timeout(self._deadline):
                await sender.send(notice.model_copy(update={"anew": one.anew}))
        except SendFailed as error:
            return Delivery(sender=label, accepted=False, reason=str(error))
        except TimeoutError:
            return Delivery(sender=label, accepted=False, reason=f"{label}: no answer in {self._deadline:g} s")
        except Exception as error:  # a fault in one sender must not stop the others
            return Delivery(sender=label, accepted=False, reason=f"{label}: {type(error).__name__}")
        return Delivery(sender=label, accepted=True, rota=version)


def sent_in(conversation: Conversation, attempt: int) -> set[str]:
    """The labels of the senders that have accepted this round already."""
    return {event.sender for event in _sent(conversation) if event.attempt == attempt}


def sent_since(conversation: Conversation, attempt: int) -> set[str]:
    """The labels of the senders that have accepted this round or a later one."""
    return {event.sender for event in _sent(conversation) if event.attempt >= attempt}


def _sent(conversation: Conversation) -> Iterator[PageSent]:
    return (entry.event for entry in conversation.log if isinstance(entry.event, PageSent))


def instead(left: Iterable[Try], reached: set[str]) -> list[Try]:
    """The next try for each person whom nothing has reached yet."""
    first: dict[str, Try] = {}
    for one in left:
        if one.person not in reached:
            first.setdefault(one.person, one)
    return list(first.values())


def notice_of(conversation: Conversation, page: Page, attempt: int, link: str) -> Notice:
    """The page as it leaves the clinic: the case's code, its level and a link; no word of the patient's."""
    return Notice(
        page=page.id,
        key=f"{page.id}:{attempt}",
        code=conversation.code,
        level=conversation.level or Level.EMERGENCY,
        attempt=attempt,
        link=link,
        conversation=conversation.id,
    )


def outcome_of(conversation: Conversation, page: Page, news: Literal["acknowledged", "resolved"], link: str) -> Outcome:
    """What became of the page: names of staff and codes, no word of the patient's."""
    over = news == "resolved"
    return Outcome(
        page=page.id,
        key=f"{page.id}:{page.first}:{news}",
        code=conversation.code,
        news=news,
        by=page.resolved_by if over else page.acknowledged_by,
        reason=page.resolution if over else "",
        link=link,
    )
