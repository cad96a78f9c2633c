"""Connections to Redis or Valkey, without redis-py's dangerous defaults. Knows nothing about what is stored.

redis-py must not repeat commands: a write whose reply was lost may have happened. A blocking read has a time-out of its
own, so that no general one interrupts and repeats it. If the pool is full, callers wait.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    ConnectionError,
    MovedError,
    NoPermissionError,
    RedisError,
    ResponseError,
    TimeoutError,
)

from dialogue.ports import StoreUnavailable

T = TypeVar("T")

ANSWER_SECONDS = 5.0
CONNECT_SECONDS = 5.0
FORMS = "redis://HOST:6379/0, rediss://HOST:6379/0 (TLS) or unix:///PATH/valkey.sock"


async def connect(url: str, connections: int = 64) -> Redis:
    """A pool of connections to the server at `url`, which has answered once. Close it after use.

    Blocking reads (the outbox) and subscriptions (changes) need pools of their own, or they would hold up everything
    else. Raises StoreUnavailable, which says what to do.
    """
    redis = _pool(url, connections)
    try:
        await answer(redis, redis.ping())
    except BaseException:
        await redis.aclose()
        raise
    return redis


async def answer(redis: Redis, asked: Awaitable[T], seconds: float = ANSWER_SECONDS) -> T:
    """The answer to a command or pipeline. Raises StoreUnavailable; the command may then have been done or not."""
    try:
        async with asyncio.timeout(seconds):
            return await asked
    except (RedisError, OSError) as error:  # a time-out is an OSError
        raise unavailable(error, redis, seconds) from error


def unavailable(error: Exception, redis: Redis, seconds: float) -> StoreUnavailable:
    """The error that says what is wrong with the store, without anything that was sent to it or stored in it."""
    return StoreUnavailable(_explain(error, address(redis), seconds))


def address(redis: Redis) -> str:
    """Where the server is, without the user or the password."""
    options = redis.connection_pool.connection_kwargs
    return options.get("path") or f"{options.get('host', 'localhost')}:{options.get('port', 6379)}"


def _pool(url: str, connections: int) -> Redis:
    try:
        options: dict[str, Any] = {**parse_url(url)}
    except ValueError:  # its text may hold a part of the password
        raise StoreUnavailable(f"The store's address is not understood. It is like {FORMS}.") from None
    ours = {
        "retry": Retry(NoBackoff(), 0),
        "socket_timeout": None,  # `answer` has the time-outs, also for blocking reads
        "socket_connect_timeout": CONNECT_SECONDS,
        "max_connections": connections,
        "timeout": None,  # also for waiting for a free connection
        "decode_responses": False,
        "protocol": 2,
        "driver_info": None,  # no CLIENT SETINFO on each new connection
    }
    pool = BlockingConnectionPool(**options | ours)
    try:
        pool.make_connection()  # type: ignore[no-untyped-call]
    except TypeError:
        raise StoreUnavailable(f"The store's address has unknown options. It is like {FORMS}.") from None
    return Redis.from_pool(pool)


def _explain(error: Exception, where: str, seconds: float) -> str:
    if isinstance(error, AuthenticationError | NoPermissionError) or "password" in str(error):
        return f"The store at {where} refuses us. Check the user name and password in its address."
    if isinstance(error.__cause__, TimeoutError):  # redis-py wraps a time-out while connecting
        error = error.__cause__
    match error:
        case BusyLoadingError():
            return f"The store at {where} is still reading its data. Try again in a moment."
        case TimeoutError() | asyncio.TimeoutError():
            return f"The store at {where} did not answer within {seconds:g} seconds."
        case ConnectionError() | OSError():
            return f"Nothing answers at {where}. Start Valkey or Redis there, or correct the store's address."
        case MovedError():
            return (
                f"The store at {where} is one node of a cluster, with a part of the keys. Name a server that has all."
            )
        case ResponseError():
            return f"The store at {where} refused a command: {_code(error)}."
    return f"The store at {where} failed: {type(error).__name__}."


def _code(error: ResponseError) -> str:
    """The server's code of the error, such as OOM or READONLY. The rest of its text may quote what was sent."""
    word = str(error).split(" ", 1)[0]
    return word if word.isupper() else type(error).__name__
