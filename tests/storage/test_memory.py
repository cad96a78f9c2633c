"""What is particular to the store in memory: when a worker counts as dead. What all stores share is in
test_contract.py."""

import pytest

from storage.memory import MemoryChanges, MemoryConversations, MemoryOutbox
from tests.clock import SetClock
from tests.storage.support import send_page, started

pytestmark = pytest.mark.anyio


@pytest.fixture
async def outbox(clock: SetClock) -> MemoryOutbox:
    """With one page owed."""
    outbox = MemoryOutbox(clock, claim_after=60)
    await MemoryConversations(outbox, MemoryChanges()).commit(started("a"), [send_page(started("a"))])
    return outbox


async def test_a_worker_that_is_not_heard_of_loses_its_duties_to_another(outbox: MemoryOutbox, clock: SetClock) -> None:
    assert await outbox.take("dead", 0) == [send_page(started("a"))]
    clock.at += 59
    assert await outbox.take("other", 0) == []
    clock.at += 1
    assert await outbox.take("other", 0) == [send_page(started("a"))]


async def test_a_worker_that_is_heard_of_keeps_what_takes_it_long(outbox: MemoryOutbox, clock: SetClock) -> None:
    assert await outbox.take("slow", 0) == [send_page(started("a"))]
    for _ in range(10):
        clock.at += 59
        assert await outbox.take("slow", 0) == []
        assert await outbox.take("other", 0) == []


async def test_a_waiting_worker_gives_up_when_its_time_is_over(clock: SetClock) -> None:
    assert await MemoryOutbox(clock).take("w", 0.01) == []
