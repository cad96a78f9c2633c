"""Sends one round of a page by every sender that the on-call ladder names for it, and to who is on call by the rota.

What was accepted is committed by the worker that asked; whether the page climbs is decided there too. Knows nothing
about storage.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from itertools import dropwhile, islice
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from dialogue.conversation import Conversation, Page
from dialogue.events import PageSent
from dialogue.paging_ports import Follows, Notice, Outcome, Rotas, Sender, SendFailed
from dialogue.ports import Clock
from policies.levels import Level
from policies.on_call import Ladder, due_after, next_step
from policies.rota import Person, Round, round_of

log = logging.getLogger(__name__)


class UnknownSender(ValueError):
    """The on-call ladder names a sender that is not configured: its pages would go nowhere."""


class Delivery(BaseModel):
    """What became of one sender's try, and by which version of the rota. `reason` holds nothing of the page."""

    model_config = ConfigDict(frozen=True)

    sender: str
    accepted: bool
    reason: str = ""
    rota: int = 0


class Sent(NamedTuple):
    """What one look at a round did; `again` is when the next way of somebody is due, None when all were tried."""

    deliveries: list[Delivery]
    again: float | None


Note = Callable[[Delivery], Awaitable[None]]


async def nothing(delivery: Delivery) -> None:
    """Nobody wants to know."""


class Try(NamedTuple):
    """One sender of a round: for whom ("" is the team), and from what time on.

    0 is at once, whatever the time: the round may have begun by another machine's clock, ahead of ours.
    """

    label: str
    sender: Sender
    person: str = ""
    at: float = 0.0


PERSONAL = ("mail", "text", "voice")
"""Senders that reach people one by one: with a rota they reach who is on call."""


class OnCall:
    """The rota behind the ladder. `by_way` makes the sender that reaches one person by one kind of way."""

    def __init__(self, rotas: Rotas, clock: Clock, by_way: Mapping[str, Callable[[Person, str], Sender]]) -> None:
        self._rotas = rotas
        self._clock = clock
        self._by_way = by_way

    async def round(self, page: Page, attempt: int) -> tuple[int, Round] | None:
        """By the version that the page began with. None without a rota, or where it cannot be read: then all ring."""
        try:
            kept = await (self._rotas.version(page.rota) if page.rota else self._rotas.current())
        except Exception as error:
            log.error("the on-call rota cannot be read: %s", type(error).__name__)
            return None
        return (kept.version, round_of(kept.rota, attempt - page.first, self._clock.now())) if kept else None

    async def sender(self, page: Page, label: str) -> Sender | None:
        """The one of this label, if the person and their way are still on the rota."""
        kept = await (self._rotas.version(page.rota) if page.rota else self._rotas.current())
        every = self.tries(kept.rota.people, 0.0) if kept else ()
        return next((one.sender for one in every if one.label == label), None)

    def tries(self, people: Iterable[Person], began: float) -> Iterator[Try]:
        """Every way to each of them that this clinic has set up, in order, of a round that began then."""
        for person in people:
            for way in sorted(person.ways, key=lambda one: one.after_seconds):
                if make := self._by_way.get(way.kind):
                    label, sender = f"{way.kind}: {person.name}", make(person, way.address)
                    at = began + way.after_seconds if way.after_seconds else 0.0
                    yield Try(label, sender, person.name, at)

    def now(self) -> float:
        return self._clock.now()


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
        """What is due of round `attempt` (from 0). Senders run side by side: one that fails or hangs holds up no other.

        `note` is told of each delivery when it is made, not when the slowest is. A person of whom no way got through so
        far is tried by the next one at once.
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
        """The person whom the way of this label has not reached is tried by the one after it; what is due anyway and
        what was tried is left alone, so that a second time does nothing.
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
        """Tell those who were paged by the sender of this label what became of it. Raises SendFailed."""
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
        """By which version of the rota, whom by which ways, and what they are told."""
        version, every, siren = await self._ways(page, attempt)
        notice = notice_of(conversation, page, attempt, self._link(conversation.id))
        return version, every, notice.model_copy(update={"siren": siren})

    async def _ways(self, page: Page, attempt: int) -> tuple[int, list[Try], bool]:
        """The team's ways always, people on call by theirs; all at once where nobody is, and the second time round.

        Then consoles ring without a pause, too: the last of the three says so.
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
                await sender.send(notice)
        except SendFailed as error:
            return Delivery(sender=label, accepted=False, reason=str(error))
        except TimeoutError:
            return Delivery(sender=label, accepted=False, reason=f"{label}: no answer in {self._deadline:g} s")
        except Exception as error:  # a fault in one sender must not cost the round of the others
            return Delivery(sender=label, accepted=False, reason=f"{label}: {type(error).__name__}")
        return Delivery(sender=label, accepted=True, rota=version)


def sent_in(conversation: Conversation, attempt: int) -> set[str]:
    """Who took this round already."""
    sent = (entry.event for entry in conversation.log if isinstance(entry.event, PageSent))
    return {event.sender for event in sent if event.attempt == attempt}


def instead(left: Iterable[Try], reached: set[str]) -> list[Try]:
    """The next way of each person whom nothing has reached."""
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
    """By whom and how: names of staff and codes, no word of the patient's."""
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
