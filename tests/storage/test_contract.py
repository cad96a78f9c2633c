"""What every store must do: the one in memory and the one on Valkey."""

import asyncio

import pytest

from benchmarks.sample_conversation import finished, versions
from dialogue.conversation import Paging, Review, State
from dialogue.duties import Duty
from dialogue.ports import Conflict
from policies.levels import Level
from storage.store import Store
from tests.clock import SetClock
from tests.storage.support import assess, check_page, said, send_page, started, urgent

pytestmark = pytest.mark.anyio


async def test_an_unknown_conversation_is_none(store: Store) -> None:
    assert await store.conversations.load("nobody") is None


async def test_every_version_is_read_as_it_was_written(store: Store) -> None:
    for conversation, duties in versions("a"):
        await store.conversations.commit(conversation, duties)
        assert await store.conversations.load("a") == conversation


async def test_a_turn_over_an_old_version_is_a_conflict_and_writes_nothing(store: Store) -> None:
    first = started("a")
    mine, theirs = said(first, "mine"), urgent(first)
    await store.conversations.commit(first, [])
    await store.conversations.commit(mine, [])
    with pytest.raises(Conflict, match="Version 2 of conversation a"):
        await store.conversations.commit(theirs, [send_page(theirs)])
    assert await store.conversations.load("a") == mine
    assert await store.outbox.take("w", 0) == []
    assert await store.conversations.waiting(10) == []


async def test_turns_may_be_written_in_one_step_with_what_all_of_them_owe(store: Store) -> None:
    first = started("a")
    both = urgent(first)
    for _ in range(2):
        await store.conversations.commit(both, [assess(first), send_page(first)], turns=2)
    assert await store.conversations.load("a") == both
    assert {duty.id for duty in await store.outbox.take("w", 0)} == {assess(first).id, send_page(first).id}
    with pytest.raises(Conflict):
        await store.conversations.commit(said(first, "at the same time"), [], turns=2)


@pytest.mark.parametrize("ahead", [1, 5])
async def test_a_version_cannot_be_left_out(store: Store, ahead: int) -> None:
    conversation = started("a")
    for _ in range(ahead):
        conversation = said(conversation, "more")
    with pytest.raises(Conflict):
        await store.conversations.commit(conversation, [])
    assert await store.conversations.load("a") is None


async def test_repeating_a_commit_is_no_conflict_and_adds_no_duty(store: Store) -> None:
    conversation = started("a")
    for _ in range(3):
        await store.conversations.commit(conversation, [send_page(conversation)])
    assert await store.outbox.take("w", 0) == [send_page(conversation)]
    assert await store.outbox.take("w", 0) == []


async def test_a_duty_of_another_conversation_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="of another conversation than a"):
        await store.conversations.commit(started("a"), [send_page(started("b"))])
    assert await store.conversations.load("a") is None
    assert await store.outbox.take("w", 0) == []


async def test_of_fifty_writers_of_one_version_one_wins(store: Store, clock: SetClock) -> None:
    first = started("a", clock.at - 10)
    await store.conversations.commit(first, [])
    turns = [urgent(first, f"pain {number}") for number in range(50)]
    outcomes = await asyncio.gather(
        *(store.conversations.commit(turn, [send_page(turn, attempt)]) for attempt, turn in enumerate(turns)),
        return_exceptions=True,
    )
    [winner] = [number for number, outcome in enumerate(outcomes) if outcome is None]
    assert all(isinstance(outcome, Conflict) for number, outcome in enumerate(outcomes) if number != winner)
    assert await store.conversations.load("a") == turns[winner]
    assert await store.outbox.take("w", 0) == [send_page(turns[winner], winner)]


async def test_fifty_writers_who_load_again_are_all_heard(store: Store) -> None:
    await store.conversations.commit(started("a"), [])

    async def write(text: str) -> None:
        while True:
            current = await store.conversations.load("a")
            assert current
            try:
                return await store.conversations.commit(said(current, text), [])
            except Conflict:
                continue

    await asyncio.gather(*(write(f"word {number}") for number in range(50)))
    final = await store.conversations.load("a")
    assert final and final.version == 51
    assert {entry.event.text for entry in final.log if entry.event.type == "said"} == {
        f"word {number}" for number in range(50)
    }


async def test_a_duty_due_later_comes_exactly_then(store: Store, clock: SetClock) -> None:
    conversation = started("a", clock.at)
    later = check_page(conversation, clock.at + 60)
    await store.conversations.commit(conversation, [later])
    clock.at += 59.999
    assert await store.outbox.take("w", 0) == []
    clock.at += 0.001
    assert await store.outbox.take("w", 0) == [later]


async def test_duties_come_in_the_order_they_are_due(store: Store, clock: SetClock) -> None:
    owed: list[Duty] = []
    for number in range(30):
        conversation = started(f"c{number}", clock.at)
        owed.append(check_page(conversation, clock.at + (number * 7919) % 30 + 1))
        await store.conversations.commit(conversation, [owed[-1]])
    clock.at += 100
    assert await store.outbox.take("w", 0) == sorted(owed, key=lambda duty: duty.due)


async def test_a_duty_that_is_done_never_comes_again(store: Store, clock: SetClock) -> None:
    conversation = started("a")
    await store.conversations.commit(conversation, [send_page(conversation), assess(conversation)])
    for duty in await store.outbox.take("w", 0):
        await store.outbox.done(duty)
        await store.outbox.done(duty)
    clock.at += 10_000
    assert await store.outbox.take("w", 0) == []


async def test_two_workers_share(store: Store) -> None:
    for number in range(20):
        conversation = started(f"c{number}")
        await store.conversations.commit(conversation, [send_page(conversation)])
    first, second = await asyncio.gather(store.outbox.take("one", 0), store.outbox.take("two", 0))
    assert sorted(duty.conversation for duty in [*first, *second]) == sorted(f"c{number}" for number in range(20))


async def test_a_deferred_duty_comes_at_its_new_time(store: Store, clock: SetClock) -> None:
    conversation = started("a")
    await store.conversations.commit(conversation, [send_page(conversation)])
    [duty] = await store.outbox.take("w", 0)
    await store.outbox.defer(duty, clock.at + 30)
    clock.at += 29
    assert await store.outbox.take("w", 0) == []
    clock.at += 1
    [again] = await store.outbox.take("w", 0)
    assert again == duty.model_copy(update={"due": clock.at})
    await store.outbox.done(again)
    clock.at += 1000
    assert await store.outbox.take("w", 0) == []


async def test_a_duty_owed_again_with_a_new_time_takes_the_old_ones_place(store: Store, clock: SetClock) -> None:
    first = started("a", clock.at)
    second = said(first, "still here")
    await store.conversations.commit(first, [check_page(first, clock.at + 60)])
    await store.conversations.commit(second, [check_page(second, clock.at + 90)])
    clock.at += 89
    assert await store.outbox.take("w", 0) == []
    clock.at += 1
    assert await store.outbox.take("w", 0) == [check_page(second, clock.at)]


async def test_a_duty_owed_again_while_it_is_carried_out_is_not_lost(store: Store, clock: SetClock) -> None:
    first = started("a")
    await store.conversations.commit(first, [check_page(first, first.updated_at)])
    [duty] = await store.outbox.take("w", 0)
    second = said(first, "go on")
    again = check_page(second, clock.at + 60)
    await store.conversations.commit(second, [again])
    await store.outbox.done(duty)
    clock.at += 60
    assert await store.outbox.take("w", 0) == [again]


async def test_deferring_a_duty_that_is_owed_anew_leaves_the_new_one(store: Store, clock: SetClock) -> None:
    first = started("a")
    await store.conversations.commit(first, [check_page(first, first.updated_at)])
    [duty] = await store.outbox.take("w", 0)
    second = said(first, "go on")
    await store.conversations.commit(second, [check_page(second, clock.at + 60)])
    await store.outbox.defer(duty, clock.at + 5)
    clock.at += 30
    assert await store.outbox.take("w", 0) == []
    clock.at += 30
    assert await store.outbox.take("w", 0) == [check_page(second, clock.at)]


async def test_a_waiting_worker_gets_a_duty_when_it_is_committed(store: Store) -> None:
    waiting = asyncio.create_task(store.outbox.take("w", 60))
    conversation = started("a")
    await asyncio.sleep(0)
    await store.conversations.commit(conversation, [send_page(conversation)])
    async with asyncio.timeout(20):
        assert await waiting == [send_page(conversation)]


async def test_a_waiting_worker_gets_a_duty_when_it_becomes_due(store: Store, clock: SetClock) -> None:
    conversation = started("a")
    duty = check_page(conversation, clock.at + 3600)
    await store.conversations.commit(conversation, [duty])
    waiting = asyncio.create_task(store.outbox.take("w", 60))
    await asyncio.sleep(0)
    clock.at += 3600
    async with asyncio.timeout(20):
        assert await waiting == [duty]


async def test_a_duty_under_way_is_not_handed_out_again(store: Store) -> None:
    conversation = started("a")
    await store.conversations.commit(conversation, [send_page(conversation)])
    assert await store.outbox.take("w", 0)
    assert await store.outbox.take("w", 0) == []


async def test_nothing_is_left_of_a_destroyed_conversation(store: Store, clock: SetClock) -> None:
    conversation = urgent(started("a"))
    await store.conversations.commit(started("a"), [])
    await store.conversations.commit(conversation, [check_page(conversation, clock.at + 60)])
    await store.conversations.destroy("a")
    await store.conversations.destroy("a")
    clock.at += 1000
    assert await store.conversations.load("a") is None
    assert await store.conversations.waiting(10) == []
    assert await store.outbox.take("w", 0) == []


async def test_of_a_destroyed_conversation_with_a_page_it_is_known_that_it_was_not_lost(store: Store) -> None:
    await store.conversations.commit(started("a"), [])
    await store.conversations.commit(urgent(started("a")), [])
    await store.conversations.commit(started("b"), [])
    assert await store.conversations.were_destroyed(["a", "b", "never"]) == set()
    for each in ("a", "b", "never"):
        await store.conversations.destroy(each)
    assert await store.conversations.were_destroyed(["a", "b", "never"]) == {"a"}


async def test_a_turn_cannot_bring_a_destroyed_conversation_back(store: Store) -> None:
    conversation = started("a")
    await store.conversations.commit(conversation, [])
    await store.conversations.destroy("a")
    with pytest.raises(Conflict):
        await store.conversations.commit(said(conversation, "wait"), [])
    assert await store.conversations.load("a") is None


async def test_those_who_wait_come_in_the_order_of_the_queue(store: Store) -> None:
    levels = [Level.LOW, Level.HIGH, Level.MEDIUM, Level.HIGH]
    for number, level in enumerate(levels):
        reviewing = {"review": Review.OPEN, "state": State.NURSE_REVIEW, "level": level}
        await store.conversations.commit(started(f"c{number}", 1000.0 + number).model_copy(update=reviewing), [])
    await store.conversations.commit(started("idle"), [])
    paged = urgent(started("paged"))
    await store.conversations.commit(started("paged"), [])
    await store.conversations.commit(paged, [])
    found = await store.conversations.waiting(10)
    assert [conversation.id for conversation in found] == ["paged", "c1", "c3", "c2", "c0"]
    assert found[0] == paged
    assert [conversation.id for conversation in await store.conversations.waiting(2)] == ["paged", "c1"]


async def test_one_that_no_longer_waits_leaves_the_queue(store: Store) -> None:
    paged = urgent(started("a"))
    await store.conversations.commit(started("a"), [])
    await store.conversations.commit(paged, [])
    done = said(paged, "thanks").model_copy(update={"paging": Paging.NONE, "state": State.CLOSED})
    await store.conversations.commit(done, [])
    assert await store.conversations.waiting(10) == []


async def test_who_listens_is_told_of_commits_and_destruction(store: Store) -> None:
    async with store.changes.listen("a") as of_a, store.changes.listen(None) as of_all:
        await store.conversations.commit(started("b"), [])
        await store.conversations.commit(started("a"), [])
        async with asyncio.timeout(20):
            assert await anext(of_all) == "b"
            assert await anext(of_all) == "a"
            assert await anext(of_a) == "a"
            await store.conversations.destroy("a")
            assert await anext(of_a) == "a"


async def test_a_slow_listener_is_told_once_of_many_changes(store: Store) -> None:
    async with store.changes.listen(None) as slow, store.changes.listen("last") as marker:
        for conversation, _ in versions("a"):
            await store.conversations.commit(conversation, [])
        await store.conversations.commit(started("last"), [])
        async with asyncio.timeout(20):
            await anext(marker)
            assert [await anext(slow), await anext(slow)] == ["a", "last"]


async def test_a_conflict_is_no_change(store: Store) -> None:
    async with store.changes.listen(None) as changes:
        with pytest.raises(Conflict):
            await store.conversations.commit(said(started("a"), "too early"), [])
        await store.conversations.commit(started("b"), [])
        async with asyncio.timeout(20):
            assert await anext(changes) == "b"


async def test_a_typical_finished_conversation_survives_the_way(store: Store) -> None:
    for conversation, duties in versions("a"):
        await store.conversations.commit(conversation, duties)
    assert await store.conversations.load("a") == finished("a")
