"""At the start: pages again where the audit trail has an open page whose conversation the store has lost.

The nurse finds an empty case, which says so.
"""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

from dialogue.engine import Engine
from dialogue.events import Recovered
from storage.page_copies import OpenPage, open_pages

log = logging.getLogger(__name__)


TOGETHER = 100
"""How many conversations are looked up in one request, so that a start does not wait for hundreds of answers."""


async def recover_pages(engine: Engine, trail: Path) -> int:
    """Returns how many conversations with an open page the store had lost. Raises StoreUnavailable."""
    noted = await asyncio.to_thread(open_pages, trail)
    lost = [page for page in await _missing(engine, noted) if await _pages_again(engine, page)]
    if lost:
        log.error("the store has lost %d conversations with an open page; they are paged again", len(lost))
    return len(lost)


async def _missing(engine: Engine, noted: Sequence[OpenPage]) -> list[OpenPage]:
    """The pages whose conversation is neither in the store nor was destroyed. One that is there may have been
    acknowledged through another server, whose trail says so and ours does not."""
    known: set[str] = set()
    for start in range(0, len(noted), TOGETHER):
        some = [page.conversation for page in noted[start : start + TOGETHER]]
        known |= {conversation.id for conversation in await engine.load_all(some)}
        known |= await engine.conversations.were_destroyed(some)
    return [page for page in noted if page.conversation not in known]


async def _pages_again(engine: Engine, page: OpenPage) -> bool:
    now = engine.clock.now()
    again = Recovered(at=now, page=page.page, raised_at=page.raised_at, attempt=page.attempt)
    return await engine.recover(page.conversation, again)
