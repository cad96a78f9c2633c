"""The worker's loop: pages go out whatever else happens. What each duty does is told by the conversations' tests."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from app.serve import running
from app.worker import RETRY_SECONDS, Worker
from channels.pager import Pager
from dialogue.duties import Duty, SendPage
from dialogue.events import Booked
from dialogue.paging_ports import Notice
from dialogue.ports import Assessor, BookingFailed, BookingRequest, StoreUnavailable
from policies.case import Case
from policies.draft import Assessment
from policies.on_call import Ladder, Step
from tests.stage import ScriptedAssessor, Stage

pytestmark = pytest.mark.anyio

DANGER = "I have a crushing pain in my chest and my left arm feels heavy"
LONGEST = 30.0
AT_ONCE = 4
MANY = 40
"""Pages in the time that a silent paging service is given: eight a second, and no clinic has as many."""


@dataclass
class Phone:
    """A `Sender` whose pages can be waited for; it takes each only when `open` is set."""

    name: str = "console"
    open: asyncio.Event = field(default_factory=asyncio.Event)
    tried: asyncio.Event = field(default_factory=asyncio.Event)
    notices: "asyncio.Queue[Notice]" = field(default_factory=asyncio.Queue)

    async def send(self, notice: Notice) -> None:
        self.tried.set()
        await self.open.wait()
        self.notices.put_nowait(notice)

    async def rings(self) -> Notice:
        async with asyncio.timeout(LONGEST):
            return await self.notices.get()


@dataclass
class SlowAssessor:
    """An `Assessor` whose model does not answer until `answers` is set."""

    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def assess(self, case: Case) -> Assessment:
        await self.answers.wait()
        return await ScriptedAssessor().assess(case)


@dataclass
class Floor:
    stage: Stage
    phone: Phone
    worker: Worker

    async def danger(self) -> None:
        await self.stage.opens()
        await self.stage.says(DANGER)


@asynccontextmanager
async def at_work(
    assessor: Assessor | None = None, tidy: Callable[[], Awaitable[object]] | None = None
) -> AsyncIterator[Floor]:
    stage, phone = Stage(), Phone()
    phone.open.set()
    pager = Pager(stage.clinic.ladder, [phone], lambda one: f"http://clinic.test/{one}")
    worker = Worker(
        "worker",
        stage.engine,
        stage.store.outbox,
        pager,
        assessor or ScriptedAssessor(),
        stage.clock,
        tidy=tidy,
    )
    async with running(worker):
        yield Floor(stage, phone, worker)


async def test_no_page_waits_behind_drafts(monkeypatch: pytest.MonkeyPatch) -> None:
    """More drafts than the worker does duties at once, and a model that hangs."""
    monkeypatch.setattr("app.worker.AT_ONCE", AT_ONCE)
    assessor = SlowAssessor()
    async with at_work(assessor) as floor:
        for _ in range(AT_ONCE + 4):
            await floor.stage.opens()
            while (now := await floor.stage.now()).state.value != "assessing" and now.question:
                await (floor.stage.answers_no() if now.question.id != "recap" else floor.stage.chooses("right"))
        await floor.danger()
        assert (await floor.phone.rings()).code == (await floor.stage.now()).code
        assessor.answers.set()


def beside_a_phone_that_hangs() -> tuple[Stage, Phone, Phone, Worker]:
    stage, phone, hangs = Stage(), Phone("console"), Phone("hangs")
    phone.open.set()
    ladder = Ladder(steps=(Step(to="both", senders=("console", "hangs"), after_seconds=600),), last_resort=("console",))
    pager = Pager(ladder, [phone, hangs], str, deadline_seconds=600)
    worker = Worker("worker", stage.engine, stage.store.outbox, pager, ScriptedAssessor(), stage.clock)
    return stage, phone, hangs, worker


async def test_a_paging_service_that_hangs_holds_up_nobody_elses_page() -> None:
    stage, phone, hangs, worker = beside_a_phone_that_hangs()
    async with running(worker):
        for _ in range(MANY):
            await stage.opens()
            await stage.chooses("yes")
            await stage.says(DANGER)
            assert (await phone.rings()).code == (await stage.now()).code
        assert not hangs.notices.qsize()
        hangs.open.set()


async def test_a_page_is_known_to_be_sent_while_another_way_still_hangs() -> None:
    stage, _, hangs, worker = beside_a_phone_that_hangs()
    await stage.opens()
    await stage.chooses("yes")
    async with stage.store.changes.listen(stage.id) as changed, running(worker), asyncio.timeout(LONGEST):
        await stage.says(DANGER)
        page = None
        while not (page and page.delivered_at):
            await anext(changed)
            page = (await stage.now()).page
        assert page.sent_by == ("console",) and hangs.tried.is_set()
        assert not hangs.notices.qsize()
        hangs.open.set()


async def test_a_fault_of_the_outbox_does_not_end_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_work() as floor:
        take, faults = floor.stage.store.outbox.take, iter([ValueError("odd"), StoreUnavailable("gone")])

        async def faulty(worker: str, wait_seconds: float) -> list[Duty]:
            if fault := next(faults, None):
                raise fault
            return await take(worker, wait_seconds)

        monkeypatch.setattr("app.worker.PAUSE_SECONDS", 0.0)
        monkeypatch.setattr(floor.stage.store.outbox, "take", faulty)
        await floor.danger()
        await floor.phone.rings()


async def test_duties_are_done_even_if_tidying_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.worker.PAUSE_SECONDS", 0.0)

    async def tidy() -> None:
        raise StoreUnavailable("gone")

    async with at_work(tidy=tidy) as floor:
        await floor.danger()
        await floor.phone.rings()


async def test_a_page_under_way_is_finished_when_the_worker_is_stopped() -> None:
    async with at_work() as floor:
        floor.phone.open.clear()
        await floor.danger()
        await floor.phone.tried.wait()
        asyncio.get_running_loop().call_soon(floor.phone.open.set)
    assert floor.phone.notices.qsize() == 1
    page = (await floor.stage.now()).page
    assert page is not None and page.sent_by == ("console",)
    assert not [duty for duty in await floor.stage.store.outbox.take("other", 0.0) if isinstance(duty, SendPage)]


@dataclass
class Diary:
    """A `Bookings` that fails as often as it is told, and takes each request once."""

    failures: int = 1
    taken: dict[str, BookingRequest] = field(default_factory=dict)

    async def book(self, request: BookingRequest) -> str:
        if self.failures:
            self.failures -= 1
            raise BookingFailed("told to fail")
        self.taken[request.key] = request
        return "A-17"


async def test_an_appointment_is_asked_for_until_the_clinic_s_system_takes_it_and_once() -> None:
    stage, diary = Stage(), Diary()
    pager = Pager(stage.clinic.ladder, [stage.sender], str)
    stage.worker = Worker(
        "worker", stage.engine, stage.store.outbox, pager, stage.assessor, stage.clock, bookings=diary, link=str.upper
    )
    await stage.opens()
    await stage.says(DANGER)
    await stage.acts(Booked(at=stage.clock.at, by="Kim Lee", frame="now"))
    await stage.works()
    assert diary.taken == {}
    await stage.works(RETRY_SECONDS)
    await stage.works(RETRY_SECONDS)
    [request] = diary.taken.values()
    conversation = await stage.now()
    assert (request.code, request.frame, request.by) == (conversation.code, "now", "Kim Lee")
    assert request.link == stage.id.upper()
    assert "crushing" not in request.model_dump_json()
    assert conversation.booking and conversation.booking.reference == "A-17"
