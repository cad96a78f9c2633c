"""Which consoles are open, and whether one has answered a page. Knows nothing about HTTP.

It holds the consoles of this process; those of other servers are reached through `RingRelay`.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from dialogue.paging_ports import Notice

Ring = Callable[[Notice], object]


class RingRelay(Protocol):
    """The consoles of other processes."""

    async def ring(self, notice: Notice) -> bool:
        """Lets them ring. Returns whether anybody may be there to answer."""

    async def answered(self, key: str) -> None:
        """Tells the other processes that a console here shows the page of the round `key`."""


class NoRelay:
    """A `RingRelay` where nobody is."""

    async def ring(self, notice: Notice) -> bool:
        return False

    async def answered(self, key: str) -> None:
        pass


class Presence:
    """The open consoles. `answer_seconds` is how long a ring waits for the first browser to answer."""

    def __init__(self, answer_seconds: float = 4.0, relay: RingRelay | None = None) -> None:
        self._answer_seconds = answer_seconds
        self._relay = relay or NoRelay()
        self._consoles: list[Ring] = []
        self._ringing: dict[str, asyncio.Event] = {}

    @contextmanager
    def connected(self, ring: Ring) -> Iterator[None]:
        """Counts as one open console; `ring` is called with each page that it must show."""
        self._consoles.append(ring)
        try:
            yield
        finally:
            self._consoles.remove(ring)

    async def ring(self, notice: Notice) -> bool:
        """Rings every open console. Returns whether one answered in time; does not wait where no console is open."""
        answered = self._ringing.setdefault(notice.key, asyncio.Event())
        self.show(notice)
        try:
            async with asyncio.timeout(self._answer_seconds):
                if not (await self._relay.ring(notice) or self._consoles):
                    return answered.is_set()
                await answered.wait()
        except TimeoutError:
            return False
        finally:
            self._ringing.pop(notice.key, None)
        return True

    def show(self, notice: Notice) -> None:
        """Rings the consoles of this process."""
        for ring in self._consoles:
            ring(notice)

    async def shown(self, key: str) -> None:
        """A browser here shows the page of this round, whichever process rings for it."""
        if not self.answered(key):
            await self._relay.answered(key)

    def answered(self, key: str) -> bool:
        """Notes that the round was answered, if this process rings for it. Returns whether it does."""
        event = self._ringing.get(key)
        if event:
            event.set()
        return event is not None
