"""Conversations on a real Valkey: lost answers, crashes, tampering, what is left after deletion, and what it costs."""

import asyncio
import logging
import os
import signal
from pathlib import Path

import pytest
from redis.asyncio import Redis

from benchmarks.sample_conversation import finished, versions
from dialogue.conversation import Conversation, Paging
from dialogue.ports import Conflict, Newer, StoreUnavailable
from storage.connection import connect
from storage.conversations import ValkeyConversations
from storage.embedded import EmbeddedValkey
from storage.keys import ALL_SHARDS, shard_of
from storage.outbox import ValkeyOutbox
from storage.sealing import SealBroken, Sealer
from storage.writing import write
from tests.clock import NOON, SetClock
from tests.storage.support import (
    MASTER_KEY,
    FaultyLine,
    check_page,
    said,
    send_page,
    started,
    until,
    urgent,
    written,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
def store(redis: Redis) -> ValkeyConversations:
    return ValkeyConversations(redis, MASTER_KEY)


def key_of(conversation_id: str) -> str:
    return shard_of(conversation_id).conversation(conversation_id)


async def streamed(redis: Redis) -> int:
    return sum([await redis.xlen(shard.outbox) for shard in ALL_SHARDS])


async def test_a_commit_whose_answer_was_lost_can_be_repeated(redis: Redis, line: FaultyLine) -> None:
    ours = await connect(line.url)
    store = ValkeyConversations(ours, MASTER_KEY)
    first = started("a")
    second = urgent(first)
    await store.commit(first, [])
    line.swallow_next_answer()
    with pytest.raises(StoreUnavailable):
        await store.commit(second, [send_page(second), check_page(second, NOON + 60)])
    assert line.swallowed == 1
    for _ in range(2):
        await store.commit(second, [send_page(second), check_page(second, NOON + 60)])
    assert await streamed(redis) == 1
    assert await redis.zcard(shard_of("a").due) == 1
    assert await store.load("a") == second
    await ours.aclose()


async def test_after_a_lost_answer_another_turn_of_that_version_is_still_a_conflict(
    redis: Redis, line: FaultyLine
) -> None:
    ours = await connect(line.url)
    store = ValkeyConversations(ours, MASTER_KEY)
    first = started("a")
    await store.commit(first, [])
    line.swallow_next_answer()
    with pytest.raises(StoreUnavailable):
        await store.commit(said(first, "one"), [])
    with pytest.raises(Conflict):
        await store.commit(said(first, "two"), [])
    await ours.aclose()


async def test_a_turn_is_two_round_trips(redis: Redis, line: FaultyLine) -> None:
    ours = await connect(line.url)
    store = ValkeyConversations(ours, MASTER_KEY)
    conversation = started("a")
    await store.commit(conversation, [])
    before = line.requests
    loaded = await store.load("a")
    assert loaded
    turn = urgent(loaded)
    await store.commit(turn, [send_page(turn), check_page(turn, NOON + 60)])
    assert line.requests - before == 2
    await ours.aclose()


async def test_scripts_are_sent_again_after_the_server_forgot_them(redis: Redis, store: ValkeyConversations) -> None:
    first = started("a")
    await store.commit(first, [])
    await redis.script_flush()
    await store.commit(said(first, "more"), [])
    assert (await store.load("a")) == said(first, "more")


async def test_two_hundred_loads_at_once(redis: Redis, store: ValkeyConversations) -> None:
    for number in range(200):
        await store.commit(started(f"c{number}"), [])
    reader = ValkeyConversations(redis, MASTER_KEY)
    assert await asyncio.gather(*(reader.load(f"c{number}") for number in range(200))) == [
        started(f"c{number}") for number in range(200)
    ]


async def test_a_finished_conversation_takes_one_key_of_six_kilobytes(redis: Redis, store: ValkeyConversations) -> None:
    name = "Zk3vYw0p9dTq1xLr5sBn8A"
    for conversation, duties in versions(name):
        await store.commit(conversation, duties)
    keys = [key async for key in redis.scan_iter(match=f"*{name}*")]
    assert keys == [key_of(name).encode()]
    size = await redis.memory_usage(keys[0], samples=0)
    assert size is not None and size <= 6 * 1024
    assert finished(name).version == 18


async def test_no_word_of_a_patient_is_kept_in_the_clear(redis: Redis, store: ValkeyConversations) -> None:
    turn = urgent(started("a"), "canary in the chest")
    await store.commit(started("a"), [])
    await store.commit(turn, [send_page(turn), check_page(turn, NOON + 60)])
    for key in await redis.keys("*"):
        kept = await redis.dump(key)
        assert kept and b"canary" not in kept


@pytest.mark.parametrize("fields", [("s",), ("k", "s"), ("v", "n", "k", "s")])
async def test_values_swapped_between_conversations_do_not_open(
    redis: Redis, store: ValkeyConversations, fields: tuple[str, ...]
) -> None:
    await store.commit(started("a"), [])
    await store.commit(started("b"), [])
    mine, theirs = await redis.hmget(key_of("a"), fields), await redis.hmget(key_of("b"), fields)
    await redis.hset(key_of("a"), mapping=dict(zip(fields, theirs, strict=True)))  # type: ignore[arg-type]
    await redis.hset(key_of("b"), mapping=dict(zip(fields, mine, strict=True)))  # type: ignore[arg-type]
    reader = ValkeyConversations(redis, MASTER_KEY)
    for name in ("a", "b"):
        with pytest.raises(SealBroken):
            await reader.load(name)


async def test_an_older_version_put_back_does_not_open(redis: Redis, store: ValkeyConversations) -> None:
    await store.commit(started("a"), [])
    old = await redis.hmget(key_of("a"), ("k", "s"))
    await store.commit(said(started("a"), "more"), [])
    await redis.hset(key_of("a"), mapping={"k": old[0], "s": old[1]})  # type: ignore[dict-item]
    with pytest.raises(SealBroken):
        await ValkeyConversations(redis, MASTER_KEY).load("a")


async def test_what_another_process_committed_is_loaded(redis: Redis, store: ValkeyConversations) -> None:
    await store.commit(started("a"), [])
    assert await store.load("a")
    other = ValkeyConversations(redis, MASTER_KEY)
    await other.commit(said(started("a"), "elsewhere"), [])
    assert await store.load("a") == said(started("a"), "elsewhere")
    await other.destroy("a")
    assert await store.load("a") is None


async def test_one_broken_conversation_does_not_hide_the_queue(
    redis: Redis, store: ValkeyConversations, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("a", "b", "c"):
        await store.commit(started(name), [])
        await store.commit(urgent(started(name), "canary"), [])
    await redis.hset(key_of("b"), "s", b"x" * 100)
    found = await ValkeyConversations(redis, MASTER_KEY).waiting(10)
    assert [conversation.id for conversation in found] == ["a", "c"]
    assert [record.getMessage() for record in caplog.records] == ["conversation b cannot be opened (SealBroken)"]


async def keep_as_of_tomorrow(redis: Redis, conversation: Conversation) -> None:
    """Keeps it as a later version of previsit may, with a field that this one lacks."""
    text = write(conversation).text.removesuffix(b"}") + b',"mood":"canary"}'
    sealed = Sealer(MASTER_KEY).seal(text, f"{conversation.id} version {conversation.version}")
    await redis.hset(key_of(conversation.id), mapping={"k": sealed.key, "s": sealed.value, "n": sealed.digest})


async def test_what_a_newer_version_wrote_is_left_as_it_is_and_stays_in_the_queue(
    redis: Redis, store: ValkeyConversations, clock: SetClock
) -> None:
    first = started("a")
    await store.commit(first, [])
    raised = urgent(first, "canary")
    await store.commit(raised, [send_page(raised)])
    await keep_as_of_tomorrow(redis, raised)
    kept = await redis.hgetall(key_of("a"))

    older = ValkeyConversations(redis, MASTER_KEY)
    with pytest.raises(Newer, match="Conversation a was written by a newer version of previsit") as caught:
        await older.load("a")
    assert "canary" not in str(caught.value) and caught.value.__suppress_context__
    with pytest.raises(Conflict):
        await older.commit(said(first, "over it"), [])
    assert await redis.hgetall(key_of("a")) == kept
    assert [(place.id, place.page_open) for place in await older.places()] == [("a", True)]
    assert await ValkeyOutbox(redis, clock).take("w", 0) == [send_page(raised)]


async def test_a_value_of_the_wrong_type_is_refused_without_quoting_it(store: ValkeyConversations) -> None:
    wrong = started("a").model_copy(update={"paging": "canary"})
    with pytest.raises(TypeError, match="Conversation a holds a value of the wrong type") as caught:
        await store.commit(wrong, [])
    assert "canary" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.fixture
async def own_server(tmp_path: Path) -> EmbeddedValkey:
    server = EmbeddedValkey(tmp_path / "own")
    await server.start()
    return server


async def test_destroyed_values_are_gone_from_the_files(own_server: EmbeddedValkey) -> None:
    redis = await connect(own_server.url)
    store = ValkeyConversations(redis, MASTER_KEY)
    first, turn = started("a"), urgent(started("a"), "canary in the chest")
    await store.commit(first, [])
    await store.commit(turn, [check_page(turn, NOON + 60)])
    await store.commit(started("kept"), [])
    key, value = await redis.hmget(key_of("a"), ("k", "s"))
    assert isinstance(key, bytes) and isinstance(value, bytes)
    before = written(own_server.folder)
    assert key in before and value in before and b"check:a:1" in before and b"canary" not in before

    await store.destroy("a")

    async def rewritten() -> bool:
        return value not in written(own_server.folder)

    await until(rewritten)
    after = written(own_server.folder)
    assert key not in after and b"check:a:1" not in after and b"canary" not in after
    assert await store.load("kept") == started("kept")
    await redis.aclose()
    await own_server.stop()


async def test_a_killed_server_loses_nothing_it_answered_for(
    own_server: EmbeddedValkey, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    redis = await connect(own_server.url)
    store = ValkeyConversations(redis, MASTER_KEY)
    answered: dict[str, Conversation] = {}
    enough = asyncio.Event()

    async def talk(name: str) -> None:
        conversation = started(name)
        while True:
            try:
                await store.commit(conversation, [send_page(conversation, conversation.version)])
            except StoreUnavailable:
                return
            answered[name] = conversation
            if sum(known.version for known in answered.values()) >= 200:
                enough.set()
            conversation = urgent(conversation, f"word {conversation.version}")

    talks = [asyncio.create_task(talk(f"c{number}")) for number in range(8)]
    await enough.wait()
    assert own_server.pid
    os.kill(own_server.pid, signal.SIGKILL)
    await asyncio.gather(*talks)

    async def back() -> bool:
        try:
            return bool(await redis.ping())
        except Exception:
            return False

    await until(back)
    clock.at += 10_000
    pages: set[str] = set()
    outbox = ValkeyOutbox(redis, clock)
    while found := await outbox.take("w", 0):
        assert not pages & {duty.id for duty in found}
        pages |= {duty.id for duty in found}
    for name, conversation in answered.items():
        kept = await ValkeyConversations(redis, MASTER_KEY).load(name)
        assert kept and kept.version >= conversation.version
        assert kept.log[: conversation.version] == conversation.log
        assert {f"page:{name}:{version}" for version in range(1, kept.version + 1)} <= pages
        assert kept.version == 1 or kept.paging is Paging.OPEN
    await redis.aclose()
    await own_server.stop()


async def test_the_queue_follows_what_another_process_writes(redis: Redis) -> None:
    ours, theirs = ValkeyConversations(redis, MASTER_KEY), ValkeyConversations(redis, MASTER_KEY)
    for name in ("a", "b"):
        await theirs.commit(started(name), [])
        await theirs.commit(urgent(started(name)), [])
    both = await ours.places()
    assert [place.id for place in both] == ["a", "b"]
    assert await ours.places() == both
    again = said(urgent(started("a")), "and more").model_copy(update={"for_doctor": True})
    await theirs.commit(again, [])
    assert [(place.id, place.for_doctor) for place in await ours.places()] == [("a", True), ("b", False)]
    await theirs.destroy("b")
    assert [place.id for place in await ours.places()] == ["a"]
