"""A second copy of every open page, in the audit trail, so that pages survive if the store loses its data.

A `Conversations` that wraps another. The copies hold codes only; what the patient said would be lost with the store.
Knows nothing about how a lost page is sent again.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from dialogue.conversation import Conversation, Paging
from dialogue.duties import Duty, SendPage
from dialogue.events import Took
from dialogue.ports import Conversations
from storage.audit import Audit, Line
from storage.wrapped import WrappedConversations

log = logging.getLogger(__name__)

US = "previsit"
OPEN, ANSWERED = "page_open", "page_answered"


class OpenPage(NamedTuple):
    """The latest round of a page that nobody has acknowledged, according to the trail."""

    page: str
    conversation: str
    attempt: int
    raised_at: float


class PageCopies(WrappedConversations):
    """While it is `noting`, each page gets its copy right after the commit.

    No turn waits for that, since the turn is on disk already. If a kill prevents a copy, the page's next round makes
    one: a page is lost only if the store loses its data within the same minute.
    """

    def __init__(self, inner: Conversations, audit: Audit) -> None:
        super().__init__(inner)
        self._audit = audit
        self._owed: list[Line] = []
        self._more = asyncio.Event()

    @asynccontextmanager
    async def noting(self) -> AsyncIterator[None]:
        """Makes copies while the block runs; at its end everything that was committed has its copy."""
        over = asyncio.Event()
        task = asyncio.create_task(self._note_until(over))
        try:
            yield
        finally:
            over.set()
            self._more.set()
            await asyncio.wait([task])

    async def commit(self, conversation: Conversation, duties: Sequence[Duty], turns: int = 1) -> None:
        """Commits first: a page that is not in the store does not exist."""
        await super().commit(conversation, duties, turns)
        if found := list(_about(conversation, duties)):
            self._owed += found
            self._more.set()

    async def _note_until(self, over: asyncio.Event) -> None:
        while not over.is_set():
            await self._more.wait()
            await self._note()
        await self._note()  # what came while the last ones were written

    async def _note(self) -> None:
        """Writes all pending lines at once, in order. If that fails, no turn fails."""
        self._more.clear()
        owed, self._owed = self._owed, []
        if not owed:
            return
        try:
            await self._audit.record_all(owed)
        except Exception as error:  # whatever it was, the next page must still get its copy
            pages = ", ".join(sorted({line.detail[0] for line in owed}))
            log.error("no second copy of %s: %s", pages, type(error).__name__)


def _about(conversation: Conversation, duties: Sequence[Duty]) -> Iterator[Line]:
    """A line for each round that begins with this version, or one that says that somebody has acknowledged."""
    page = conversation.page
    if page is None:
        return
    event = conversation.log[-1].event
    at, has_answered = event.at, not isinstance(event, Took)  # which follows an answer in its very second
    rounds = [duty.attempt for duty in duties if isinstance(duty, SendPage)]
    for attempt in rounds:
        about = (page.id, conversation.id, str(attempt), str(page.raised_at))
        yield Line(at, US, OPEN, conversation.code, about)
    if not rounds and has_answered and conversation.paging is Paging.ACKNOWLEDGED and page.acknowledged_at == at:
        yield Line(at, US, ANSWERED, conversation.code, (page.id,))


def open_pages(trail: Path) -> list[OpenPage]:
    """The open pages of a trail, the oldest first. Unreadable lines are skipped; `previsit audit verify` reports
    them."""
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
