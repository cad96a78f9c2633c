"""One round of a page: which senders it goes to, that none delays another, and that no word of a patient is in it."""

import asyncio
from datetime import time

import httpx
import pytest

from channels.on_call import OnCall
from channels.pager import Pager, UnknownSender
from channels.senders.webhook import Webhook
from dialogue.conversation import Conversation, Entry, Page, Paging, State
from dialogue.events import Said
from dialogue.paging_ports import Notice, SendFailed
from policies.facts import Evidence, Fact, Status
from policies.levels import Level
from policies.on_call import Ladder, Step
from policies.rota import DAYS, Person, Rota, Shift, Way
from policies.rota import Step as Rung
from storage.rotas import MemoryRotas
from tests.channels.receivers import answering, receiver
from tests.clock import SetClock

CANARY = "xylophone-canary"

URGENT = Conversation(
    id="c1",
    code="K7P2Q",
    language="en",
    ruleset="",
    created_at=0.0,
    state=State.URGENT,
    paging=Paging.OPEN,
    level=Level.EMERGENCY,
    page=Page(id="p1", raised_at=1.0, rules=("some_rule",)),
    facts=(Fact(finding=CANARY, status=Status.PRESENT, evidence=Evidence(turn=0, quote=CANARY)),),
    log=(Entry(event=Said(at=1.0, key="k", text=CANARY), replies=()),),
)


class Told:
    """A sender that takes every page."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.taken: list[Notice] = []

    async def send(self, notice: Notice) -> None:
        self.taken.append(notice)


class Failing(Told):
    def __init__(self, name: str, error: Exception) -> None:
        super().__init__(name)
        self._error = error

    async def send(self, notice: Notice) -> None:
        raise self._error


class Hanging(Told):
    async def send(self, notice: Notice) -> None:
        await asyncio.Event().wait()


def ladder(*rounds: tuple[str, ...], last_resort: tuple[str, ...] = ()) -> Ladder:
    steps = tuple(Step(to="nurse", senders=names, after_seconds=60) for names in rounds)
    return Ladder(steps=steps, last_resort=last_resort)


def link(conversation_id: str) -> str:
    return f"https://console.clinic.example/console/cases/{conversation_id}"


@pytest.mark.anyio
async def test_the_notice_says_code_level_round_and_link_and_nothing_of_the_patient() -> None:
    sender = Told("a")
    [delivery] = (await Pager(ladder(("a",)), [sender], link).send(URGENT, 3)).deliveries
    assert delivery.accepted
    assert sender.taken == [
        Notice(
            page="p1",
            key="p1:3",
            code="K7P2Q",
            level=Level.EMERGENCY,
            attempt=3,
            link=link("c1"),
            conversation="c1",
            siren=True,
        )
    ]
    assert CANARY not in sender.taken[0].model_dump_json()


@pytest.mark.anyio
async def test_a_sender_that_fails_or_hangs_holds_up_no_other() -> None:
    good = Told("good")
    senders = [
        Hanging("hanging"),
        Failing("failing", SendFailed("failing answered 500")),
        Failing("broken", RuntimeError(CANARY)),
        good,
    ]
    pager = Pager(ladder(("hanging", "failing", "broken", "good")), senders, link, deadline_seconds=0.05)
    found = {each.sender: (each.accepted, each.reason) for each in (await pager.send(URGENT, 0)).deliveries}
    assert found == {
        "hanging": (False, "hanging: no answer in 0.05 s"),
        "failing": (False, "failing answered 500"),
        "broken": (False, "broken: RuntimeError"),
        "good": (True, ""),
    }


@pytest.mark.anyio
async def test_the_good_one_is_reached_before_the_hanging_one_is_given_up() -> None:
    good = Told("good")
    pager = Pager(ladder(("hanging", "good")), [Hanging("hanging"), good], link, deadline_seconds=3600)
    sending = asyncio.create_task(pager.send(URGENT, 0))
    while not good.taken:
        await asyncio.sleep(0)
    assert not sending.done()
    sending.cancel()


@pytest.mark.anyio
async def test_each_round_goes_to_its_step_and_the_last_resort_joins_the_second_time_round() -> None:
    pager = Pager(ladder(("a",), ("b",), last_resort=("c",)), [Told("a"), Told("b"), Told("c")], link)
    rounds = [[each.sender for each in (await pager.send(URGENT, attempt)).deliveries] for attempt in range(4)]
    assert rounds == [["a"], ["b"], ["a", "c"], ["b", "c"]]


@pytest.mark.anyio
async def test_a_conversation_without_a_page_is_not_sent() -> None:
    sender = Told("a")
    sent = await Pager(ladder(("a",)), [sender], link).send(URGENT.model_copy(update={"page": None}), 0)
    assert (sent.deliveries, sent.again) == ([], None)
    assert sender.taken == []


def test_a_ladder_that_names_a_sender_nobody_configured_is_refused() -> None:
    with pytest.raises(UnknownSender, match=r"not configured: c, pigeon; there is: a"):
        Pager(ladder(("a", "pigeon"), last_resort=("c",)), [Told("a")], link)


@pytest.mark.anyio
async def test_no_patient_word_leaves_by_the_webhook() -> None:
    async with receiver(answering("200 OK")) as server, httpx.AsyncClient(trust_env=False) as client:
        pager = Pager(ladder(("webhook",)), [Webhook(server.url, "secret", client, SetClock())], link)
        [delivery] = (await pager.send(URGENT, 0)).deliveries
    assert delivery.accepted
    [sent] = server.received
    assert CANARY not in f"{sent.path}{sent.headers}{sent.body!r}"
    assert "some_rule" not in sent.body.decode()


KIM = Person(name="Kim", ways=(Way(kind="text", address="+155"), Way(kind="voice", address="+155")))
ANA = Person(name="Ana", ways=(Way(kind="mail", address="ana@clinic.example"),))
ROTA = Rota(
    people=(KIM, ANA),
    steps=(Rung(to="nurse", after_seconds=90), Rung(to="doctor", after_seconds=120)),
    shifts=(Shift(to="nurse", person="Kim", days=DAYS, start=time(0), end=time(0)),),
    last_resort=("Ana",),
)
EVERY_WAY = ("console", "webhook", "text", "mail")


async def with_rota(rota: Rota | None) -> tuple[Pager, MemoryRotas]:
    rotas, clock = MemoryRotas(), SetClock()
    if rota:
        await rotas.add(rota, "Ada", 1.0, 0)
    by_way = {kind: lambda person, address, kind=kind: Told(f"{kind} {address}") for kind in ("text", "mail", "voice")}
    on_call = OnCall(rotas, clock, by_way)
    steps = ladder(EVERY_WAY, EVERY_WAY, last_resort=EVERY_WAY)
    return Pager(steps, [Told(name) for name in EVERY_WAY], link, on_call=on_call), rotas


async def reached(pager: Pager, attempt: int, rota: int = 0) -> list[str]:
    page = Page(id="p1", raised_at=1.0, rules=(), rota=rota)
    sent = await pager.send(URGENT.model_copy(update={"page": page}), attempt)
    return [each.sender for each in sent.deliveries]


@pytest.mark.anyio
async def test_who_is_on_call_is_reached_by_each_of_their_ways_and_the_team_by_its_own() -> None:
    pager, _ = await with_rota(ROTA)
    assert await reached(pager, 0) == ["text: Kim", "voice: Kim", "console", "webhook"]


@pytest.mark.anyio
async def test_where_nobody_is_on_call_everybody_is_reached() -> None:
    pager, _ = await with_rota(ROTA)
    assert await reached(pager, 1) == list(EVERY_WAY)


@pytest.mark.anyio
async def test_from_the_second_time_round_everybody_and_the_last_resort() -> None:
    pager, _ = await with_rota(ROTA)
    assert await reached(pager, 2) == ["text: Kim", "voice: Kim", "mail: Ana", *EVERY_WAY]


@pytest.mark.anyio
async def test_a_page_keeps_to_the_version_it_began_with() -> None:
    pager, rotas = await with_rota(ROTA)
    people = {"shifts": (Shift(to="nurse", person="Ana", days=DAYS, start=time(0), end=time(0)),)}
    await rotas.add(ROTA.model_copy(update=people), "Ada", 2.0, 1)
    assert await reached(pager, 0, rota=1) == ["text: Kim", "voice: Kim", "console", "webhook"]
    assert await reached(pager, 0) == ["mail: Ana", "console", "webhook"], "a new page goes by the new one"


@pytest.mark.anyio
async def test_a_round_lasts_as_long_as_the_rota_gives() -> None:
    pager, _ = await with_rota(ROTA)
    page = Page(id="p1", raised_at=1.0, rules=(), round_at=1000.0)
    assert [await pager.until(page, attempt) for attempt in range(3)] == [1090.0, 1120.0, 1090.0]
    plain, _ = await with_rota(None)
    assert await plain.until(page, 0) == 1060.0, "without a rota as long as the ladder gives"


class Broken(MemoryRotas):
    async def current(self) -> None:
        raise OSError("gone")


@pytest.mark.anyio
async def test_a_rota_that_cannot_be_read_costs_no_page() -> None:
    on_call = OnCall(Broken(), SetClock(), {})
    pager = Pager(ladder(EVERY_WAY), [Told(name) for name in EVERY_WAY], link, on_call=on_call)
    assert await reached(pager, 0) == list(EVERY_WAY)
