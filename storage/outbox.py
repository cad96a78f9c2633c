"""The outbox in Redis or Valkey: for each shard a stream of duties due now, and a sorted set of those due later.

Workers share the streams as one consumer group: each duty goes to one of them, and to another one if the first has not
been heard of for too long. Knows nothing about how a duty is carried out.
"""

import asyncio
import logging
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from dialogue.duties import Duty
from dialogue.ports import Clock, StoreUnavailable
from storage.connection import ANSWER_SECONDS, Server, answer
from storage.keys import ALL_SHARDS, Shard, shard_of
from storage.scripts import Script

log = logging.getLogger(__name__)

PROMOTE = Script("promote")
DONE = Script("done")
DEFER = Script("defer")
DUTY: TypeAdapter[Duty] = TypeAdapter(Duty)

GROUP = "workers"
BATCH = 16  # of each shard at once
LONGEST_BLOCK = 1.0  # seconds until we look again for duties that became due, or that a dead worker left


class Taken(NamedTuple):
    """Who took a duty, its entry in the stream, and its text there."""

    worker: str
    entry: bytes
    text: bytes


Found = dict[Duty, Taken]


class ValkeyOutbox:
    """Implements `Outbox` for some or all shards. Needs connections of its own: `take` blocks one.

    A worker that still takes duties keeps those it is working on, however long it takes. One that has not been heard of
    for `claim_after` seconds counts as dead, and others get its duties. If it starts again under the same name, it gets
    them back at once.
    """

    def __init__(
        self, redis: Server, clock: Clock, claim_after: float = 60.0, shards: Sequence[Shard] = ALL_SHARDS
    ) -> None:
        self._redis = redis
        self._clock = clock
        self._claim_after = claim_after
        self._shards = shards
        self._taken: Found = {}
        self._known: set[str] = set()
        self._next_claim = -math.inf

    async def take(self, worker: str, wait_seconds: float) -> list[Duty]:
        loop = asyncio.get_running_loop()
        until = loop.time() + wait_seconds
        while True:
            left = until - loop.time()
            try:
                found = await self._look(worker, left)
            except StoreUnavailable as unavailable:
                if "NOGROUP" not in str(unavailable.__cause__):
                    raise
                self._known.clear()  # the store was emptied
                continue
            if found or left <= 0:
                self._taken |= found
                return sorted(found, key=lambda duty: duty.due)

    async def done(self, duty: Duty) -> None:
        if taken := self._taken.pop(duty, None):
            shard = shard_of(duty.conversation)
            keys = (shard.outbox, shard.conversation(duty.conversation))
            await DONE.run(self._redis, keys, GROUP, taken.entry, f"d:{duty.id}", taken.text)

    async def defer(self, duty: Duty, due: float) -> None:
        if taken := self._taken.pop(duty, None):
            shard = shard_of(duty.conversation)
            later = DUTY.dump_json(duty.model_copy(update={"due": due}))
            keys = (shard.outbox, shard.conversation(duty.conversation), shard.due)
            await DEFER.run(self._redis, keys, GROUP, taken.entry, f"d:{duty.id}", taken.text, later, due)

    async def _look(self, worker: str, wait_seconds: float) -> Found:
        """Duties that were left undone, and new ones; waits at most LONGEST_BLOCK seconds for new ones."""
        left = await self._own(worker) | await self._claim(worker)
        earliest = await self._promote()
        wait = 0.0 if left else min(wait_seconds, LONGEST_BLOCK, earliest - self._clock.now())
        return left | await self._read(worker, ">", max(0.0, wait))

    async def _own(self, worker: str) -> Found:
        """What a worker of this name took before this process began, or before the store was emptied."""
        if worker in self._known:
            return {}
        await self._join()
        own = await self._read(worker, "0", 0.0)
        self._known.add(worker)
        return own

    async def _join(self) -> None:
        """Creates the consumer group in every shard, from the beginning: it also gets duties that were there before."""
        for shard in self._shards:
            try:
                await answer(self._redis, self._redis.xgroup_create(shard.outbox, GROUP, id="0", mkstream=True))
            except StoreUnavailable as unavailable:
                if "BUSYGROUP" not in str(unavailable.__cause__):
                    raise

    async def _promote(self) -> float:
        """Moves what is due into the streams. Returns when the next one will be due."""
        now = self._clock.now()
        first = await self._earliest()
        for shard, due in first.items():
            if due <= now:
                await PROMOTE.run(self._redis, (shard.due, shard.outbox), now, BATCH)
        return min(first.values(), default=math.inf)

    async def _earliest(self) -> dict[Shard, float]:
        pipeline = self._redis.pipeline(transaction=False)
        for shard in self._shards:
            pipeline.zrange(shard.due, 0, 0, withscores=True)
        first: list[list[tuple[bytes, float]]] = await answer(self._redis, pipeline.execute())
        return {shard: found[0][1] for shard, found in zip(self._shards, first, strict=True) if found}

    async def _claim(self, worker: str) -> Found:
        """Shows that this worker is alive, and takes over the duties of dead workers."""
        now = asyncio.get_running_loop().time()
        if now < self._next_claim:
            return {}
        self._next_claim = now + self._claim_after / 10
        await self._keep()
        pipeline = self._redis.pipeline(transaction=False)
        idle = round(self._claim_after * 1000)
        for shard in self._shards:
            pipeline.xautoclaim(shard.outbox, GROUP, worker, idle, count=BATCH)
        claimed: list[Sequence[Any]] = await answer(self._redis, pipeline.execute())
        found = self._parse(worker, (entry for reply in claimed for entry in reply[1]))
        return {duty: taken for duty, taken in found.items() if self._taken.get(duty) != taken}

    async def _keep(self) -> None:
        """Restarts the time of the duties under way: a draft may take longer than a worker may be silent."""
        held: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for duty, taken in self._taken.items():
            held[shard_of(duty.conversation).outbox, taken.worker].append(taken.entry)
        if held:
            pipeline = self._redis.pipeline(transaction=False)
            for (outbox, worker), entries in held.items():
                pipeline.xclaim(outbox, GROUP, worker, 0, entries, justid=True)
            await answer(self._redis, pipeline.execute())

    async def _read(self, worker: str, after: str, wait_seconds: float) -> Found:
        """Entries of all shards. With `after` ">" they are new ones, for which it waits; with "0" our unfinished
        ones."""
        streams: dict[Any, Any] = {shard.outbox: after for shard in self._shards}
        asked = self._redis.xreadgroup(
            GROUP,
            worker,
            streams,
            count=BATCH if after == ">" else None,
            block=math.ceil(wait_seconds * 1000) or None,  # BLOCK 0 would wait for ever
        )
        replies: Any = await answer(self._redis, asked, ANSWER_SECONDS + wait_seconds)
        return self._parse(worker, (entry for _, entries in replies or () for entry in entries))

    def _parse(self, worker: str, entries: Iterable[tuple[bytes, dict[bytes, bytes] | None]]) -> Found:
        """The duties in stream entries. An unknown kind of duty stays in the stream, for a newer version of
        previsit."""
        found: Found = {}
        for entry, fields in entries:
            if not fields:  # deleted while it was pending
                continue
            text = fields[b"d"]
            try:
                found[DUTY.validate_json(text)] = Taken(worker, entry, text)
            except ValidationError:
                log.error("the outbox holds a duty that this version does not know: entry %s", entry.decode())
        return found
