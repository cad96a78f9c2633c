"""A second copy of every open page, in the audit trail: a store that lost its data still owes them.

A `Conversations` around another. What it notes is codes; what the patient said is gone with the store. Knows nothing
about how a lost page is sent again.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from dialogue.conversation import Conversation, Page, Paging
from dialogue.duties import Duty, SendPage
from dialogue.figures import Figures
from dialogue.ports import Conversations
from dialogue.queue import Place
from storage.audit import Audit, AuditBroken

log = logging.getLogger(__name__)

US = "previsit"
OPEN, ANSWERED = "page_open", "page_answered"


class OpenPage(NamedTuple):
    """The latest round of a page that nobody has acknowledged, as far as the trail knows."""

    page: str
    conversation: str
    attempt: int
    raised_at: float


class PageCopies:
    """Implements `Conversations`."""

    def __init__(self, inner: Conversations, audit: Audit) -> None:
        self._inner = inner
        self._audit = audit

    async def commit(self, conversation: Conversation, duties: Sequence[Duty]) -> None:
        """Committed first: a page that is not in the store is none. A trail that cannot be written costs no turn."""
        await self._inner.commit(conversation, duties)
        if conversation.page is None:
            return
        rounds = [duty.attempt for duty in duties if isinstance(duty, SendPage)]
        at = conversation.log[-1].event.at
        answered = conversation.paging is Paging.ACKNOWLEDGED and conversation.page.acknowledged_at == at
        if rounds or answered:
            await self._note(conversation, conversation.page, rounds, at)

    async def _note(self, conversation: Conversation, page: Page, rounds: Sequence[int], at: float) -> None:
        try:
            if not rounds:
                await self._audit.record(at, US, ANSWERED, conversation.code, page.id)
            for attempt in rounds:
                about = (page.id, conversation.id, str(attempt), str(page.raised_at))
                await self._audit.record(at, US, OPEN, conversation.code, *about)
        except (OSError, AuditBroken, ValueError) as error:
            log.error("page %s has no second copy: %s", page.id, type(error).__name__)

    async def load(self, conversation_id: str) -> Conversation | None:
        return await self._inner.load(conversation_id)

    def at_hand(self, conversation_id: str) -> Conversation | None:
        return self._inner.at_hand(conversation_id)

    async def destroy(self, conversation_id: str) -> None:
        await self._inner.destroy(conversation_id)

    async def waiting(self, limit: int) -> list[Conversation]:
        return await self._inner.waiting(limit)

    async def places(self) -> list[Place]:
        return await self._inner.places()

    async def figures(self) -> list[Figures]:
        return await self._inner.figures()

    async def load_all(self, ids: Sequence[str]) -> list[Conversation]:
        return await self._inner.load_all(ids)


def open_pages(trail: Path) -> list[OpenPage]:
    """Those of this trail, the oldest first. A line that is none is left to `previsit audit verify`."""
    found: dict[str, OpenPage] = {}
    for action, detail in _about_pages(trail):
        if action == ANSWERED and detail:
            found.pop(detail[0], None)
        elif action == OPEN and (page := _read(detail)):
            found[page.page] = page
    return list(found.values())


def _about_pages(trail: Path) -> Iterator[tuple[str, list[Any]]]:
    if not trail.exists():
        return
    with trail.open("rb") as lines:
        for line in lines:
            if b'"page_' not in line:
                continue
            try:
                entry = json.loads(line)
                yield str(entry["action"]), list(entry["detail"])
            except (ValueError, KeyError, TypeError):
                continue


def _read(detail: list[Any]) -> OpenPage | None:
    try:
        page, conversation, attempt, raised_at = map(str, detail)
        return OpenPage(page, conversation, int(attempt), float(raised_at))
    except ValueError:
        return None
