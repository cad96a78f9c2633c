"""A real Valkey server for the folder's tests, and a cluster of three, emptied before each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from benchmarks.killed_cluster import KilledCluster, cluster_of
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


@pytest.fixture(scope="session")
async def nodes(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[KilledCluster]:
    """Without replicas. No node counts as dead within a test, whatever happens to it."""
    async with cluster_of(tmp_path_factory.mktemp("nodes"), silence=600) as cluster:
        yield cluster


@pytest.fixture
async def cluster(nodes: KilledCluster) -> KilledCluster:
    await nodes.empty()
    return nodes


@pytest.fixture(params=["memory", "valkey", "cluster"])
def place(request: pytest.FixtureRequest) -> str:
    """The address of each kind of store in turn; none of that in memory."""
    if request.param == "memory":
        return ""
    if request.param == "valkey":
        request.getfixturevalue("redis")
        return str(request.getfixturevalue("server").url)
    return str(request.getfixturevalue("cluster").url)


@pytest.fixture
async def store(place: str, clock: SetClock) -> AsyncIterator[Store]:
    """Every kind of store in turn: what a test says of it holds for all."""
    if not place:
        yield memory_store(clock)
        return
    async with open_store(place, MASTER_KEY, clock) as store:
        yield store
