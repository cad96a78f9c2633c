"""Sends one round of a page by every sender that the on-call ladder names for it, and to who is on call by the rota.

What was accepted is committed by the worker that asked; whether the page climbs is decided there too. Knows nothing
about storage.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping

from pydantic import BaseModel, ConfigDict

from dialogue.conversation import Conversation, Page
from dialogue.ports import Clock, Notice, Rotas, Sender, SendFailed
from policies.levels import Level
from policies.on_call import Ladder, next_step
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
        return (kept.version, round_of(kept.rota, attempt, self._clock.now())) if kept else None

    def senders(self, people: Iterable[Person]) -> Iterator[tuple[str, Sender]]:
        """Every way to each of them that this clinic has set up, with its label."""
        for person in people:
            for way in person.ways:
                if make := self._by_way.get(way.kind):
                    yield f"{way.kind}: {person.name}", make(person, way.address)


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

    async def send(self, conversation: Conversation, attempt: int) -> list[Delivery]:
        """Round `attempt` (from 0). The senders run side by side: one that fails or hangs holds up no other."""
        if conversation.page is None:
            return []
        notice = notice_of(conversation, conversation.page, attempt, self._link(conversation.id))
        version, senders = await self._round(conversation.page, attempt)
        return await asyncio.gather(*(self._try(label, sender, notice, version) for label, sender in senders))

    async def until(self, page: Page, attempt: int) -> float:
        """When round `attempt` counts as unanswered, in seconds since the epoch."""
        found = await self._on_call.round(page, attempt) if self._on_call else None
        return page.round_at + found[1].after_seconds if found else 0.0

    async def _round(self, page: Page, attempt: int) -> tuple[int, list[tuple[str, Sender]]]:
        """The team's ways always, people on call by theirs; where nobody is, and from the second time round, all."""
        names = next_step(self._ladder, attempt).senders
        everybody = [(name, self._senders[name]) for name in names]
        found = await self._on_call.round(page, attempt) if self._on_call else None
        if found is None or self._on_call is None:
            return 0, everybody
        version, who = found
        reached = list(self._on_call.senders(who.people))
        if reached and attempt < len(self._ladder.steps):
            everybody = [(name, sender) for name, sender in everybody if name not in PERSONAL]
        return version, [*reached, *everybody]

    async def _try(self, label: str, sender: Sender, notice: Notice, version: int) -> Delivery:
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
