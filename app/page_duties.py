"""Carries out the duties of a page: sends it, climbs the ladder while nobody answers, sends it again if nothing is
done."""

import asyncio
import logging

from channels.pager import Delivery, Note, Pager, sent_in
from dialogue.conversation import Conversation, Paging
from dialogue.duties import CheckActed, CheckPage, NextWay, SendPage, TellPaged
from dialogue.engine import Engine, NotNow
from dialogue.events import PageDelivered, PageIdle, PageSent, PageUnanswered
from dialogue.ports import Clock

log = logging.getLogger(__name__)

CONSOLE = "console"
NEWS_SECONDS = 3600.0


class NotSent(Exception):
    """No sender accepted this round of a page."""


class PageDuties:
    def __init__(self, engine: Engine, pager: Pager, clock: Clock) -> None:
        self._engine = engine
        self._pager = pager
        self._clock = clock

    async def send(self, conversation: Conversation, duty: SendPage) -> float | None:
        """Sends a round of the page, unless it was acknowledged meanwhile. Returns when the next way is due, if any.

        Raises NotSent, so that it is tried again soon, if no sender accepted it.
        """
        if conversation.paging is not Paging.OPEN or _is_over(conversation, duty.attempt):
            return None
        note = self._noting(conversation, duty.attempt)
        deliveries, again = await self._pager.send(conversation, duty.attempt, note)
        if not sent_in(conversation, duty.attempt) and not any(delivery.accepted for delivery in deliveries):
            raise NotSent(f"page {conversation.code}: no sender accepted round {duty.attempt}")
        return again

    async def next_way(self, conversation: Conversation, duty: NextWay) -> None:
        """A way has reached nobody: uses the person's next way at once."""
        if conversation.paging is Paging.OPEN and not _is_over(conversation, duty.attempt):
            note = self._noting(conversation, duty.attempt)
            await self._pager.next_way(conversation, duty.attempt, duty.sender, note)

    def _noting(self, conversation: Conversation, attempt: int) -> Note:
        one_by_one = asyncio.Lock()

        async def note(delivery: Delivery) -> None:
            async with one_by_one:
                await self._note_sent(conversation, attempt, delivery)

        return note

    async def _note_sent(self, conversation: Conversation, attempt: int, delivery: Delivery) -> None:
        if not delivery.accepted:
            log.warning("page %s round %d: %s", conversation.code, attempt, delivery.reason)
            return
        at = self._clock.now()
        sent = PageSent(at=at, sender=delivery.sender, attempt=attempt, rota=delivery.rota)
        await self._engine.act(conversation.id, sent)
        if delivery.sender == CONSOLE:  # a person's browser has answered
            await self._engine.act(conversation.id, PageDelivered(at=at, sender=CONSOLE))

    async def check(self, conversation: Conversation, duty: CheckPage) -> float | None:
        """Begins the next round if nobody has acknowledged. Returns when to look again if the rota gives more time."""
        page = conversation.page
        if page is None or conversation.paging is not Paging.OPEN or _is_over(conversation, duty.attempt):
            return None
        until = await self._pager.until(page, duty.attempt)
        if until > self._clock.now():
            return until
        try:
            await self._engine.act(conversation.id, PageUnanswered(at=self._clock.now(), attempt=duty.attempt))
        except NotNow:
            log.info("page %s was acknowledged just in time", conversation.code)
        return None

    async def check_acted(self, conversation: Conversation, duty: CheckActed) -> None:
        """Pages again if the page was acknowledged and nothing was done."""
        try:
            idle = PageIdle(at=self._clock.now(), acknowledged_at=duty.acknowledged_at)
            await self._engine.act(conversation.id, idle)
        except NotNow:
            return
        log.warning("page %s was acknowledged, and nothing was done: it goes out anew", conversation.code)

    async def tell(self, conversation: Conversation, duty: TellPaged) -> None:
        """Tells those who were paged. Failures are repeated, but not after an hour, or once the page is open again."""
        page = conversation.page
        if page is None:
            return
        since = page.resolved_at if duty.news == "resolved" else page.acknowledged_at
        if since is None or self._clock.now() - since > NEWS_SECONDS:
            return
        await self._pager.tell(conversation, duty.sender, duty.news)


def _is_over(conversation: Conversation, attempt: int) -> bool:
    """Whether a later round has begun."""
    return conversation.page is None or attempt != conversation.page.attempts - 1
