"""Connections to one Redis or Valkey server, without redis-py's dangerous defaults. Knows nothing about clusters.

redis-py must not repeat commands: a write whose reply was lost may have happened. A blocking read has a time-out of its
own, so that no general one interrupts and repeats it. If the pool is full, callers wait.
"""

from collections.abc import Mapping
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from dialogue.ports import StoreUnavailable

CONNECT_SECONDS = 5.0
FORMS = "redis://HOST:6379/0, rediss://HOST:6379/0 (TLS) or unix:///PATH/valkey.sock"

Options = Mapping[str, Any]
"""What an address says, as redis-py reads it."""


def options_of(url: str) -> Options:
    """Raises StoreUnavailable for what is no address."""
    try:
        return {**parse_url(url)}
    except ValueError:  # its text may hold a part of the password
        raise StoreUnavailable(f"The store's address is not understood. It is like {FORMS}.") from None


def client(options: Options, connections: int) -> Redis:
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
    pool = BlockingConnectionPool(**{**options, **ours})
    try:
        pool.make_connection()  # type: ignore[no-untyped-call]
    except TypeError:
        raise unknown_options() from None
    return Redis.from_pool(pool)


def unknown_options() -> StoreUnavailable:
    return StoreUnavailable(f"The store's address has unknown options. It is like {FORMS}.")
