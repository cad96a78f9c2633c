"""Which consoles are open, and whether one has answered a page. Knows nothing about HTTP.

It holds the consoles of this process. Those of other servers it knows by `Elsewhere` alone.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from dialogue.paging_ports import Notice

Ring = Callable[[Notice], object]


class Elsewhere(Protocol):
    """The consoles of other processes."""

    async def ring(self, notice: Notice) -> bool:
        """Let them ring; whether somebody may be there to answer."""

    async def answered(self, key: str) -> None:
        """A console here shows a page that another process rings for."""


class Nowhere:
    """An `Elsewhere` without anybody."""

    async def ring(self, notice: Notice) -> bool:
        return False

    async def answered(self, key: str) -> None:
        pass


class Presence:
    """The open consoles. `answer_seconds` is how long a ring waits for the first browser to answer."""

    def __init__(self, answer_seconds: float = 4.0, elsewhere: Elsewhere | None = None) -> None:
        self._answer_seconds = answer_seconds
        self._elsewhere = elsewhere or Nowhere()
        self._consoles: list[Ring] = []
        self._ringing: dict[str, asyncio.Event] = {}

    @contextmanager
    def connected(self, ring: Ring) -> Iterator[None]:
        """One open console; `ring` is called with each page that it must show."""
        self._consoles.append(ring)
        try:
            yield
        finally:
            self._consoles.remove(ring)

    async def ring(self, notice: Notice) -> bool:
        """Ring every open console; whether one answered in time. Where nobody is, nobody is waited for."""
        answered = self._ringing.setdefault(notice.key, asyncio.Event())
        self.show(notice)
        try:
            async with asyncio.timeout(self._answer_seconds):
                if not (await self._elsewhere.ring(notice) or self._consoles):
                    return answered.is_set()
                await answered.wait()
        except TimeoutError:
            return False
        finally:
            self._ringing.pop(notice.key, None)
        return True

    def show(self, notice: Notice) -> None:
        """Ring the consoles of this process."""
        for ring in self._consoles:
            ring(notice)

    async def shown(self, key: str) -> None:
        """A browser here shows the page of this round, whoever rings for it."""
        if not self.answered(key):
            await self._elsewhere.answered(key)

    def answered(self, key: str) -> bool:
        """Whether this process rings for that round; an answer to one that is over changes nothing."""
        event = self._ringing.get(key)
        if event:
            event.set()
        return event is not None
