"""The store as a whole: opened with its own key only, and honest about what can be lost."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from dialogue.ports import StoreUnavailable
from dialogue.staff_ports import StaffDirectory, StaffMember
from storage.embedded import EmbeddedValkey
from storage.sealing import SealBroken
from storage.store import open_store, warn_if_volatile
from tests.clock import NOON, SetClock
from tests.storage.support import MASTER_KEY, check_page, send_page, started, until, urgent

pytestmark = pytest.mark.anyio

OTHER_KEY = bytes(32)


async def test_a_conversation_and_its_page_survive_the_process(
    server: EmbeddedValkey, redis: Redis, clock: SetClock
) -> None:
    turn = urgent(started("a"))
    async with open_store(server.url, MASTER_KEY, clock) as store:
        await store.conversations.commit(started("a"), [])
        await store.conversations.commit(turn, [send_page(turn), check_page(turn, NOON + 60)])
        session = await store.sessions.open(member := await _nurse(store.staff))
    async with open_store(server.url, MASTER_KEY, clock) as store:
        assert await store.conversations.load("a") == turn
        assert await store.outbox.take("w", 0) == [send_page(turn)]
        assert await store.sessions.member(session) == member


async def _nurse(staff: StaffDirectory) -> StaffMember:
    await staff.add("Kim Park", "nurse", "correct horse battery")
    found = await staff.verify("kim park", "correct horse battery")
    assert found
    return found


async def test_a_store_opens_with_the_key_it_was_made_with_only(
    server: EmbeddedValkey, redis: Redis, clock: SetClock
) -> None:
    async with open_store(server.url, MASTER_KEY, clock) as store:
        await store.conversations.commit(started("a"), [])
    with pytest.raises(SealBroken, match="was sealed with another master key. Set the one it was made with"):
        async with open_store(server.url, OTHER_KEY, clock):
            raise AssertionError("opened")
    async with open_store(server.url, MASTER_KEY, clock) as store:
        assert await store.conversations.load("a") == started("a")


async def test_no_store_is_said_at_once(tmp_path: Path, clock: SetClock) -> None:
    with pytest.raises(StoreUnavailable, match="Nothing answers at"):
        async with open_store(f"unix://{tmp_path}/none.sock", MASTER_KEY, clock):
            raise AssertionError("opened")


async def test_it_leaves_no_connection_behind(server: EmbeddedValkey, redis: Redis, clock: SetClock) -> None:
    before = len(await redis.client_list())
    async with open_store(server.url, MASTER_KEY, clock) as store:
        await store.outbox.take("w", 0)
    assert len(await redis.client_list()) == before


async def test_the_embedded_store_is_not_volatile(redis: Redis, caplog: pytest.LogCaptureFixture) -> None:
    await warn_if_volatile(redis)
    assert caplog.records == []


async def configure(redis: Redis, settings: Mapping[Any, str | None]) -> None:
    for name, value in settings.items():
        await redis.config_set(name, value or "")

    async def settled() -> bool:
        """A server that has just been told to keep a file first writes all of it, and does not end meanwhile."""
        return not (await redis.info("persistence"))["aof_rewrite_in_progress"]

    await until(settled)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"appendonly": "no"}, "keeps no append-only file: a crash loses pages. Set appendonly yes."),
        ({"appendfsync": "everysec"}, "may lose the last second in a power cut. Set appendfsync always."),
        ({"maxmemory": "100mb", "maxmemory-policy": "allkeys-lru"}, "may drop pages when it is full."),
    ],
)
async def test_a_server_that_can_lose_pages_is_named_with_what_to_set(
    redis: Redis, caplog: pytest.LogCaptureFixture, settings: Mapping[str, str], said: str
) -> None:
    before = await redis.config_get(*settings)
    await configure(redis, settings)
    try:
        with caplog.at_level(logging.WARNING):
            await warn_if_volatile(redis)
    finally:
        await configure(redis, before)
    [record] = caplog.records
    assert said in record.getMessage()


async def test_a_server_that_does_not_tell_its_settings_is_taken_as_it_is(
    server: EmbeddedValkey, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    commands = ["+@all", "-config", "-info"]
    await redis.acl_setuser("clinic", enabled=True, nopass=True, keys=["*"], channels=["*"], commands=commands)
    async with Redis.from_url(server.url.replace("unix://", "unix://clinic@")) as restricted:
        await warn_if_volatile(restricted)
    assert caplog.records == []
    await redis.acl_deluser("clinic")
