"""The queue without decrypting conversations, who is at the console, and the figures; in memory and on Valkey."""

import pytest
from redis.asyncio import Redis

from dialogue.conversation import Arrival, Conversation, Review, State
from dialogue.queue import place_of, read_place, written
from dialogue.staff_ports import Attending
from policies.lease import Lease
from policies.levels import Level
from policies.roles import Role
from storage.keys import ALL_SHARDS
from storage.store import Store
from tests.clock import SetClock
from tests.storage.support import said, started, urgent

pytestmark = pytest.mark.anyio


def reviewing(conversation_id: str, **changes: object) -> Conversation:
    update = {
        "review": Review.OPEN,
        "state": State.NURSE_REVIEW,
        "level": Level.MEDIUM,
        "arrival": Arrival(at=1000.0, level=Level.MEDIUM, protocols=("sore_throat",)),
    }
    return started(conversation_id).model_copy(update=update | changes)


async def test_the_queue_is_told_in_order_with_what_a_filter_needs(store: Store) -> None:
    lease = Lease(owner="Kim | Lee", token=3, until=5000.0)
    cases = [
        reviewing("low", level=Level.LOW, for_doctor=True),
        reviewing("mine", lease=lease),
        urgent(started("paged")),
    ]
    await store.conversations.commit(started("paged"), [])
    for case in cases:
        await store.conversations.commit(case, [])
    places = await store.conversations.places()
    assert [place._replace(text="") for place in places] == [place_of(case) for case in reversed(cases)]
    assert await store.conversations.places() == places
    taken = said(cases[0], "more").model_copy(update={"lease": lease})
    await store.conversations.commit(taken, [])
    assert (await store.conversations.places())[-1].owner == "Kim | Lee", "what has changed is read anew"
    assert [place.since for place in places[1:]] == [1000.0, 1000.0]
    assert (places[1].owner_at(4999.0), places[1].owner_at(5000.0)) == ("Kim | Lee", "")
    loaded = await store.conversations.load_all([place.id for place in places])
    assert [case.id for case in loaded] == ["paged", "mine", "low"]
    assert [case.id for case in await store.conversations.load_all(["low", "nobody", "mine"])] == ["low", "mine"]
    assert await store.conversations.load_all([]) == []


async def test_who_no_longer_waits_or_is_destroyed_leaves_no_place_behind(store: Store, redis: Redis) -> None:
    for name in ("done", "gone"):
        await store.conversations.commit(reviewing(name), [])
    closed = said(reviewing("done"), "thanks").model_copy(update={"review": Review.DONE, "state": State.CLOSED})
    await store.conversations.commit(closed, [])
    await store.conversations.destroy("gone")
    assert await store.conversations.places() == []
    assert not any([await redis.exists(shard.queue) for shard in ALL_SHARDS])


def test_a_place_is_written_in_one_short_line_without_a_word_of_the_patient_s() -> None:
    place = place_of(reviewing("a", lease=Lease(owner="Kim Lee", token=3, until=5000.4)))
    assert place and written(place) == "200 5000 Kim Lee"
    assert read_place("a", place.rank, written(place)) == place._replace(owned_until=5000.0, text=written(place))


def test_a_case_that_an_older_version_put_into_the_queue_still_waits() -> None:
    assert read_place("a", 12.0, "").page_open
    assert not read_place("a", 9e12, "").page_open


async def test_what_is_counted_outlives_the_conversation_and_says_nothing_of_the_patient(
    store: Store, redis: Redis
) -> None:
    await store.conversations.commit(started("chat"), [])
    await store.conversations.commit(reviewing("a"), [])
    await store.conversations.destroy("a")
    [figures] = await store.conversations.figures()
    assert (figures.code, figures.came_level, figures.protocols) == ("C-a", Level.MEDIUM, ("sore_throat",))
    for shard in ALL_SHARDS:
        assert "sore_throat" not in str(await redis.hgetall(shard.figures))


async def test_who_asks_for_deletion_is_not_counted_either(store: Store) -> None:
    await store.conversations.commit(reviewing("a"), [])
    gone = said(reviewing("a"), "delete my answers").model_copy(update={"withdrawn": True})
    await store.conversations.commit(gone, [])
    assert await store.conversations.figures() == []


async def test_who_is_at_the_console_is_known_until_they_leave_or_are_not_heard_of(
    store: Store, clock: SetClock
) -> None:
    kim = Attending(name="Kim Lee", role=Role.NURSE, case="c1")
    ana = Attending(name="Ana Ruiz", role=Role.NURSE)
    await store.attendance.here("page-1", kim, 40)
    await store.attendance.here("page-2", ana, 40)
    assert sorted(who.name for who in await store.attendance.everyone()) == ["Ana Ruiz", "Kim Lee"]
    await store.attendance.gone("page-2")
    await store.attendance.gone("page-2")
    clock.at += 39
    await store.attendance.here("page-1", kim, 40)
    clock.at += 39
    assert await store.attendance.everyone() == [kim]
    clock.at += 1
    assert await store.attendance.everyone() == []


async def test_other_consoles_are_told_who_comes_and_goes(store: Store) -> None:
    kim = Attending(name="Kim Lee", role=Role.NURSE)
    async with store.changes.listen(None) as changed:
        await store.attendance.here("page-1", kim, 40)
        assert await anext(changed) == "consoles"
        await store.attendance.here("page-1", kim, 40)
        await store.attendance.gone("page-1")
        assert await anext(changed) == "consoles"
