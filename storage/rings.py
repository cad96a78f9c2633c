"""Messages about ringing pages between the processes of a clinic. Knows nothing about their content.

A message that is lost while a connection is down is not repeated: the page's next round rings again.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Self

from storage.changes import ValkeyChanges
from storage.connection import Server, answer
from storage.keys import RINGS
from storage.listeners import Listeners


class ValkeyRings:
    """Implements `Rings` by a channel of its own. Listens for as long as its block runs."""

    def __init__(self, redis: Server) -> None:
        self._redis = redis
        self._heard = ValkeyChanges(redis, channel=RINGS)

    async def __aenter__(self) -> Self:
        await self._heard.__aenter__()
        return self

    async def __aexit__(self, *details: object) -> None:
        await self._heard.__aexit__(*details)

    async def tell(self, word: str) -> None:
        await answer(self._redis, self._redis.publish(RINGS, word))

    def listen(self) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        return self._heard.listen(None)


class MemoryRings:
    """Implements `Rings` within this process."""

    def __init__(self) -> None:
        self._listeners = Listeners()

    async def tell(self, word: str) -> None:
        self._listeners.tell(word)

    @asynccontextmanager
    async def listen(self) -> AsyncIterator[AsyncIterator[str]]:
        with self._listeners.listening(None) as listener:
            yield listener
