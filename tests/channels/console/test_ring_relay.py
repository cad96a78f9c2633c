"""A page rings on every server where a nurse has the console open; one answer anywhere is enough."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest

from channels.console.presence import Presence
from channels.console.ring_relay import SharedRingRelay
from dialogue.paging_ports import Notice
from dialogue.ports import StoreUnavailable
from dialogue.staff_ports import Attending
from policies.levels import Level
from policies.roles import Role
from storage.attendance import MemoryAttendance
from storage.memory import MemoryChanges
from storage.rings import MemoryRings
from tests.clock import SetClock

pytestmark = pytest.mark.anyio

NOTICE = Notice(page="p1", key="p1:0", code="K7P2Q", level=Level.EMERGENCY, attempt=0, link="http://console.test/c1")
KIM = Attending(name="Kim Lee", role=Role.NURSE)


@dataclass
class Clinic:
    """Two servers with a worker apart; `answer_seconds` is for all of them."""

    rings: MemoryRings
    attendance: MemoryAttendance
    worker: Presence
    here: Presence
    there: Presence


@asynccontextmanager
async def clinic(answer_seconds: float = 30.0) -> AsyncIterator[Clinic]:
    rings, attendance = MemoryRings(), MemoryAttendance(SetClock(), MemoryChanges())
    found = []
    async with AsyncExitStack() as stack:
        for name in ("worker", "here", "there"):
            relay = SharedRingRelay(rings, attendance, name)
            presence = Presence(answer_seconds, relay)
            await stack.enter_async_context(relay.reaching(presence))
            found.append(presence)
        await asyncio.sleep(0)  # all of them listen
        yield Clinic(rings, attendance, *found)


async def test_it_rings_on_every_server_once_and_an_answer_on_one_is_heard() -> None:
    rung = asyncio.Queue[str]()
    async with clinic() as all_of_it:
        await all_of_it.attendance.here("a", KIM, 60)
        with (
            all_of_it.here.connected(lambda notice: rung.put_nowait(f"here {notice.key}")),
            all_of_it.there.connected(lambda notice: rung.put_nowait(f"there {notice.key}")),
        ):
            ringing = asyncio.create_task(all_of_it.worker.ring(NOTICE))
            assert {await rung.get(), await rung.get()} == {"here p1:0", "there p1:0"}
            await all_of_it.there.shown("p1:0")
            assert await ringing
        assert rung.empty()


async def test_who_sends_it_rings_its_own_consoles_once() -> None:
    rung: list[Notice] = []
    async with clinic() as all_of_it:
        with all_of_it.here.connected(rung.append):
            ringing = asyncio.create_task(all_of_it.here.ring(NOTICE))
            await asyncio.sleep(0)
            await all_of_it.here.shown("p1:0")
            assert await ringing
    assert rung == [NOTICE]


async def test_without_open_consoles_elsewhere_nobody_is_waited_for() -> None:
    async with asyncio.timeout(20), clinic(answer_seconds=600) as all_of_it:
        assert not await all_of_it.worker.ring(NOTICE)
        await all_of_it.attendance.here("e", Attending(name="Ed", role=Role.ENGINEER), 60)
        assert not await all_of_it.worker.ring(NOTICE), "an engineer answers no page"


async def test_a_console_that_does_not_answer_has_shown_nothing() -> None:
    async with clinic(answer_seconds=0.01) as all_of_it:
        await all_of_it.attendance.here("a", KIM, 60)
        assert not await all_of_it.worker.ring(NOTICE)


async def test_unknown_messages_are_ignored() -> None:
    rung = asyncio.Queue[Notice]()
    async with clinic() as all_of_it:
        await all_of_it.attendance.here("a", KIM, 60)
        with all_of_it.here.connected(rung.put_nowait):
            for word in ("", "{", '{"by": "x", "notice": {"page": 1}}', '{"by": "x", "newer": true}'):
                await all_of_it.rings.tell(word)
            ringing = asyncio.create_task(all_of_it.worker.ring(NOTICE))
            assert await rung.get() == NOTICE
            await all_of_it.here.shown("p1:0")
            assert await ringing


async def test_consoles_here_ring_even_if_the_store_is_away() -> None:
    class Away(MemoryRings):
        async def tell(self, word: str) -> None:
            raise StoreUnavailable("gone")

    relay = SharedRingRelay(Away(), MemoryAttendance(SetClock(), MemoryChanges()), "here")
    presence = Presence(30.0, relay)
    with presence.connected(lambda notice: presence.answered(notice.key)):
        assert await presence.ring(NOTICE)
