"""Makes deletions final by rewriting the append-only file, which holds deleted values until then.

A rewrite copies everything that is left, so many deletions share one. Each shard counts its deletions, and how many of
them are final. A rewrite that a crash or a full disk interrupts makes nothing final and is repeated. Knows nothing
about what was deleted.
"""

import logging
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from redis.exceptions import ResponseError

from dialogue.ports import StoreUnavailable
from storage.connection import Server, answer, servers
from storage.keys import ALL_SHARDS, REWRITTEN

log = logging.getLogger(__name__)

PAUSE_SECONDS = 5.0


class Begun(NamedTuple):
    """A rewrite that was started: the servers' run ids then, and the deletions of each shard until then."""

    servers: set[str]
    deletions: Mapping[str, int]


class Rewriting:
    """Starts at most one rewrite in `pause` seconds, for all processes. Later deletions wait for the next call."""

    def __init__(self, redis: Server, pause: float = PAUSE_SECONDS) -> None:
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
        begun = Begun(_run_ids(await self._servers()), waiting)
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
            for there in servers(self._redis).values():
                await answer(self._redis, self._redis.bgrewriteaof(**there))
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
        found = await self._servers()
        if any(each.get("aof_rewrite_in_progress") or each.get("aof_rewrite_scheduled") for each in found):
            return False
        self._begun = None
        succeeded = all(each.get("aof_last_bgrewrite_status", "ok") == "ok" for each in found)
        if succeeded and _run_ids(found) == begun.servers:
            pipeline = self._redis.pipeline(transaction=False)
            for key, deletions in begun.deletions.items():
                pipeline.hset(key, "final", str(deletions))
            await answer(self._redis, pipeline.execute())
        return True

    async def _servers(self) -> list[Mapping[str, Any]]:
        """What each server says of itself; a cluster's replicas keep files, too."""
        return [await answer(self._redis, self._redis.info(**there)) for there in servers(self._redis).values()]


def _run_ids(found: Iterable[Mapping[str, Any]]) -> set[str]:
    return {each.get("run_id", "") for each in found}
