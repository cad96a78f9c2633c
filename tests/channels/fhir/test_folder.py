"""Closed cases in the clinic's own folder: each is there, also after faults, before it is destroyed here."""

import json
from pathlib import Path

import fhirkit
import pytest

from app.settings import read_settings
from app.worker import RETRY_SECONDS, Worker
from channels.fhir.folder import FhirFolder
from channels.pager import Pager
from dialogue.conversation import Conversation
from dialogue.events import Acknowledged, Closed, HandedOff, Withdrew
from tests.clock import NOON
from tests.stage import Stage

pytestmark = pytest.mark.anyio

KIM = "Kim Lee"
MONTH = 31 * 86_400.0


async def closing(folder: Path, *, withdraws: bool = False, trail: list[tuple[str, str]] | None = None) -> Stage:
    """A red flag that a nurse closes, with a worker that hands off into this folder."""
    stage = Stage()

    async def record(action: str, code: str) -> None:
        if trail is not None:
            trail.append((action, code))

    pager = Pager(stage.clinic.ladder, [stage.sender], str)
    stage.worker = Worker(
        *("worker", stage.engine, stage.store.outbox, pager, stage.assessor, stage.clock),
        hand_offs=FhirFolder(folder, stage.clinic),
        record=record,
    )
    await stage.opens()
    await stage.chooses("yes")
    await stage.says("I have crushing chest pain")
    await stage.acts(Acknowledged(at=NOON + 5, by=KIM))
    if withdraws:
        await stage.acts(Withdrew(at=NOON + 7))
    await stage.acts(Closed(at=NOON + 9, by=KIM, outcome="emergency"))
    stage.clock.at = NOON + 10
    return stage


async def test_a_closed_case_is_written_once_and_destroyed_in_its_time(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    stage = await closing(folder)
    await stage.works()
    [file] = folder.iterdir()
    text = file.read_text()
    assert file.name.startswith(f"{(await stage.now()).code}-") and file.suffix == ".json"
    assert file.stat().st_mode & 0o077 == 0, "nobody else reads it"
    assert fhirkit.validate(text) == [] and "crushing chest pain" in json.loads(text)["entry"][0]["resource"].__str__()
    file.unlink()
    await stage.works(MONTH)
    assert not await stage.exists() and not list(folder.iterdir()), "what the clinic took away does not come again"


async def test_what_becomes_of_a_case_by_itself_is_on_the_trail(tmp_path: Path) -> None:
    trail: list[tuple[str, str]] = []
    stage = await closing(tmp_path / "records", trail=trail)
    code = (await stage.now()).code
    await stage.works()
    assert trail == [("handed_off", code)]
    await stage.works(MONTH)
    assert trail == [("handed_off", code), ("destroyed", code)]


async def test_nothing_is_destroyed_that_could_not_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.write_text("a file stands where the folder should")
    stage = await closing(folder)
    await stage.works()
    await stage.works(MONTH)
    assert await stage.exists()
    folder.unlink()
    await stage.works(RETRY_SECONDS)
    await stage.works(RETRY_SECONDS)
    assert len(list(folder.iterdir())) == 1 and not await stage.exists()


async def test_nothing_of_who_wants_everything_deleted_is_written(tmp_path: Path) -> None:
    stage = await closing(tmp_path, withdraws=True)
    await stage.works()
    assert not list(tmp_path.iterdir()) and not await stage.exists()


async def test_closed_again_it_is_handed_off_again(tmp_path: Path) -> None:
    stage = await closing(tmp_path)
    await stage.works()
    await stage.says("now my left leg is swollen and hot")
    await stage.acts(Closed(at=NOON + 60, by=KIM, outcome="advice"))
    await stage.works(100)
    assert len(list(tmp_path.iterdir())) == 2
    assert sum(isinstance(entry.event, HandedOff) for entry in (await stage.now()).log) == 2


def test_an_empty_setting_names_no_folder() -> None:
    assert read_settings({"PREVISIT_FHIR_FOLDER": ""}).fhir_folder is None
    assert read_settings({"PREVISIT_FHIR_FOLDER": "/records"}).fhir_folder == Path("/records")


async def test_closed_anew_while_it_is_written_it_is_handed_off_anew(tmp_path: Path) -> None:
    stage = await closing(tmp_path)
    folder = FhirFolder(tmp_path, stage.clinic)

    class Slow:
        async def hand_off(self, conversation: Conversation) -> None:
            await folder.hand_off(conversation)
            if conversation.handed_off_at is None:
                await stage.says("now my left leg is swollen and hot")
                stage.clock.at += 60
                await stage.acts(Closed(at=stage.clock.at, by=KIM, outcome="advice"))

    pager = Pager(stage.clinic.ladder, [stage.sender], str)
    stage.worker = Worker(
        "worker", stage.engine, stage.store.outbox, pager, stage.assessor, stage.clock, hand_offs=Slow()
    )
    await stage.works()
    assert len(list(tmp_path.iterdir())) == 2
