"""Makes deletions final: rewrites the append-only file, which keeps deleted values until then.

Knows nothing about what was deleted. A rewrite copies everything that is left, so many deletions share one.
"""

import logging
from collections.abc import Mapping

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from dialogue.ports import StoreUnavailable
from storage.connection import answer
from storage.keys import ALL_SHARDS, REWRITTEN

log = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0


class Rewriting:
    """At most one rewrite in `pause` seconds, whoever asks. What is left over waits for the next `rewrite`."""

    def __init__(self, redis: Redis, pause: float = PAUSE_SECONDS) -> None:
        self._redis = redis
        self._pause = pause
        self._allowed = True

    async def rewrite(self) -> bool:
        """Start a rewrite if a deletion waits for one; true when it was started. Workers call it now and then."""
        if not self._allowed:
            return False
        deleted = await self._deleted()
        if not deleted and not await self._failed():
            return False
        if not await self._my_turn():
            return False
        if started := await self._start():
            await self._settle(deleted)
        return started

    async def _deleted(self) -> dict[str, int]:
        """How many deletions wait in each shard that has any."""
        keys = [shard.deleted for shard in ALL_SHARDS]
        pipeline = self._redis.pipeline(transaction=False)
        for key in keys:
            pipeline.get(key)
        counts: list[bytes | None] = await answer(self._redis, pipeline.execute())
        return {key: int(count or 0) for key, count in zip(keys, counts, strict=True) if int(count or 0)}

    async def _failed(self) -> bool:
        """Whether the last rewrite did not reach its end, for lack of disk or memory."""
        persistence: Mapping[str, object] = await answer(self._redis, self._redis.info("persistence"))
        return persistence.get("aof_last_bgrewrite_status", "ok") != "ok"

    async def _my_turn(self) -> bool:
        pause = max(1, round(self._pause * 1000))
        return bool(await answer(self._redis, self._redis.set(REWRITTEN, 1, nx=True, px=pause)))

    async def _start(self) -> bool:
        """False when one is running already: it may have begun before the deletion."""
        try:
            await answer(self._redis, self._redis.bgrewriteaof())
        except StoreUnavailable as unavailable:
            if not isinstance(unavailable.__cause__, ResponseError):
                raise
            if "in progress" not in str(unavailable.__cause__):
                self._allowed = False
                log.warning("The store allows no BGREWRITEAOF: its own files keep deleted values, sealed, for a while.")
            return False
        return True

    async def _settle(self, deleted: Mapping[str, int]) -> None:
        """Deletions that came after we counted stay counted."""
        pipeline = self._redis.pipeline(transaction=False)
        for key, count in deleted.items():
            pipeline.decrby(key, count)
        await answer(self._redis, pipeline.execute())
