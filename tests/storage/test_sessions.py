"""Signed-in staff: a session ends when it is idle, after the longest time, and when it is closed."""

import pytest
from redis.asyncio import Redis

from dialogue.staff_ports import StaffMember
from policies.roles import Role
from storage.sessions import IDLE_SECONDS, LONGEST_SECONDS, MemorySessions, ValkeySessions
from tests.clock import SetClock

pytestmark = pytest.mark.anyio

KIM = StaffMember(name="Kim Park", role=Role.NURSE)


@pytest.fixture(params=["memory", "valkey"])
def sessions(request: pytest.FixtureRequest, redis: Redis, clock: SetClock) -> MemorySessions | ValkeySessions:
    return MemorySessions(clock) if request.param == "memory" else ValkeySessions(redis, clock)


async def test_a_session_is_its_members_until_it_is_closed(sessions: ValkeySessions) -> None:
    session = await sessions.open(KIM)
    assert await sessions.member(session) == KIM
    await sessions.close(session)
    await sessions.close(session)
    assert await sessions.member(session) is None


async def test_a_made_up_session_is_nobodys(sessions: ValkeySessions) -> None:
    session = await sessions.open(KIM)
    for guess in ("", session[:-1], session.swapcase(), "é", "\ud800", "x" * 10_000):
        assert await sessions.member(guess) is None


async def test_sessions_are_secret_and_each_its_own(sessions: ValkeySessions) -> None:
    one, two = await sessions.open(KIM), await sessions.open(KIM)
    assert one != two and len(one) >= 43
    await sessions.close(one)
    assert await sessions.member(two) == KIM


async def test_it_ends_when_idle_and_not_before(sessions: ValkeySessions, clock: SetClock) -> None:
    session = await sessions.open(KIM)
    for _ in range(3):
        clock.at += IDLE_SECONDS - 1
        assert await sessions.member(session) == KIM
    clock.at += IDLE_SECONDS
    assert await sessions.member(session) is None
    clock.at -= IDLE_SECONDS
    assert await sessions.member(session) is None, "once ended it stays so"


async def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(sessions: ValkeySessions, clock: SetClock) -> None:
    session = await sessions.open(KIM)
    for _ in range(10):
        clock.at += IDLE_SECONDS / 10 - 1
        assert await sessions.member(session, active=False) == KIM
    clock.at += 10
    assert await sessions.member(session, active=False) is None


async def test_it_ends_after_the_longest_time_however_busy(sessions: ValkeySessions, clock: SetClock) -> None:
    session = await sessions.open(KIM)
    opened = clock.at
    while clock.at + 600 < opened + LONGEST_SECONDS:
        clock.at += 600
        assert await sessions.member(session) == KIM
    clock.at = opened + LONGEST_SECONDS
    assert await sessions.member(session) is None


async def test_the_store_cannot_be_used_to_sign_in(redis: Redis, clock: SetClock) -> None:
    session = await ValkeySessions(redis, clock).open(KIM)
    for key in await redis.keys("*"):
        kept = await redis.dump(key)
        assert kept and session.encode() not in kept and session not in str(key)


async def test_a_forgotten_session_leaves_the_store_by_itself(redis: Redis, clock: SetClock) -> None:
    sessions = ValkeySessions(redis, clock, idle_seconds=30)
    await sessions.member(await sessions.open(KIM))
    [key] = await redis.keys("previsit:session:*")
    assert 0 < await redis.pttl(key) <= 30_000
    for key in await redis.keys("*"):
        assert await redis.pttl(key) > 0


async def test_what_a_person_may_changes_in_an_open_session_only(sessions: ValkeySessions) -> None:
    session, ended = await sessions.open(KIM), await sessions.open(KIM)
    await sessions.close(ended)
    changed = KIM.model_copy(update={"emergency_until": 100.0})
    for each in (session, ended):
        await sessions.change(each, changed)
    assert await sessions.member(session) == changed
    assert await sessions.member(ended) is None


async def test_all_sessions_of_one_person_end_and_nobody_elses(sessions: ValkeySessions) -> None:
    own = [await sessions.open(KIM), await sessions.open(KIM)]
    other = await sessions.open(StaffMember(name="Ana Ruiz", role=Role.NURSE))
    await sessions.close_all("kim park")
    assert [await sessions.member(each) for each in own] == [None, None]
    assert await sessions.member(other)
