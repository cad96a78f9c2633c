"""What an open console is told by itself: that a case changed, that a page rings, that its session has ended."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from channels.console.access import AccessControl, token_of
from channels.console.live import Live
from channels.console.pages import Pages
from channels.console.presence import Presence
from channels.console.rights import LISTEN
from dialogue import events as e
from dialogue.paging_ports import Notice
from dialogue.staff_ports import StaffMember
from policies.levels import Level
from tests.channels.asgi import Exchange, exchange
from tests.channels.console import samples
from tests.channels.console.desk import SAME_ORIGIN, STAFF, Desk

NOTICE = Notice(
    page="p1", key="p1:0", code="K7P2Q", level=Level.EMERGENCY, attempt=0, link="http://console.test/console/cases/c1"
)


class Console:
    """One open console; `event` is the next thing it is told."""

    def __init__(self, talk: Exchange) -> None:
        self._talk = talk

    async def event(self) -> dict[str, str]:
        """The next one that is not about who else comes and goes."""
        while True:
            lines = (await self._talk.piece()).decode().strip().split("\n")
            found = dict(line.partition(": ")[::2] for line in lines)
            if found.get("data") != "consoles":
                return found


async def session_of(desk: Desk, name: str) -> str:
    return await desk.store.sessions.open(StaffMember(name=name, role=STAFF[name]))


@asynccontextmanager
async def listening(desk: Desk, session: str) -> AsyncIterator[Console]:
    async with exchange(desk.app, "/console/events", headers={"Cookie": f"previsit={session}"}) as talk:
        assert (await talk.start())["status"] == 200
        console = Console(talk)
        assert (await console.event())["event"] == "open"
        yield console


@pytest.mark.anyio
async def test_a_change_is_told_by_the_case_s_id_alone(desk: Desk) -> None:
    async with listening(desk, await session_of(desk, "Kim Lee")) as console:
        await desk.engine.act("c-urgent", e.Acknowledged(at=samples.NOW, by="Ana Ruiz"))
        assert await console.event() == {"event": "change", "data": "c-urgent"}


@pytest.mark.anyio
async def test_a_page_rings_every_console_and_one_nurse_s_answer_is_enough(desk: Desk) -> None:
    kim, ana = await session_of(desk, "Kim Lee"), await session_of(desk, "Ana Ruiz")
    async with listening(desk, kim) as first, listening(desk, ana) as second, desk.browser() as browser:
        ringing = asyncio.create_task(desk.presence.ring(NOTICE))
        for console in (first, second):
            told = await console.event()
            assert told["event"] == "ring"
            page = {"key": "p1:0", "page": "p1", "code": "K7P2Q", "level": "EMERGENCY", "siren": False}
            assert json.loads(told["data"]) == page
        assert not ringing.done()
        browser.cookies.set("previsit", kim, domain="console.test")
        answer = await browser.post("/console/rang", data={"token": token_of(kim), "key": "p1:0"})
        assert answer.status_code == 204
        assert await ringing


@pytest.mark.anyio
async def test_an_administrator_s_console_shows_the_page_and_does_not_count_as_a_nurse() -> None:
    desk = Desk(presence=Presence(answer_seconds=0.05))
    ada = await session_of(desk, "Ada Admin")
    async with listening(desk, ada) as console, desk.browser() as browser:
        ringing = asyncio.create_task(desk.presence.ring(NOTICE))
        assert (await console.event())["event"] == "ring"
        browser.cookies.set("previsit", ada, domain="console.test")
        await browser.post("/console/rang", data={"token": token_of(ada), "key": "p1:0"})
        assert not await ringing


@pytest.mark.anyio
async def test_whoever_is_signed_out_is_told_and_hears_no_more(desk: Desk) -> None:
    access = AccessControl(desk.config, Pages(desk.config.clinic), desk.store.sessions, desk.clock)
    live = Live(access, desk.store.changes, desk.presence, desk.store.attendance, desk.streams, look_again_seconds=0)
    app = Starlette(routes=[Route("/console/events", access.reading(live.listen, LISTEN, by_person=False))])
    session = await session_of(desk, "Kim Lee")
    async with exchange(app, "/console/events", headers={"Cookie": f"previsit={session}"}) as talk:
        await talk.start()
        console = Console(talk)
        assert (await console.event())["event"] == "open"
        await desk.store.sessions.close(session)
        assert (await console.event())["event"] == "signed-out"
        assert await talk.piece() == b"", "the stream has ended"
    assert not await desk.presence.ring(NOTICE), "no console is open any more"


@pytest.mark.anyio
async def test_nobody_listens_without_signing_in(desk: Desk) -> None:
    async with exchange(desk.app, "/console/events") as talk:
        assert (await talk.start())["status"] == 401


@pytest.mark.anyio
async def test_a_console_that_only_listens_does_not_stay_signed_in(desk: Desk) -> None:
    session = await session_of(desk, "Kim Lee")
    desk.clock.at += desk.config.idle_seconds - 1
    async with listening(desk, session):
        desk.clock.at += 2
        assert await desk.store.sessions.member(session, active=False) is None


@pytest.mark.anyio
async def test_a_person_at_work_says_so_and_stays(desk: Desk) -> None:
    session = await session_of(desk, "Kim Lee")
    desk.clock.at += desk.config.idle_seconds - 1
    async with desk.browser() as browser:
        browser.cookies.set("previsit", session, domain="console.test")
        answer = await browser.post("/console/awake", data={"token": token_of(session)}, headers=SAME_ORIGIN)
    assert answer.status_code == 204
    desk.clock.at += 2
    assert await desk.store.sessions.member(session, active=False) is not None
