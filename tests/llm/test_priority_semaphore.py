"""Waiting tasks are admitted by urgency; one that gives up takes no place."""

import asyncio

import pytest
from anyio.lowlevel import checkpoint

from llm.priority_semaphore import PrioritySemaphore

pytestmark = pytest.mark.anyio


class Visits:
    """Who was let in, in order; each stays until told."""

    def __init__(self, places: int) -> None:
        self.semaphore = PrioritySemaphore(places)
        self.entered: list[str] = []
        self.leave = asyncio.Event()

    async def visit(self, name: str, urgency: int) -> None:
        async with self.semaphore.acquired(urgency):
            self.entered.append(name)
            await self.leave.wait()

    async def comes(self, name: str, urgency: int) -> asyncio.Task[None]:
        task = asyncio.create_task(self.visit(name, urgency))
        for _ in range(3):
            await checkpoint()
        return task


async def test_the_most_urgent_goes_first_and_of_equals_who_came_first() -> None:
    visits = Visits(1)
    tasks = [await visits.comes(*one) for one in (("inside", 1), ("low", 1), ("high", 3), ("high too", 3), ("top", 4))]
    assert visits.entered == ["inside"]
    visits.leave.set()
    await asyncio.gather(*tasks)
    assert visits.entered == ["inside", "top", "high", "high too", "low"]


async def test_never_more_than_the_limit_hold_it_at_once() -> None:
    visits = Visits(2)
    tasks = [await visits.comes(str(number), 1) for number in range(5)]
    assert visits.entered == ["0", "1"]
    visits.leave.set()
    await asyncio.gather(*tasks)
    assert len(visits.entered) == 5


@pytest.mark.parametrize("after_its_turn_came", [False, True])
async def test_a_cancelled_waiter_takes_no_place(after_its_turn_came: bool) -> None:
    visits = Visits(1)
    first, second, third = [await visits.comes(name, 1) for name in ("first", "second", "third")]
    if after_its_turn_came:
        visits.leave.set()
        await first  # the place is handed to the second, which has not run yet
        second.cancel()
    else:
        second.cancel()
        visits.leave.set()
        await first
    await asyncio.wait([second, third])
    assert "third" in visits.entered
    assert (await visits.comes("later", 1)).done() or "later" in visits.entered
