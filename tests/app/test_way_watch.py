"""Quiet test pages: by every way that can be tried, one worker at a time, and what failed is known afterwards."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from app.paging import tried
from app.settings import read_settings
from app.way_watch import WayWatch, try_person, try_ways
from channels.senders.people import Tickets
from dialogue.paging_ports import Notice, Sender, SendFailed
from policies.rota import Person, Rota, Step
from policies.rota import Way as Route
from storage.way_trials import MemoryWayTrials
from tests.channels.receivers import answering, receiver
from tests.channels.senders.test_others import smtp
from tests.clock import SetClock

pytestmark = pytest.mark.anyio

HOUR = 3600.0
ADDRESSES = {"Kim Lee": "kim@clinic.example", "Ana Ruiz": "gone@clinic.example"}


class Way:
    def __init__(self, name: str, error: Exception | None = None) -> None:
        self.name = name
        self.error = error
        self.tried: list[bool] = []

    async def send(self, notice: Notice) -> None:
        raise AssertionError("a test is no page")

    async def try_out(self, quiet: bool) -> None:
        self.tried.append(quiet)
        if self.error:
            raise self.error


class Hanging(Way):
    async def try_out(self, quiet: bool) -> None:
        await asyncio.Event().wait()


class Console:
    name = "console"

    async def send(self, notice: Notice) -> None:
        raise AssertionError("a test is no page")


def ways(*found: Way) -> Callable[[], Awaitable[list[Sender]]]:
    async def read() -> list[Sender]:
        return list(found)

    return read


async def test_each_way_is_tried_and_one_that_fails_or_hangs_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.way_watch.DEADLINE_SECONDS", 0.05)
    ways = [Way("ntfy"), Way("mail", SendFailed("mail: SMTPException")), Way("x", OSError("10.0.0.7")), Hanging("text")]
    found = await try_ways([Console(), *ways], quiet=True)
    assert [(trial.way, trial.arrived, trial.reason) for trial in found] == [
        ("ntfy", True, ""),
        ("mail", False, "mail: SMTPException"),
        ("x", False, "OSError"),
        ("text", False, "no answer in 0.05 s"),
    ]
    assert ways[0].tried == [True]


async def test_several_workers_test_once_in_each_interval() -> None:
    clock, way = SetClock(), Way("ntfy")
    trials = MemoryWayTrials(clock)
    async with httpx.AsyncClient() as client:
        watches = [WayWatch(ways(way), trials, clock, HOUR, client) for _ in range(3)]
        for watch in (*watches, *watches):
            await watch.once()
        assert way.tried == [True]
        clock.at += HOUR
        await watches[1].once()
        assert way.tried == [True, True]
    latest = await trials.latest()
    assert latest is not None and latest.at == clock.at and latest.trials[0].arrived


async def test_the_heartbeat_beats_only_while_every_way_is_well() -> None:
    clock, way = SetClock(), Way("ntfy")
    async with receiver(answering("200 OK")) as server, httpx.AsyncClient(trust_env=False) as client:
        watch = WayWatch(ways(way), MemoryWayTrials(clock), clock, HOUR, client, server.url)
        await watch.once()
        assert len(server.received) == 1
        way.error, clock.at = SendFailed("ntfy answered 500"), clock.at + HOUR
        await watch.once()
        assert len(server.received) == 1


async def test_without_the_setting_no_tests_are_made() -> None:
    clock, way = SetClock(), Way("ntfy")
    async with httpx.AsyncClient() as client:
        await WayWatch(ways(way), MemoryWayTrials(clock), clock, 0.0, client).once()
    assert way.tried == []


async def test_every_address_of_the_rota_is_asked_for_at_the_mail_server() -> None:
    people = [Person(name=name, ways=(Route(kind="mail", address=address),)) for name, address in ADDRESSES.items()]
    rota = Rota(people=tuple(people), steps=(Step(to="on-call nurse"),))
    async with smtp(refused="gone@clinic.example") as (server, letters), httpx.AsyncClient() as client:
        settings = read_settings({}, mail_server=f"smtp://localhost:{server.port}", mail_from="previsit@clinic.example")
        senders = tried(settings, client, None, Tickets(b"s" * 32, ""), SetClock(), rota)
        found = await try_ways(senders, quiet=True)
    assert [(trial.way, trial.arrived, trial.reason) for trial in found] == [
        ("mail: Kim Lee", True, ""),
        ("mail: Ana Ruiz", False, "mail: Ana Ruiz: SMTPRecipientsRefused"),
    ]
    assert letters == []


async def test_a_person_of_the_rota_is_sent_a_loud_test_by_the_ways_that_are_set_up() -> None:
    ways = (Route(kind="mail", address="kim@clinic.example"), Route(kind="voice", address="+15552220001"))
    async with smtp() as (server, letters):
        settings = read_settings({}, mail_server=f"smtp://localhost:{server.port}", mail_from="previsit@clinic.example")
        found = await try_person(Person(name="Kim Lee", ways=ways), settings, Tickets(b"s" * 32, ""), SetClock())
    assert [(trial.way, trial.arrived) for trial in found] == [("mail: Kim Lee", True)]
    assert "kim@clinic.example" in letters[0] and "test page, nothing to do" in letters[0]
