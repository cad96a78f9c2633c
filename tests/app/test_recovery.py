"""A store that lost its data still pages: a real Valkey whose folder is deleted between two starts."""

import asyncio
import fcntl
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.recovery import recover_pages
from app.services import Services, SystemClock, new_id, open_services
from app.settings import Settings, read_settings
from app.storage import open_storage
from app.worker import Worker
from channels.console.presence import Presence
from channels.pager import Pager
from dialogue.conversation import Conversation, Paging, State
from dialogue.engine import Engine
from dialogue.events import Acknowledged, Closed, PageUnanswered, Took
from dialogue.paging_ports import Notice
from storage.embedded import embedded_valkey
from storage.page_copies import open_pages
from tests.stage import ScriptedAssessor, ScriptedSender, clinic

pytestmark = pytest.mark.anyio

KIM = "Kim Lee"
DANGER = "I have crushing chest pain and my left arm feels heavy"


def settings_of(folder: Path, **more: object) -> Settings:
    return read_settings({}, data_dir=folder, emergency_number="911", paraphrases=False, **more)


@asynccontextmanager
async def started(folder: Path, **more: object) -> AsyncIterator[Services]:
    """As `open_services` does it, with the content that was read once for all tests."""
    settings, clock = settings_of(folder, **more), SystemClock()
    async with open_storage(settings, clock) as storage:
        engine = Engine(storage.store.conversations, clinic(), clock, new_id, "en")
        await recover_pages(engine, settings.audit_file)
        yield Services(settings, clinic(), clock, storage, engine, Presence())


async def paged(services: Services) -> Conversation:
    talk = await services.engine.start()
    await services.engine.say(talk.id, key="1", choices=("yes",))
    return await services.engine.say(talk.id, key="2", text=DANGER)


async def sent(services: Services) -> list[Notice]:
    """What a worker sends of all that is due."""
    sender = ScriptedSender()
    pager = Pager(services.clinic.ladder, [sender], str)
    outbox = services.storage.store.outbox
    worker = Worker("embedded", services.engine, outbox, pager, ScriptedAssessor(), services.clock)
    while duties := await outbox.take(worker.name, 0.0):
        for duty in duties:
            await worker.carry_out(duty)
            await outbox.done(duty)
    return sender.notices


async def test_a_page_whose_conversation_the_store_lost_is_sent_again_under_its_own_name(tmp_path: Path) -> None:
    async with started(tmp_path) as services:
        talk = await paged(services)
        [before] = await sent(services)
    shutil.rmtree(tmp_path / "store")
    async with open_services(settings_of(tmp_path)) as services:
        [again] = await sent(services)
        assert (again.page, again.code) == (before.page, talk.code) and again.key != before.key
        now = await services.engine.load(talk.id)
        assert now.state is State.URGENT and now.paging is Paging.OPEN and now.partial == "lost"
        assert now.page and talk.page and now.page.raised_at == talk.page.raised_at
        assert any(reply.kind == "emergency" for reply in now.log[0].replies), "who comes back is told to call"
        await services.engine.act(talk.id, Acknowledged(at=services.clock.now(), by=KIM))
        await services.engine.act(talk.id, Closed(at=services.clock.now(), by=KIM, outcome="emergency"))
    shutil.rmtree(tmp_path / "store")
    async with started(tmp_path) as services:
        assert await sent(services) == [], "somebody has seen it"


async def test_a_restart_without_loss_sends_no_page_again(tmp_path: Path) -> None:
    async with started(tmp_path) as services:
        talk = await paged(services)
        assert len(await sent(services)) == 1
        version = (await services.engine.load(talk.id)).version
    async with started(tmp_path) as services:
        assert (await services.engine.load(talk.id)).version == version and await sent(services) == []


async def test_a_page_that_another_process_answered_and_destroyed_is_not_sent_again(tmp_path: Path) -> None:
    """A worker apart noted a round in its own trail; who acknowledged it stands in the server's."""
    async with embedded_valkey(tmp_path / "shared") as url:
        shared = {"redis_url": url, "secret_key_file": tmp_path / "key"}
        async with started(tmp_path / "server", **shared) as server, started(tmp_path / "worker", **shared) as worker:
            talk = await paged(server)
            await worker.engine.act(talk.id, PageUnanswered(at=worker.clock.now(), attempt=0))
            await server.engine.act(talk.id, Acknowledged(at=server.clock.now(), by=KIM))
            await server.engine.act(talk.id, Closed(at=server.clock.now(), by=KIM, outcome="advice"))
            await worker.storage.store.conversations.destroy(talk.id)
        assert [page.conversation for page in open_pages(tmp_path / "worker" / "audit.jsonl")] == [talk.id]
        async with started(tmp_path / "worker", **shared) as worker:
            assert await worker.engine.waiting(10) == [], "nobody is called to a case that is long over"


async def test_the_copy_holds_no_word_of_the_patient_and_is_on_the_chain(tmp_path: Path) -> None:
    async with started(tmp_path) as services:
        await paged(services)
        audit = services.storage.audit
    assert await audit.problems() == []
    text = (tmp_path / "audit.jsonl").read_text()
    assert json.loads(text)["action"] == "page_open"
    assert not {"chest", "pain", "arm"} & set(text.lower().replace('"', " ").split())


async def test_an_answer_and_the_taking_of_the_case_in_its_second_are_one_line(tmp_path: Path) -> None:
    async with started(tmp_path) as services:
        talk, at = await paged(services), services.clock.now()
        for act in (Acknowledged(at=at, by=KIM), Took(at=at, by=KIM)):
            await services.engine.act(talk.id, act)
    lines = [json.loads(line)["action"] for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    assert lines == ["page_open", "page_answered"]


async def test_every_page_that_was_answered_for_has_its_copy_when_the_program_ends(tmp_path: Path) -> None:
    async with started(tmp_path) as services:
        talks = [await paged(services) for _ in range(5)]
    assert {page.conversation for page in open_pages(tmp_path / "audit.jsonl")} == {talk.id for talk in talks}


async def test_a_turn_does_not_wait_for_a_slow_audit_trail(tmp_path: Path) -> None:
    """A trail that nothing can be written to for now: another holds its lock."""
    async with started(tmp_path) as services:
        with (tmp_path / "audit.jsonl").open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            async with asyncio.timeout(60):
                talk = await paged(services)
            assert talk.paging is Paging.OPEN and open_pages(tmp_path / "audit.jsonl") == []
    assert [page.conversation for page in open_pages(tmp_path / "audit.jsonl")] == [talk.id]


async def test_a_trail_that_cannot_be_written_costs_no_page(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with started(tmp_path) as services:
        (tmp_path / "audit.jsonl").mkdir()
        assert (await paged(services)).paging is Paging.OPEN
        assert len(await sent(services)) == 1
    assert services.storage.audit.failing, "the health page says so"
    assert "no second copy of" in caplog.text


def test_invalid_lines_are_skipped(tmp_path: Path) -> None:
    trail = tmp_path / "audit.jsonl"
    lines = ["", "{", '{"action": "page_open"}', '{"action": "page_open", "detail": ["a"]}', '["page_open"]']
    lines += ['{"action": "page_open", "detail": ["a", "b", "x", "1"]}']
    trail.write_text("\n".join(lines))
    assert open_pages(trail) == [] == open_pages(tmp_path / "none")
