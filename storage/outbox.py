"""The outbox in Redis or Valkey: a stream a shard for duties due now, a sorted set a shard for those due later.

Workers share the streams as one consumer group: each duty goes to one of them, and to another one if that one does
not say in time that it is done. Knows nothing about how a duty is carried out.
"""

import asyncio
import logging
import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError
from redis.asyncio import Redis

from dialogue.duties import Duty
from dialogue.ports import Clock, StoreUnavailable
from storage.connection import ANSWER_SECONDS, answer
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
SHARD_BY_STREAM = {shard.outbox.encode(): shard for shard in ALL_SHARDS}


class Taken(NamedTuple):
    """Where in the outbox a duty lies that we took, and how it was written there."""

    entry: bytes
    text: bytes


class ValkeyOutbox:
    """Implements `Outbox`. Needs connections of its own: `take` blocks one.

    `claim_after` seconds after it was taken a duty that is not done counts as left by a dead worker. A worker that
    starts again under its old name gets its own at once.
    """

    def __init__(self, redis: Redis, clock: Clock, claim_after: float = 60.0) -> None:
        self._redis = redis
        self._clock = clock
        self._claim_after = claim_after
        self._taken: dict[Duty, Taken] = {}
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

    async def _look(self, worker: str, wait_seconds: float) -> list[Duty]:
        """One look at everything: what was left undone, and what is new, waiting for that at most LONGEST_BLOCK."""
        left = await self._own(worker) + await self._claim(worker)
        earliest = await self._promote()
        wait = 0.0 if left else min(wait_seconds, LONGEST_BLOCK, earliest - self._clock.now())
        return list(dict.fromkeys(left + await self._read(worker, ">", max(0.0, wait))))

    async def _own(self, worker: str) -> list[Duty]:
        """What a worker of that name took before this process began, or before the store was emptied."""
        if worker in self._known:
            return []
        await self._join()
        own = await self._read(worker, "0", 0.0)
        self._known.add(worker)
        return own

    async def _join(self) -> None:
        """Make the group in every shard; what was committed before is its to carry out too."""
        for shard in ALL_SHARDS:
            try:
                await answer(self._redis, self._redis.xgroup_create(shard.outbox, GROUP, id="0", mkstream=True))
            except StoreUnavailable as unavailable:
                if "BUSYGROUP" not in str(unavailable.__cause__):
                    raise

    async def _promote(self) -> float:
        """Move what is due into the streams; when the next one will be due."""
        now = self._clock.now()
        first = await self._earliest()
        for shard, due in first.items():
            if due <= now:
                await PROMOTE.run(self._redis, (shard.due, shard.outbox), now, BATCH)
        return min(first.values(), default=math.inf)

    async def _earliest(self) -> dict[Shard, float]:
        pipeline = self._redis.pipeline(transaction=False)
        for shard in ALL_SHARDS:
            pipeline.zrange(shard.due, 0, 0, withscores=True)
        first: list[list[tuple[bytes, float]]] = await answer(self._redis, pipeline.execute())
        return {shard: found[0][1] for shard, found in zip(ALL_SHARDS, first, strict=True) if found}

    async def _claim(self, worker: str) -> list[Duty]:
        """Take over what other workers took and did not finish."""
        now = asyncio.get_running_loop().time()
        if now < self._next_claim:
            return []
        self._next_claim = now + self._claim_after / 10
        pipeline = self._redis.pipeline(transaction=False)
        idle = round(self._claim_after * 1000)
        for shard in ALL_SHARDS:
            pipeline.xautoclaim(shard.outbox, GROUP, worker, idle, count=BATCH)
        claimed: list[Sequence[Any]] = await answer(self._redis, pipeline.execute())
        return self._parse(entry for reply in claimed for entry in reply[1])

    async def _read(self, worker: str, after: str, wait_seconds: float) -> list[Duty]:
        """Entries of all shards after `after`: ">" is new ones, waiting for the first; "0" all our unfinished ones."""
        streams: dict[Any, Any] = {shard.outbox: after for shard in ALL_SHARDS}
        asked = self._redis.xreadgroup(
            GROUP,
            worker,
            streams,
            count=BATCH if after == ">" else None,
            block=math.ceil(wait_seconds * 1000) or None,  # BLOCK 0 would wait for ever
        )
        replies: Any = await answer(self._redis, asked, ANSWER_SECONDS + wait_seconds)
        return self._parse(entry for _, entries in replies or () for entry in entries)

    def _parse(self, entries: Iterable[tuple[bytes, dict[bytes, bytes] | None]]) -> list[Duty]:
        """A duty that we do not understand stays where it is, for a newer version of us."""
        duties = []
        for entry, fields in entries:
            if not fields:  # deleted while it was pending
                continue
            text = fields[b"d"]
            try:
                duty = DUTY.validate_json(text)
            except ValidationError:
                log.error("the outbox holds a duty that this version does not know: entry %s", entry.decode())
                continue
            self._taken[duty] = Taken(entry, text)
            duties.append(duty)
        return duties
