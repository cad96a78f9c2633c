"""A real Valkey server for the folder's tests, emptied before each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from storage.connection import connect
from storage.embedded import EmbeddedValkey
from tests.storage.support import FaultyLine, SetClock


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
