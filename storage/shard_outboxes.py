"""The outbox on a cluster, where one read cannot wait for several shards: each shard is waited for by itself, so that a
dead node holds up no page of another. Knows nothing about how a duty is carried out."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Self

from dialogue.duties import Duty
from dialogue.ports import Clock
from storage.connection import Server
from storage.keys import ALL_SHARDS, Shard, shard_of
from storage.outbox import ValkeyOutbox

log = logging.getLogger(__name__)

Look = asyncio.Task[list[Duty]]


class ShardOutboxes:
    """Implements `Outbox` for as long as its block runs.

    A look at a shard that still waits when `take` returns goes on, and the next `take` gets what it finds: if it were
    cancelled, what the store has just handed out would wait until this worker counts as dead.
    """

    def __init__(self, redis: Server, clock: Clock, claim_after: float = 60.0) -> None:
        self._outboxes = {shard: ValkeyOutbox(redis, clock, claim_after, (shard,)) for shard in ALL_SHARDS}
        self._looks: dict[tuple[str, Shard], Look] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for look in self._looks.values():
            look.cancel()
        await asyncio.gather(*self._looks.values(), return_exceptions=True)

    async def take(self, worker: str, wait_seconds: float) -> list[Duty]:
        mine = [(worker, shard) for shard in ALL_SHARDS]
        new = [each for each in mine if each not in self._looks]
        for each in new:
            self._looks[each] = asyncio.create_task(self._outboxes[each[1]].take(worker, wait_seconds))
        awaited, ended = {self._looks[each] for each in new or mine}, set[Look]()
        while awaited - ended and not (wait_seconds and any(look.exception() or look.result() for look in ended)):
            under_way = {look for (whose, _), look in self._looks.items() if whose == worker} - ended
            ended |= (await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED))[0]
        self._looks = {each: look for each, look in self._looks.items() if look not in ended}
        return _found(ended)

    async def done(self, duty: Duty) -> None:
        await self._outboxes[shard_of(duty.conversation)].done(duty)

    async def defer(self, duty: Duty, due: float) -> None:
        await self._outboxes[shard_of(duty.conversation)].defer(duty, due)


def _found(ended: Iterable[Look]) -> list[Duty]:
    """Raises StoreUnavailable if there is nothing and a shard could not be looked at."""
    failures = [failure for look in ended if (failure := look.exception())]
    found = [duty for look in ended if not look.exception() for duty in look.result()]
    if failures and not found:
        raise failures[0]
    for failure in failures:
        log.warning("a part of the outbox cannot be read: %s", failure)
    return sorted(found, key=lambda duty: duty.due)
