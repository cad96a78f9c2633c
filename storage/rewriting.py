"""Makes deletions final by rewriting the append-only file, which holds deleted values until then.

A rewrite copies everything that is left, so many deletions share one. Each shard counts its deletions, and how many of
them are final. A rewrite that a crash or a full disk interrupts makes nothing final and is repeated. Knows nothing
about what was deleted.
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
    """A rewrite that was started: the server's run id then, and the deletions of each shard until then."""

    server: str
    deletions: Mapping[str, int]


class Rewriting:
    """Starts at most one rewrite in `pause` seconds, for all processes. Later deletions wait for the next call."""

    def __init__(self, redis: Redis, pause: float = PAUSE_SECONDS) -> None:
        self._redis = redis
        self._pause = pause
        self._allowed = True
        self._begun: Begun | None = None

    async def rewrite(self) -> bool:
        """Starts a rewrite if a deletion waits for one. Returns whether it did. Workers call it now and then."""
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
        """The number of deletions of each shard that has some that are not final."""
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
        """Starts a rewrite. False if one is running already, which may have begun before the deletion."""
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
        """Whether our last rewrite is over. If it succeeded, marks the deletions before it as final."""
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
