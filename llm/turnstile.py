"""Limits how many tasks run at once; the most urgent of those that wait goes next. Knows nothing about the tasks."""

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count


class Turnstile:
    """`places` is how many may be inside at once. A waiting task may be cancelled."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._number = count()

    @property
    def waiting(self) -> int:
        return sum(not turn.done() for *_, turn in self._waiting)

    @asynccontextmanager
    async def inside(self, urgency: int) -> AsyncIterator[None]:
        """Waits for a place. The highest `urgency` goes first; among equals, the one that came first."""
        await self._enter(urgency)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, urgency: int) -> None:
        if self._free:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (-urgency, next(self._number), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # we had the place already: pass it on
                self._leave()
            raise

    def _leave(self) -> None:
        while self._waiting:
            *_, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
