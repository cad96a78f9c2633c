"""At the start: pages whose second copy is there and whose conversation is not are sent again.

A store that lost its data owes them still. Somebody is paged who finds a case without a history, and knows that.
"""

import asyncio
import logging
from pathlib import Path

from dialogue.engine import Engine
from dialogue.events import Recovered
from storage.page_copies import OpenPage, open_pages

log = logging.getLogger(__name__)


async def recover_pages(engine: Engine, trail: Path) -> int:
    """How many the store had lost. Raises StoreUnavailable."""
    lost = [page for page in await asyncio.to_thread(open_pages, trail) if await _is_lost(engine, page)]
    if lost:
        log.error("the store has lost %d conversations with an open page; they are paged again", len(lost))
    return len(lost)


async def _is_lost(engine: Engine, page: OpenPage) -> bool:
    now = engine.clock.now()
    again = Recovered(at=now, page=page.page, raised_at=page.raised_at, attempt=page.attempt)
    return await engine.recover(page.conversation, again)
