"""Makes deletions final: rewrites the append-only file, which keeps deleted values until then.

Knows nothing about what was deleted. A rewrite copies everything that is left, so many deletions share one. Each shard
counts its deletions, and up to which of them a rewrite has reached its end: one that a crash or a full disk cut short
makes nothing final, and is done again.
"""

import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from dialogue.ports import StoreUnavailable
from storage.connection import answer
from storage.keys import ALL_SHARDS, REWRITTEN

log = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0


class Begun(NamedTuple):
    """A rewrite: on which start of the server, and how many deletions of each shard came before it."""

    server: str
    deletions: Mapping[str, int]


class Rewriting:
    """At most one rewrite in `pause` seconds, whoever asks. What is left over waits for the next `rewrite`."""

    def __init__(self, redis: Redis, pause: float = PAUSE_SECONDS) -> None:
        self._redis = redis
        self._pause = pause
        self._allowed = True
        self._begun: Begun | None = None

    async def rewrite(self) -> bool:
        """Start a rewrite if a deletion waits for one; true when it was started. Workers call it now and then."""
        if not self._allowed or not await self._waiting():
            return False
        if self._begun and not await self._ended(self._begun):
            return False
        waiting = await self._waiting()
        if not waiting or not await self._my_turn():
            return False
        begun = Begun((await self._server())["run_id"], waiting)
        if started := await self._start():
            self._begun = begun
        return started

    async def _waiting(self) -> dict[str, int]:
        """The count of deletions of each shard in which some are not final."""
        pipeline = self._redis.pipeline(transaction=False)
        for shard in ALL_SHARDS:
            pipeline.hmget(shard.deleted, ("all", "final"))
        counts: list[list[bytes | None]] = await answer(self._redis, pipeline.execute())
        found = {
            shard.deleted: (int(deleted or 0), int(final or 0))
            for shard, (deleted, final) in zip(ALL_SHARDS, counts, strict=True)
        }
        return {key: deleted for key, (deleted, final) in found.items() if deleted > final}

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

    async def _ended(self, begun: Begun) -> bool:
        """Whether our last rewrite is over; if it reached its end, what was deleted before it is final."""
        server = await self._server()
        if server.get("aof_rewrite_in_progress") or server.get("aof_rewrite_scheduled"):
            return False
        self._begun = None
        if server["run_id"] == begun.server and server.get("aof_last_bgrewrite_status", "ok") == "ok":
            pipeline = self._redis.pipeline(transaction=False)
            for key, deletions in begun.deletions.items():
                pipeline.hset(key, "final", str(deletions))
            await answer(self._redis, pipeline.execute())
        return True

    async def _server(self) -> dict[str, Any]:
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.info("server")
        pipeline.info("persistence")
        server, persistence = await answer(self._redis, pipeline.execute())
        return {"run_id": "", **server, **persistence}
