"""Opens the store at an address, one server or a cluster, and explains what is wrong with it. Knows nothing about what
is stored."""

import asyncio
import re
from collections.abc import Awaitable
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.exceptions import (
    AskError,
    AuthenticationError,
    BusyLoadingError,
    ClusterDownError,
    ConnectionError,
    MaxConnectionsError,
    MovedError,
    NoPermissionError,
    RedisClusterException,
    ResponseError,
    TimeoutError,
    TryAgainError,
)

from dialogue.ports import StoreUnavailable
from storage.cluster import FAILURES, Cluster, node_of
from storage.pools import client, options_of

T = TypeVar("T")
Server = Redis | Cluster
"""One server, or several that share the keys. Both have redis-py's commands."""

ANSWER_SECONDS = 5.0
NEXT_ADDRESS = re.compile(r",(?=\w+://)")


async def connect(url: str, connections: int = 64) -> Redis:
    """A pool of connections to the server at `url`, which has answered once. Close it after use.

    Blocking reads (the outbox) and subscriptions (changes) need pools of their own, or they would hold up everything
    else. Raises StoreUnavailable, which says what to do.
    """
    redis = client(options_of(url), connections)
    try:
        await answer(redis, redis.ping())
    except BaseException:
        await redis.aclose()
        raise
    return redis


async def connect_store(url: str, connections: int = 64) -> Server:
    """The same, but to a whole cluster if `url` names a node of one, or several nodes, comma-separated, of which one
    has to answer."""
    given = NEXT_ADDRESS.split(url)
    if len(given) == 1:
        redis = await connect(url, connections)
        if not await _is_node(redis):
            return redis
        await redis.aclose()
    cluster = Cluster([options_of(each) for each in given])
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await cluster.initialize()
    except FAILURES as error:
        raise unavailable(error, cluster, ANSWER_SECONDS) from error
    return cluster


async def _is_node(redis: Redis) -> bool:
    """Whether the server belongs to a cluster. One that does not say is taken for a single server."""
    try:
        return bool((await answer(redis, redis.info("cluster"))).get("cluster_enabled"))
    except StoreUnavailable as error:
        if isinstance(error.__cause__, ResponseError):
            return False
        await redis.aclose()
        raise


def servers(redis: Server) -> dict[str, dict[str, Any]]:
    """Each server by its address, with the options that make a command go to it alone."""
    if isinstance(redis, Cluster):
        return {node.name: {"target_nodes": node} for node in redis.get_nodes()}
    return {address(redis): {}}


async def answer(redis: Server, asked: Awaitable[T], seconds: float = ANSWER_SECONDS) -> T:
    """The answer to a command or pipeline. Raises StoreUnavailable; the command may then have been done or not."""
    try:
        async with asyncio.timeout(seconds):
            return await asked
    except (*FAILURES, AttributeError) as error:  # a time-out is an OSError
        if isinstance(redis, Cluster):
            await redis.look_again(error)
        elif isinstance(error, AttributeError):
            raise
        raise unavailable(error, redis, seconds) from error


def unavailable(error: Exception, redis: Server, seconds: float) -> StoreUnavailable:
    """The error that says what is wrong with the store, without anything that was sent to it or stored in it."""
    node = node_of(error)
    return StoreUnavailable(_explain(error, node.name if node else address(redis), seconds))


def address(redis: Server) -> str:
    """Where the server is, or the cluster's nodes, without the user or the password."""
    if isinstance(redis, Cluster):
        return "one of " + ", ".join(sorted({node.name for node in redis.get_nodes() or redis.startup_nodes}))
    options = redis.connection_pool.connection_kwargs
    return options.get("path") or f"{options.get('host', 'localhost')}:{options.get('port', 6379)}"


def _explain(error: Exception, where: str, seconds: float) -> str:
    if isinstance(error, AuthenticationError | NoPermissionError) or "password" in str(error):
        return f"The store at {where} refuses us. Check the user name and password in its address."
    if isinstance(error.__cause__, TimeoutError):  # redis-py wraps a time-out while connecting
        error = error.__cause__
    match error:
        case BusyLoadingError():
            return f"The store at {where} is still reading its data. Try again in a moment."
        case MaxConnectionsError():
            return f"Too much is asked of the store at {where} at once. Try again in a moment."
        case TimeoutError() | asyncio.TimeoutError():
            return f"The store at {where} did not answer within {seconds:g} seconds."
        case ConnectionError() | OSError() | AttributeError():  # redis-py closes a dead node's connections while in use
            return f"Nothing answers at {where}. Start Valkey or Redis there, or correct the store's address."
        case RedisClusterException() if isinstance(error.__cause__, Exception):  # why the last one did not
            return f"No node of a cluster answers at {where}. Name one server, or nodes of one cluster that run."
        case ClusterDownError() | RedisClusterException():
            return f"The cluster at {where} serves not all keys now. It waits for nodes, or for replicas to take over."
        case MovedError():
            return f"The store at {where} is a node of a cluster that does not say so. Allow INFO to our user."
        case AskError() | TryAgainError():
            return f"The cluster at {where} is moving keys between its nodes. Try again in a moment."
        case ResponseError():
            return f"The store at {where} refused a command: {_code(error)}."
    return f"The store at {where} failed: {type(error).__name__}."


def _code(error: ResponseError) -> str:
    """The server's code of the error, such as OOM or READONLY. The rest of its text may quote what was sent."""
    word = str(error).split(" ", 1)[0]
    return word if word.isupper() else type(error).__name__
