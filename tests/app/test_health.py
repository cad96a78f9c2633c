"""What the health page says: of paging with nobody on call, a way that died or one way only; of parts that are off."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest

from app.assistance import Assistance
from app.health import examine
from app.services import Services
from app.settings import read_settings
from app.storage import Storage
from channels.console.presence import Presence
from dialogue.ports import StoreUnavailable
from knowledge.embedding import HashingEncoder
from knowledge.memory_index import MemoryIndex
from knowledge.starter import ensure_starter
from llm.assessor import Assessor
from llm.breaker import Breaker
from policies.rota import DAYS, Person, Rota, Shift, Step, Way
from policies.way_trials import TrialRound, WayTrial
from storage.audit import Audit
from storage.keys import ALL_SHARDS, SHARDS, shard_of
from storage.store import memory_store
from tests.clock import NOON
from tests.stage import Stage, clinic

pytestmark = pytest.mark.anyio

KIM = Person(name="Kim", ways=(Way(kind="text", address="+15550000001"), Way(kind="mail", address="k@clinic.test")))
ROTA = Rota(
    people=(KIM,),
    steps=(Step(to="nurse"),),
    shifts=(Shift(to="nurse", person="Kim", days=DAYS, start=time(8), end=time(20)),),
)


def services(**settings: str) -> Services:
    stage = Stage()
    read = read_settings({}, emergency_number="911", **settings)
    never = Path("never-written")
    storage = Storage(memory_store(stage.clock), Audit(never, b"k" * 32), b"", b"")
    return Services(read, clinic(), stage.clock, storage, stage.engine, Presence())


async def paging(of: Services) -> str:
    return (await examine(of, None, None)).parts["paging"]


async def test_paging_by_the_console_alone_counts_as_off() -> None:
    assert await paging(services()) == "off"
    assert await paging(services(ntfy_url="https://ntfy.clinic.example/on-call")) == "ok"


async def test_with_patients_paging_by_one_way_alone_is_a_fault() -> None:
    served = {"public_url": "https://chat.clinic.example", "mail_server": "smtps://clinic.test"}
    assert await paging(services(**served)) == "down"
    assert await paging(services(**served, ntfy_url="https://ntfy.clinic.example/on-call")) == "ok"


async def test_people_of_the_rota_count_by_the_ways_that_are_set_up() -> None:
    here = services(public_url="https://chat.clinic.example")
    await here.storage.store.rotas.add(ROTA, "Ada", NOON, 0)
    assert await paging(here) == "down", "their mail goes nowhere"


async def test_the_rota_s_people_are_a_second_way_while_somebody_is_on_call() -> None:
    here = services(mail_server="smtps://clinic.test", public_url="https://chat.clinic.example")
    await here.storage.store.rotas.add(ROTA, "Ada", NOON, 0)
    assert await paging(here) == "ok"
    here.clock.at += 9 * 3600  # type: ignore[attr-defined]
    assert await paging(here) == "down"


async def test_a_test_page_that_did_not_get_through_is_down_until_one_does() -> None:
    here = services(ntfy_url="https://ntfy.clinic.example/on-call")
    for arrived, state in ((False, "down"), (True, "ok")):
        trial = WayTrial(way="ntfy", arrived=arrived)
        await here.storage.store.trials.note(TrialRound(at=NOON, trials=(trial,)))
        assert await paging(here) == state


async def test_a_trail_that_is_not_written_is_down_until_it_is_again(tmp_path: Path) -> None:
    trail = tmp_path / "gone" / "audit.jsonl"
    here = services()
    here = replace(here, storage=here.storage._replace(audit=Audit(trail, b"k" * 32)))
    for state in ("down", "ok"):
        with suppress(OSError):
            await here.storage.audit.record(NOON, "Kim Lee", "viewed")
        assert (await examine(here, None, None)).parts["audit"] == state
        trail.parent.mkdir(exist_ok=True)


@pytest.mark.parametrize(
    ("wanted", "model", "status"),
    [("no", "off", "ok"), ("yes", "down", "degraded")],
    ids=["wished", "lacking"],
)
async def test_what_is_switched_off_on_purpose_is_no_fault(wanted: str, model: str, status: str) -> None:
    here = services(model=wanted)
    worker = Stage().worker
    worker.beat = here.clock.now()
    guidelines = MemoryIndex(HashingEncoder())
    await ensure_starter(guidelines)
    filled = asyncio.create_task(asyncio.sleep(0))
    assessor = Assessor(None, guidelines, Breaker(here.clock.now))
    found = await examine(here, worker, Assistance(assessor, guidelines, None, None, filled))
    await filled
    assert (found.parts["model"], found.status) == (model, status)


@pytest.mark.parametrize(("gone", "store", "status"), [(1, "partly", "degraded"), (SHARDS, "down", "down")])
async def test_a_cluster_without_some_of_its_nodes_still_serves(
    gone: int, store: str, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def load(conversation_id: str) -> None:
        if shard_of(conversation_id) in ALL_SHARDS[:gone]:
            raise StoreUnavailable("this node does not answer")

    here = services()
    assert (await examine(here, None, None)).parts["store"] == "ok"
    monkeypatch.setattr(here.storage.store.conversations, "load", load)
    found = await examine(here, None, None)
    assert (found.parts["store"], found.status) == (store, status)
