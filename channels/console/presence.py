"""Which consoles are open, and whether one has answered a page. Knows nothing about HTTP.

It knows the consoles of this process only: with workers in processes of their own, the console sender there finds
nobody, says so, and the on-call ladder's other senders carry the page.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dialogue.ports import Notice

Ring = Callable[[Notice], None]


class Presence:
    """The open consoles. `answer_seconds` is how long a ring waits for the first browser to answer."""

    def __init__(self, answer_seconds: float = 4.0) -> None:
        self._answer_seconds = answer_seconds
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
        """Ring every open console; whether one answered in time."""
        answered = self._ringing.setdefault(notice.key, asyncio.Event())
        for ring in self._consoles:
            ring(notice)
        try:
            async with asyncio.timeout(self._answer_seconds if self._consoles else 0):
                await answered.wait()
        except TimeoutError:
            return False
        finally:
            self._ringing.pop(notice.key, None)
        return True

    def answered(self, key: str) -> None:
        """A browser shows the page of this round; an answer to a round that is over changes nothing."""
        if event := self._ringing.get(key):
            event.set()
