"""redis-py's traps, each shown closed, and what is said when there is no store."""

import asyncio
import traceback
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import MovedError

from dialogue.ports import StoreUnavailable
from storage.connection import address, answer, connect, unavailable
from storage.embedded import EmbeddedValkey
from tests.storage.support import FaultyLine, until

pytestmark = pytest.mark.anyio


async def test_a_write_whose_answer_was_lost_is_not_repeated(redis: Redis, line: FaultyLine) -> None:
    ours = await connect(line.url)
    line.swallow_next_answer()
    with pytest.raises(StoreUnavailable):
        await answer(ours, ours.xadd("stream", {"page": "1"}))
    assert line.swallowed == 1
    assert await redis.xlen("stream") == 1
    await ours.aclose()


async def test_an_address_cannot_reopen_a_trap(server: EmbeddedValkey) -> None:
    ours = await connect(f"{server.url}?socket_timeout=0.01&retry_on_timeout=yes&decode_responses=1&max_connections=1")
    try:
        assert await answer(ours, ours.blpop(["nothing"], timeout=0.1), 5) is None
        assert await asyncio.gather(*(answer(ours, ours.ping()) for _ in range(20))) == [True] * 20
        await ours.set("bytes", "x")
        assert await ours.get("bytes") == b"x"
    finally:
        await ours.aclose()


async def test_a_read_may_block_for_longer_than_an_answer_may_take(redis: Redis) -> None:
    blocked = answer(redis, redis.xread({"stream": "$"}, block=300), seconds=5)
    assert await blocked in (None, [], {})


async def test_a_store_that_says_nothing_is_given_up_and_its_connection_not_used_again(redis: Redis) -> None:
    with pytest.raises(StoreUnavailable, match=r"did not answer within 0\.05 seconds"):
        await answer(redis, redis.blpop(["nothing"], timeout=20), seconds=0.05)
    assert await asyncio.gather(*(answer(redis, redis.ping()) for _ in range(10))) == [True] * 10


async def test_a_full_pool_makes_callers_wait(server: EmbeddedValkey) -> None:
    ours = await connect(server.url, connections=4)
    assert await asyncio.gather(*(answer(ours, ours.echo(str(n))) for n in range(500))) == [
        str(n).encode() for n in range(500)
    ]
    assert len(await ours.client_list()) <= 64
    await ours.aclose()


async def test_a_dropped_connection_is_replaced_before_it_is_used(redis: Redis, line: FaultyLine) -> None:
    ours = await connect(line.url)
    [idle] = ours.connection_pool._available_connections

    async def has_heard() -> bool:
        return bool(idle._reader is None or idle._reader.at_eof())

    await line.cut()
    await until(has_heard)
    await answer(ours, ours.set("key", "value"))
    assert await redis.get("key") == b"value"
    await ours.aclose()


async def test_replies_are_parsed_in_c(redis: Redis) -> None:
    pytest.importorskip("hiredis")
    connection = redis.connection_pool.make_connection()  # type: ignore[no-untyped-call]
    assert type(connection._parser).__name__ == "_AsyncHiredisParser"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("unix:///nowhere/valkey.sock", "Nothing answers at /nowhere/valkey.sock. Start Valkey or Redis there"),
        ("redis://:hunter2@127.0.0.1:1/0", "Nothing answers at 127.0.0.1:1. "),
        ("rediss://nurse:hunter2@127.0.0.1:1", "Nothing answers at 127.0.0.1:1. "),
        ("http://:hunter2@127.0.0.1", "not understood. It is like redis://"),
        ("redis://:hunter2/x@127.0.0.1:1", "not understood. It is like redis://"),
        ("hunter2", "not understood. It is like redis://"),
        ("", "not understood. It is like redis://"),
        ("redis://:hunter2@127.0.0.1:1?colour=hunter2", "unknown options. It is like redis://"),
        ("redis://:hunter2@127.0.0.1:1?socket_timeout=hunter2", "not understood. It is like redis://"),
    ],
)
async def test_a_wrong_address_is_explained_without_its_password(url: str, said: str) -> None:
    with pytest.raises(StoreUnavailable) as caught:
        await connect(url)
    assert said in str(caught.value)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


async def test_a_store_that_wants_a_password_says_so(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path)
    await server.start()
    try:
        admin = await connect(server.url)
        await admin.config_set("requirepass", "hunter2")
        await admin.aclose()
        for url in (server.url, f"{server.url}?password=hunter3"):
            with pytest.raises(StoreUnavailable, match="refuses us. Check the user name and password") as caught:
                await connect(url)
            assert "hunter" not in str(caught.value)
        right = await connect(f"{server.url}?password=hunter2")
        assert "hunter2" not in address(right)
        await right.aclose()
    finally:
        await server.stop()


async def test_a_refused_command_is_named_by_its_code(redis: Redis) -> None:
    await redis.set("key", "not a stream")
    with pytest.raises(StoreUnavailable, match="refused a command: WRONGTYPE") as caught:
        await answer(redis, redis.xlen("key"))
    assert "not a stream" not in str(caught.value)


async def test_one_node_of_a_cluster_is_told_apart_from_a_fault(redis: Redis) -> None:
    moved = unavailable(MovedError("866 192.0.2.7:6379"), redis, 5)
    assert "is a node of a cluster that does not say so" in str(moved) and "192.0.2.7" not in str(moved)


async def test_a_full_store_is_unavailable_for_writes(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path)
    await server.start()
    redis = await connect(server.url)
    try:
        await redis.config_set("maxmemory", "1")
        with pytest.raises(StoreUnavailable, match=r"refused a command: (OOM|OutOfMemoryError)\."):
            await answer(redis, redis.set("key", "value"))
    finally:
        await redis.aclose()
        await server.stop()
