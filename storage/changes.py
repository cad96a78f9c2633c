"""Word of changes by Redis or Valkey publish/subscribe: one connection a process, fanned out to all who listen.

Published words are lost while the connection is down. After a drop everybody is therefore told to look again. Knows
nothing about what changed.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import ConnectionError, RedisError

from dialogue.ports import StoreUnavailable
from storage.connection import ANSWER_SECONDS, address, answer
from storage.keys import ALL_CONVERSATIONS, CHANGES, conversation_of
from storage.listeners import Listeners

log = logging.getLogger(__name__)

QUIET_SECONDS = 15.0  # without a word for so long, ask whether the line still stands
RECONNECT_SECONDS = (0.05, 0.2, 0.5, 1.0, 2.0)


class ValkeyChanges:
    """Implements `Changes`. Needs connections of its own. Listens for as long as its block runs."""

    def __init__(self, redis: Redis, quiet_seconds: float = QUIET_SECONDS) -> None:
        self._redis = redis
        self._quiet = quiet_seconds
        self._listeners = Listeners()
        self._subscribed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])

    @asynccontextmanager
    async def listen(self, conversation_id: str | None) -> AsyncIterator[AsyncIterator[str]]:
        with self._listeners.listening(conversation_id) as listener:
            try:
                await asyncio.wait_for(self._subscribed.wait(), ANSWER_SECONDS)
            except TimeoutError:
                raise StoreUnavailable(f"The store at {address(self._redis)} tells of no changes now.") from None
            yield listener

    async def _run(self) -> None:
        failures = 0
        dropped = False
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await self._subscribe(pubsub)
                    if dropped:
                        self._listeners.look_again(await self._existing())
                    failures = 0
                    await self._relay(pubsub)
            except (RedisError, OSError, StoreUnavailable) as error:
                log.warning("no word of changes from the store: %s; connecting again", type(error).__name__)
            self._subscribed.clear()
            dropped = True
            await asyncio.sleep(RECONNECT_SECONDS[min(failures, len(RECONNECT_SECONDS) - 1)])
            failures += 1

    async def _subscribe(self, pubsub: PubSub) -> None:
        """On return every later change reaches us."""
        await answer(self._redis, pubsub.subscribe(CHANGES))
        if await pubsub.get_message(timeout=ANSWER_SECONDS) is None:
            raise ConnectionError("the subscription was not confirmed")
        self._subscribed.set()

    async def _relay(self, pubsub: PubSub) -> None:
        """Until the connection fails, also where it fails without a word."""
        asked = False
        while True:
            message = await pubsub.get_message(timeout=self._quiet)
            if message is None and asked:
                raise ConnectionError("no word for too long")
            if asked := message is None:
                await answer(self._redis, pubsub.ping())
            elif message["type"] == "message":
                self._listeners.tell(message["data"].decode())

    async def _existing(self) -> list[str]:
        keys = self._redis.scan_iter(match=ALL_CONVERSATIONS, count=1000)
        return [conversation_of(key) async for key in keys]
