"""The outbox with several processes: dead and slow workers, an emptied store, duties of another version."""

import asyncio
import logging

import pytest
from redis.asyncio import Redis

from dialogue.duties import Duty
from dialogue.ports import StoreUnavailable
from storage.connection import connect
from storage.conversations import ValkeyConversations
from storage.keys import ALL_SHARDS, shard_of
from storage.outbox import ValkeyOutbox
from tests.clock import SetClock
from tests.storage.support import MASTER_KEY, FaultyLine, check_page, send_page, started

pytestmark = pytest.mark.anyio

AT_ONCE = 0.001
"""After which a worker that is not heard of counts as dead."""


@pytest.fixture
def store(redis: Redis) -> ValkeyConversations:
    return ValkeyConversations(redis, MASTER_KEY)


@pytest.fixture
def outbox(redis: Redis, clock: SetClock) -> ValkeyOutbox:
    return ValkeyOutbox(redis, clock)


async def committed(store: ValkeyConversations) -> Duty:
    """The duty to send a page, committed with its conversation."""
    page = send_page(started("a"))
    await store.commit(started("a"), [page])
    return page


async def lying(redis: Redis) -> int:
    """Duties in all streams and among the delayed."""
    return sum([await redis.xlen(shard.outbox) + await redis.zcard(shard.due) for shard in ALL_SHARDS])


async def taken_after(outbox: ValkeyOutbox, worker: str) -> list[str]:
    """The first duties that come, however often one must look."""
    async with asyncio.timeout(20):
        while True:
            if found := await outbox.take(worker, 0):
                return [duty.id for duty in found]


async def test_a_page_that_a_dead_worker_took_goes_to_another(
    redis: Redis, clock: SetClock, store: ValkeyConversations, outbox: ValkeyOutbox
) -> None:
    page = await committed(store)
    assert await outbox.take("dead", 0) == [page]
    assert await ValkeyOutbox(redis, clock).take("patient", 0) == []
    other = ValkeyOutbox(redis, clock, AT_ONCE)
    assert await taken_after(other, "other") == [page.id]
    await other.done(page)
    assert await lying(redis) == 0


async def test_a_worker_that_starts_again_under_its_name_gets_its_own_at_once(
    redis: Redis, clock: SetClock, store: ValkeyConversations, outbox: ValkeyOutbox
) -> None:
    page = await committed(store)
    assert await outbox.take("embedded", 0) == [page]
    again = ValkeyOutbox(redis, clock)
    assert await again.take("embedded", 0) == [page]
    assert await again.take("embedded", 0) == []


async def test_a_worker_that_is_heard_of_keeps_what_takes_it_long(
    redis: Redis, clock: SetClock, store: ValkeyConversations
) -> None:
    """A draft may take minutes: nobody else begins another one meanwhile."""
    slow, other = ValkeyOutbox(redis, clock, AT_ONCE), ValkeyOutbox(redis, clock, claim_after=600)
    page = await committed(store)
    assert await slow.take("slow", 0) == [page]
    outbox = shard_of("a").outbox
    [pending] = await redis.xpending_range(outbox, "workers", "-", "+", 10)
    await redis.xclaim(outbox, "workers", "slow", 0, [pending["message_id"]], idle=3_600_000)  # an hour passes
    assert await slow.take("slow", 0) == []
    assert await other.take("other", 0) == []
    await slow.done(page)
    assert await lying(redis) == 0


async def test_what_is_under_way_is_not_handed_out_again_however_seldom_the_worker_looks(
    redis: Redis, clock: SetClock, store: ValkeyConversations
) -> None:
    outbox = ValkeyOutbox(redis, clock, AT_ONCE)
    page = await committed(store)
    assert await outbox.take("w", 0) == [page]
    for _ in range(20):
        assert await outbox.take("w", 0) == []


async def test_a_duty_that_was_never_handed_out_is_not_kept(
    redis: Redis, clock: SetClock, store: ValkeyConversations, line: FaultyLine
) -> None:
    """The answer that brought it was lost: nobody is at work on it, whatever the server believes."""
    ours = await connect(line.url)
    outbox = ValkeyOutbox(ours, clock, AT_ONCE)
    assert await outbox.take("w", 0) == []
    page = await committed(store)
    lost = 0
    found: list[str] = []
    async with asyncio.timeout(20):
        while not found:
            if lost < 5:
                line.swallow_next_answer()
            try:
                found = [duty.id for duty in await outbox.take("w", 0)]
            except StoreUnavailable:
                lost += 1
    assert (lost, found) == (5, [page.id])
    await ours.aclose()


async def test_done_twice_or_by_two_workers_does_no_harm(
    redis: Redis, clock: SetClock, store: ValkeyConversations, outbox: ValkeyOutbox
) -> None:
    page = await committed(store)
    other = ValkeyOutbox(redis, clock, AT_ONCE)
    assert await outbox.take("one", 0) == [page]
    assert await taken_after(other, "two") == [page.id]
    await outbox.done(page)
    await other.done(page)
    assert await lying(redis) == 0


async def test_a_dead_worker_that_comes_back_does_not_undo_a_deferral(
    redis: Redis, clock: SetClock, store: ValkeyConversations, outbox: ValkeyOutbox
) -> None:
    page = await committed(store)
    other = ValkeyOutbox(redis, clock, AT_ONCE)
    await outbox.take("one", 0)
    await taken_after(other, "two")
    await other.defer(page, clock.at + 30)
    await outbox.done(page)
    clock.at += 30
    assert [duty.id for duty in await other.take("two", 0)] == [page.id]


async def test_a_deferral_whose_answer_was_lost_is_neither_lost_nor_doubled(
    redis: Redis, clock: SetClock, store: ValkeyConversations, line: FaultyLine
) -> None:
    ours = await connect(line.url)
    outbox = ValkeyOutbox(ours, clock)
    page = await committed(store)
    [duty] = await outbox.take("w", 0)
    line.swallow_next_answer()
    with pytest.raises(StoreUnavailable):
        await outbox.defer(duty, clock.at + 30)
    assert await lying(redis) == 1
    clock.at += 30
    assert [again.id for again in await outbox.take("w", 0)] == [page.id]
    await ours.aclose()


async def test_an_emptied_store_is_joined_again(redis: Redis, store: ValkeyConversations, outbox: ValkeyOutbox) -> None:
    assert await outbox.take("w", 0) == []
    await redis.flushall()
    page = await committed(store)
    assert await outbox.take("w", 0) == [page]


async def test_what_was_committed_before_any_worker_began_is_carried_out(
    store: ValkeyConversations, outbox: ValkeyOutbox
) -> None:
    for number in range(40):
        await store.commit(started(f"c{number}"), [send_page(started(f"c{number}"))])
    found = [duty for _ in range(10) for duty in await outbox.take("w", 0)]
    assert {duty.conversation for duty in found} == {f"c{number}" for number in range(40)}
    assert len(found) == 40


async def test_a_duty_of_a_newer_version_stays_for_it_and_holds_up_nobody(
    redis: Redis, store: ValkeyConversations, outbox: ValkeyOutbox, caplog: pytest.LogCaptureFixture
) -> None:
    await redis.xadd(shard_of("a").outbox, {"d": b'{"type":"canary","id":"x","conversation":"a","due":1}'})
    await store.commit(started("a"), [send_page(started("a"))])
    with caplog.at_level(logging.ERROR):
        assert await outbox.take("w", 0) == [send_page(started("a"))]
    await outbox.done(send_page(started("a")))
    assert await lying(redis) == 1
    assert [record.getMessage().rsplit(" ", 1)[0] for record in caplog.records] == [
        "the outbox holds a duty that this version does not know: entry"
    ]


async def test_more_delayed_duties_than_one_batch_all_become_due(
    clock: SetClock, store: ValkeyConversations, outbox: ValkeyOutbox
) -> None:
    owed = [check_page(started("a"), clock.at + 60, attempt) for attempt in range(50)]
    await store.commit(started("a", clock.at), owed)
    clock.at += 60
    found = [duty.id for _ in range(10) for duty in await outbox.take("w", 0)]
    assert sorted(found) == sorted(duty.id for duty in owed)


async def test_a_store_that_is_away_is_said_and_then_served_again(
    redis: Redis, clock: SetClock, store: ValkeyConversations, line: FaultyLine
) -> None:
    ours = await connect(line.url)
    outbox = ValkeyOutbox(ours, clock)
    await outbox.take("w", 0)
    line.refusing = True
    await line.cut()
    with pytest.raises(StoreUnavailable, match="Nothing answers at"):
        await outbox.take("w", 0)
    line.refusing = False
    page = await committed(store)
    assert await outbox.take("w", 0) == [page]
    await ours.aclose()


async def test_a_waiting_worker_holds_up_no_other_command(redis: Redis, clock: SetClock, line: FaultyLine) -> None:
    ours = await connect(line.url, connections=2)
    waiting = asyncio.create_task(ValkeyOutbox(ours, clock).take("w", 600))
    for _ in range(50):
        assert await ours.ping()
    assert not waiting.done()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await ours.aclose()
