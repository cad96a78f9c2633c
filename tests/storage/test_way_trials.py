"""The latest test of the ways to page, in memory and in a real Valkey: one worker tests at a time."""

import asyncio
from typing import Any

import pytest
from redis.asyncio import Redis

from policies.way_trials import TrialRound, WayTrial
from storage.way_trials import MemoryWayTrials, ValkeyWayTrials
from tests.clock import NOON, SetClock

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["memory", "valkey"])
async def trials(request: pytest.FixtureRequest, redis: Redis, clock: SetClock) -> Any:
    return MemoryWayTrials(clock) if request.param == "memory" else ValkeyWayTrials(redis)


async def test_of_many_workers_one_tests(trials: Any) -> None:
    turns = await asyncio.gather(*(trials.begin(60.0) for _ in range(10)))
    assert sorted(turns) == [False] * 9 + [True]


async def test_the_latest_is_what_is_read(trials: Any) -> None:
    assert await trials.latest() is None
    done = TrialRound(at=NOON, trials=(WayTrial(way="ntfy", arrived=False, reason="ntfy answered 500"),))
    await trials.note(done)
    assert await trials.latest() == done
