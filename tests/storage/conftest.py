"""A real Valkey server for the folder's tests, emptied before each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from storage.connection import connect
from storage.embedded import EmbeddedValkey
from storage.store import Store, memory_store, open_store
from tests.clock import SetClock
from tests.storage.support import MASTER_KEY, FaultyLine


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="session")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedValkey]:
    server = EmbeddedValkey(tmp_path_factory.mktemp("store"))
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def redis(server: EmbeddedValkey) -> AsyncIterator[Redis]:
    redis = await connect(server.url)
    await redis.flushall()
    yield redis
    await redis.aclose()


@pytest.fixture
async def line(server: EmbeddedValkey, redis: Redis, tmp_path: Path) -> AsyncIterator[FaultyLine]:
    async with FaultyLine(server.url, tmp_path / "line.sock").standing() as line:
        yield line


@pytest.fixture(params=["memory", "valkey"])
async def store(
    request: pytest.FixtureRequest, server: EmbeddedValkey, redis: Redis, clock: SetClock
) -> AsyncIterator[Store]:
    """Every kind of store in turn: what a test says of it holds for all."""
    if request.param == "memory":
        yield memory_store(clock)
        return
    async with open_store(server.url, MASTER_KEY, clock) as store:
        yield store
