"""Notices of changes over a connection that breaks: none is missed, and no listener waits for ever."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from dialogue.ports import StoreUnavailable
from storage import changes as module
from storage.changes import ValkeyChanges
from storage.connection import connect
from storage.conversations import ValkeyConversations
from storage.keys import CHANGES
from tests.storage.support import MASTER_KEY, FaultyLine, said, started, until

pytestmark = pytest.mark.anyio


@pytest.fixture
def store(redis: Redis) -> ValkeyConversations:
    return ValkeyConversations(redis, MASTER_KEY)


@pytest.fixture
async def changes(redis: Redis, line: FaultyLine) -> AsyncIterator[ValkeyChanges]:
    """Over the line that can be broken, while commits go past it."""
    ours = await connect(line.url)
    async with ValkeyChanges(ours) as changes:
        yield changes
    await ours.aclose()


async def subscribers(redis: Redis) -> int:
    [(_, count)] = await redis.pubsub_numsub(CHANGES)
    return int(count)


async def test_a_change_during_a_drop_is_told_afterwards(
    redis: Redis, store: ValkeyConversations, changes: ValkeyChanges, line: FaultyLine
) -> None:
    await store.commit(started("a"), [])
    async with asyncio.timeout(20), changes.listen("a") as of_a, changes.listen(None) as of_all:
        line.refusing = True
        await line.cut()

        async def dropped() -> bool:
            return await subscribers(redis) == 0

        await until(dropped)
        await store.commit(said(started("a"), "missed"), [])
        line.refusing = False
        assert await anext(of_a) == "a"
        assert await anext(of_all) == "a"
        await store.commit(said(said(started("a"), "missed"), "heard"), [])
        assert await anext(of_a) == "a"


async def test_a_destruction_during_a_drop_is_told_to_who_listened_to_it(
    redis: Redis, store: ValkeyConversations, changes: ValkeyChanges, line: FaultyLine
) -> None:
    await store.commit(started("a"), [])
    async with asyncio.timeout(20), changes.listen("a") as of_a:
        line.refusing = True
        await line.cut()
        await store.destroy("a")
        line.refusing = False
        assert await anext(of_a) == "a"


async def test_all_listeners_of_a_process_share_one_subscription(redis: Redis, changes: ValkeyChanges) -> None:
    async with changes.listen("a"), changes.listen("b"), changes.listen(None):
        assert await subscribers(redis) == 1


async def test_a_line_that_went_silent_is_noticed_and_replaced(redis: Redis, line: FaultyLine) -> None:
    ours = await connect(line.url)
    async with ValkeyChanges(ours, quiet_seconds=0.05) as changes, changes.listen("a") as of_a:
        line.silence()
        async with asyncio.timeout(20):
            assert await anext(of_a) == "a"
    await ours.aclose()


async def test_a_quiet_line_that_stands_is_kept(redis: Redis, store: ValkeyConversations, line: FaultyLine) -> None:
    ours = await connect(line.url)
    async with ValkeyChanges(ours, quiet_seconds=0.01) as changes, changes.listen(None) as of_all:
        before = line.requests

        async def asked_thrice() -> bool:
            return line.requests >= before + 3

        await until(asked_thrice)
        await store.commit(started("b"), [])
        async with asyncio.timeout(20):
            assert await anext(of_all) == "b"
    await ours.aclose()


async def test_who_comes_while_there_is_no_store_is_told_so(
    changes: ValkeyChanges, line: FaultyLine, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with changes.listen(None):
        pass
    line.refusing = True
    await line.cut()

    async def dropped() -> bool:
        return await subscribers(redis) == 0

    await until(dropped)
    monkeypatch.setattr(module, "ANSWER_SECONDS", 0.01)
    with pytest.raises(StoreUnavailable, match="tells of no changes now"):
        async with changes.listen(None):
            raise AssertionError("there is nothing to listen to")


async def test_many_changes_at_once_are_each_told(
    store: ValkeyConversations, changes: ValkeyChanges, redis: Redis
) -> None:
    """They come in one piece, and in pieces that end in the middle of a word."""
    names = [f"conversation-{number}" for number in range(3000)]
    async with asyncio.timeout(20), changes.listen(None) as of_all:
        pipeline = redis.pipeline(transaction=False)
        for name in names:
            pipeline.publish(CHANGES, name)
        await pipeline.execute()
        assert [await anext(of_all) for _ in names] == names


async def test_what_is_no_word_of_a_change_ends_the_line_and_all_look_again(
    store: ValkeyConversations, changes: ValkeyChanges, line: FaultyLine
) -> None:
    async with asyncio.timeout(20), changes.listen("a") as of_a:
        await store.commit(started("a"), [])
        assert await anext(of_a) == "a"
        line.answer(b"nonsense\r\n")
        assert await anext(of_a) == "a", "whatever changed meanwhile may have been missed"
