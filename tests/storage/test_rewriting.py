"""Deleted values leave the server's files, even if a rewrite is interrupted."""

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from dialogue.ports import StoreUnavailable
from storage.connection import connect
from storage.conversations import ValkeyConversations
from storage.embedded import EmbeddedValkey
from storage.keys import shard_of
from storage.rewriting import Rewriting
from tests.storage.support import MASTER_KEY, said, started, until, written

pytestmark = pytest.mark.anyio

TEN_SECONDS = "10000000"  # a rewrite that needs so long for each key does not end while we look


@pytest.fixture
async def own_server(tmp_path: Path) -> AsyncIterator[EmbeddedValkey]:
    server = EmbeddedValkey(tmp_path / "own")
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def own(own_server: EmbeddedValkey) -> AsyncIterator[Redis]:
    redis = await connect(own_server.url)
    yield redis
    await redis.aclose()


class Never(Rewriting):
    """Deletes without a rewrite, as a process that is killed at once."""

    async def rewrite(self) -> bool:
        return False


async def kept_then_deleted(redis: Redis, conversation_id: str) -> bytes:
    """The sealed value of a conversation that was deleted, its rewrite still to come."""
    store = ValkeyConversations(redis, MASTER_KEY, Never(redis))
    await store.commit(started(conversation_id), [])
    await store.commit(said(started(conversation_id), "canary"), [])
    value = await redis.hget(shard_of(conversation_id).conversation(conversation_id), "s")
    assert isinstance(value, bytes)
    await store.destroy(conversation_id)
    return value


async def in_progress(redis: Redis) -> bool:
    return bool((await redis.info("persistence"))["aof_rewrite_in_progress"])


async def ended(redis: Redis) -> bool:
    return not await in_progress(redis)


async def test_nothing_deleted_is_nothing_to_rewrite(redis: Redis) -> None:
    await ValkeyConversations(redis, MASTER_KEY).commit(started("a"), [])
    assert not await Rewriting(redis, 0).rewrite()


async def test_a_deletion_of_a_process_that_was_killed_is_made_final_by_another(
    own: Redis, own_server: EmbeddedValkey
) -> None:
    value = await kept_then_deleted(own, "a")
    assert value in written(own_server.folder)
    rewriting = Rewriting(own, 0.001)
    assert await rewriting.rewrite()
    await until(lambda: ended(own))
    assert value not in written(own_server.folder)
    assert not await rewriting.rewrite()
    assert not await Rewriting(own, 0.001).rewrite()


async def test_many_deletions_share_a_rewrite(redis: Redis) -> None:
    for number in range(20):
        await kept_then_deleted(redis, f"c{number}")
    rewriting = Rewriting(redis, 0.001)
    assert await rewriting.rewrite()
    await until(lambda: ended(redis))
    assert not await rewriting.rewrite()


async def test_two_rewrites_keep_their_distance_whoever_asks(redis: Redis) -> None:
    await kept_then_deleted(redis, "a")
    assert await Rewriting(redis, 3600).rewrite()
    await until(lambda: ended(redis))
    await kept_then_deleted(redis, "b")
    assert not await Rewriting(redis, 3600).rewrite()


async def test_a_deletion_while_a_rewrite_runs_waits_for_the_next(redis: Redis) -> None:
    await kept_then_deleted(redis, "a")
    rewriting = Rewriting(redis, 0.001)
    assert await rewriting.rewrite()
    await kept_then_deleted(redis, "b")
    await until(lambda: ended(redis))
    assert await rewriting.rewrite()
    await until(lambda: ended(redis))
    assert not await rewriting.rewrite()


async def test_a_rewrite_that_a_crash_cut_short_is_done_again(own: Redis, own_server: EmbeddedValkey) -> None:
    value = await kept_then_deleted(own, "a")
    rewriting = Rewriting(own, 0.001)
    await own.config_set("rdb-key-save-delay", TEN_SECONDS)
    assert await rewriting.rewrite()
    assert await in_progress(own)
    assert own_server.pid
    kill_children(own_server)
    os.kill(own_server.pid, signal.SIGKILL)

    async def begins_again() -> bool:
        try:
            return await rewriting.rewrite()
        except StoreUnavailable:
            return False

    await until(begins_again)
    await until(lambda: ended(own))
    assert value not in written(own_server.folder)
    assert not await rewriting.rewrite()


async def test_a_rewrite_that_failed_is_done_again(own: Redis, own_server: EmbeddedValkey) -> None:
    value = await kept_then_deleted(own, "a")
    rewriting = Rewriting(own, 0.001)
    await own.config_set("rdb-key-save-delay", TEN_SECONDS)
    assert await rewriting.rewrite()
    kill_children(own_server)
    await own.config_set("rdb-key-save-delay", "0")
    await until(lambda: ended(own))
    assert value in written(own_server.folder)
    assert await rewriting.rewrite()
    await until(lambda: ended(own))
    assert value not in written(own_server.folder)


def kill_children(server: EmbeddedValkey) -> None:
    """Of which the only one is that which writes the file anew."""
    for child in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text("utf-8").split():
        os.kill(int(child), signal.SIGKILL)


async def test_a_server_that_allows_no_rewrite_is_named_once(
    own: Redis, own_server: EmbeddedValkey, caplog: pytest.LogCaptureFixture
) -> None:
    await kept_then_deleted(own, "a")
    await own.acl_setuser("clinic", enabled=True, nopass=True, keys=["*"], commands=["+@all", "-bgrewriteaof"])
    restricted = await connect(own_server.url.replace("unix://", "unix://clinic@"))
    rewriting = Rewriting(restricted, 0.001)
    assert not await rewriting.rewrite()
    assert not await rewriting.rewrite()
    assert [record.getMessage() for record in caplog.records] == [
        "The store allows no BGREWRITEAOF: its own files keep deleted values, sealed, for a while."
    ]
    await restricted.aclose()
