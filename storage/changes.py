"""Notices of changes by Redis or Valkey publish/subscribe: one connection for each process, passed on to its listeners.

What is published while the connection is down is lost. After a reconnect, all listeners are therefore told to look
again. Knows nothing about what changed.
"""

import asyncio
import logging
import math
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Self, cast

import hiredis
from redis.asyncio.client import PubSub
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError, InvalidResponse, RedisError

from dialogue.ports import StoreUnavailable
from storage.cluster import Cluster
from storage.connection import ANSWER_SECONDS, Server, address, answer
from storage.keys import ALL_CONVERSATIONS, CHANGES, conversation_of
from storage.listeners import Listeners
from storage.pipeline import NOTHING, taken_over

log = logging.getLogger(__name__)

QUIET_SECONDS = 15.0  # after this time without a message, check whether the connection still works
RECONNECT_SECONDS = (0.05, 0.2, 0.5, 1.0, 2.0)


class ValkeyChanges:
    """Implements `Changes`. Needs connections of its own. Listens for as long as its block runs.

    `channel` may be another one, for messages other than ids of conversations; these are not repeated after a
    reconnect.
    """

    def __init__(self, redis: Server, quiet_seconds: float = QUIET_SECONDS, channel: str = CHANGES) -> None:
        self._redis = redis
        self._channel = channel
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
                async with self._pubsub() as pubsub:
                    subscription = await self._subscribe(pubsub)
                    if dropped and self._channel == CHANGES:
                        self._listeners.look_again(await self._existing())
                    failures = 0
                    await self._stay(subscription)
            except (RedisError, OSError, StoreUnavailable) as error:
                log.warning("no word of changes from the store: %s; connecting again", type(error).__name__)
            self._subscribed.clear()
            dropped = True
            await asyncio.sleep(RECONNECT_SECONDS[min(failures, len(RECONNECT_SECONDS) - 1)])
            failures += 1

    def _pubsub(self) -> PubSub:
        """Of a cluster any node tells of what was published at another; the next time it may be another one."""
        redis = self._redis
        return redis.pubsub(random.choice(redis.get_nodes())) if isinstance(redis, Cluster) else redis.pubsub()  # noqa: S311

    async def _subscribe(self, pubsub: PubSub) -> "_Subscription":
        """Subscribes. Every change after this returns reaches us."""
        await answer(self._redis, pubsub.subscribe(self._channel))
        if await pubsub.get_message(timeout=ANSWER_SECONDS) is None:
            raise ConnectionError("the subscription was not confirmed")
        subscription = _Subscription(cast(AbstractConnection, pubsub.connection), self._listeners.tell)
        self._subscribed.set()
        return subscription

    async def _stay(self, subscription: "_Subscription") -> None:
        """Waits until the connection fails, which may show only by its silence."""
        now, asked_at = asyncio.get_running_loop().time, -math.inf
        while not subscription.ended.done():
            left = max(subscription.heard_at, asked_at) + self._quiet - now()
            if left > 0:
                await asyncio.wait((subscription.ended,), timeout=left)
            elif asked_at > subscription.heard_at:
                raise ConnectionError("no word for too long")
            else:
                asked_at = now()
                subscription.ask()
        raise ConnectionError("the connection was lost")

    async def _existing(self) -> list[str]:
        keys = self._redis.scan_iter(match=ALL_CONVERSATIONS, count=1000)
        return [conversation_of(key) async for key in keys]


class _Subscription(asyncio.Protocol):
    """The subscribed connection: calls `tell` with the id in each message.

    It parses messages itself, because redis-py would take as long for one as everything else that a change costs.
    """

    def __init__(self, connection: AbstractConnection, tell: Callable[[str], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._tell = tell
        self._replies = hiredis.Reader(protocolError=InvalidResponse, notEnoughData=NOTHING)
        self.heard_at = self._loop.time()
        self.ended: asyncio.Future[None] = self._loop.create_future()
        self._transport, self._redis_py = taken_over(connection, self)

    def ask(self) -> None:
        """Sends a PING: any answer shows that the connection works."""
        self._transport.write(hiredis.pack_command(("PING",)))

    def data_received(self, data: bytes) -> None:
        self.heard_at = self._loop.time()
        self._replies.feed(data)
        try:
            while (word := self._replies.gets()) is not NOTHING:
                if word[0] == b"message":
                    self._tell(word[2].decode())
        except (InvalidResponse, TypeError, IndexError):  # not a message of a subscription
            self._transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        self._redis_py.connection_lost(error)
        if not self.ended.done():
            self.ended.set_result(None)
