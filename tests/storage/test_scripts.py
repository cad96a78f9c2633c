"""The Lua scripts: sent once, and safe when they fail half-way."""

import pytest
from redis.asyncio import Redis

from dialogue.ports import StoreUnavailable
from storage.connection import connect
from storage.conversations import ValkeyConversations
from storage.keys import shard_of
from storage.outbox import ValkeyOutbox
from storage.scripts import FOLDER, Script
from tests.clock import SetClock
from tests.storage.support import (
    MASTER_KEY,
    FaultyLine,
    send_page,
    started,
    urgent,
)

pytestmark = pytest.mark.anyio


def test_every_script_says_what_its_keys_and_arguments_are() -> None:
    for path in FOLDER.glob("*.lua"):
        text = path.read_text("utf-8")
        assert "-- KEYS: " in text and "-- ARGV: " in text, path.name


async def test_a_write_that_fails_half_way_leaves_the_page_rather_than_the_turn(redis: Redis, clock: SetClock) -> None:
    """A page without its turn is looked at in vain; a turn without its page would be a patient whom nobody calls."""
    store = ValkeyConversations(redis, MASTER_KEY)
    turn = urgent(started("a"))
    await store.commit(started("a"), [])
    await redis.set(shard_of("a").waiting, "broken")
    with pytest.raises(StoreUnavailable, match="refused a command"):
        await store.commit(turn, [send_page(turn)])
    assert await store.load("a") == started("a")
    assert await ValkeyOutbox(redis, clock).take("w", 0) == [send_page(turn)]
    await redis.delete(shard_of("a").waiting)
    await store.commit(turn, [send_page(turn)])
    assert await store.load("a") == turn


async def test_a_script_is_sent_once_and_then_called_by_its_name(redis: Redis, line: FaultyLine) -> None:
    ours = await connect(line.url)
    await redis.script_flush()
    script = Script("spend")
    for _ in range(3):
        before = line.requests
        assert await script.run(ours, ["bucket"], 100.0, 5, 1.0, 1) == b"0"
        trips = line.requests - before
    assert trips == 1
    await ours.aclose()


async def test_a_scripts_error_quotes_nothing_that_was_sent(redis: Redis) -> None:
    await redis.set("bucket", "canary")
    with pytest.raises(StoreUnavailable, match="refused a command") as caught:
        await Script("spend").run(redis, ["bucket"], "canary", 5, 1.0, 1)
    assert "canary" not in str(caught.value)
