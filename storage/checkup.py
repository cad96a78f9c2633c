"""What a store says of itself: how a confirmed page could be lost there, and which nodes of a cluster there are."""

from collections.abc import AsyncIterator, Awaitable, Mapping
from typing import Any

from redis.exceptions import ResponseError

from dialogue.ports import StoreUnavailable
from storage.cluster import Cluster
from storage.connection import Server, answer, servers


async def weaknesses(redis: Server) -> AsyncIterator[str]:
    """For each server that does not answer, or may lose a page, a sentence that says what to do."""
    for where, there in servers(redis).items():
        try:
            info = await _told(redis, redis.info(**there))
            settings = await _told(redis, redis.config_get("appendfsync", **there))
        except StoreUnavailable as error:
            yield str(error)
            continue
        if info.get("aof_enabled") == 0:
            yield f"The store at {where} keeps no append-only file: a crash loses pages. Set appendonly yes."
        elif settings.get("appendfsync") not in ("always", None):
            yield f"The store at {where} may lose the last second in a power cut. Set appendfsync always."
        if info.get("maxmemory") and info.get("maxmemory_policy") != "noeviction":
            yield f"The store at {where} may drop pages when it is full. Set maxmemory-policy noeviction."


async def _told(redis: Server, asked: Awaitable[dict[Any, Any]]) -> Mapping[str, Any]:
    """Nothing if a managed server refuses to say."""
    try:
        return await answer(redis, asked)
    except StoreUnavailable as refused:
        if not isinstance(refused.__cause__, ResponseError):
            raise
        return {}


def described(redis: Server) -> str:
    if not isinstance(redis, Cluster):
        return "answers"
    primaries, replicas = redis.get_primaries(), redis.get_replicas()
    return f"a cluster of {len(primaries)} primaries and {len(replicas)} replicas: {', '.join(servers(redis))}."
