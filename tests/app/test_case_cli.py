"""`previsit case export`: a closed case leaves whole, an open one not at all, and that it left is on the trail."""

import asyncio
import json
from pathlib import Path

import fhirkit
from typer.testing import CliRunner, Result

from app.case_cli import case_app
from app.services import SystemClock
from app.settings import read_settings
from app.storage import open_storage
from dialogue.conversation import Conversation
from dialogue.events import Closed, Joined, Wrote
from tests.clock import NOON
from tests.stage import Stage

KIM = "Kim Lee"


def export(folder: Path, case: str) -> Result:
    return CliRunner().invoke(case_app, ["export", case, "--data-dir", str(folder)])


async def kept_in(folder: Path, *, closed: bool) -> Conversation:
    async with open_storage(read_settings({}, data_dir=folder), SystemClock()) as storage:
        stage = Stage(storage.store)
        await stage.opens()
        await stage.chooses("yes")
        await stage.says("I am 30 and have a cough")
        if closed:
            await stage.acts(Joined(at=NOON + 10, by=KIM))
            await stage.acts(Wrote(at=NOON + 20, by=KIM, text="We see you tomorrow."))
            await stage.acts(Closed(at=NOON + 30, by=KIM, outcome="appointment"))
        return await stage.now()


def test_a_closed_case_is_exported_by_code_and_by_id_and_that_is_on_the_trail(tmp_path: Path) -> None:
    case = asyncio.run(kept_in(tmp_path, closed=True))
    by_code = export(tmp_path, case.code)
    assert by_code.exit_code == 0, by_code.output
    assert fhirkit.validate(by_code.stdout) == []
    assert "We see you tomorrow." in by_code.stdout
    assert json.loads(export(tmp_path, case.id).stdout) == json.loads(by_code.stdout)
    trail = (tmp_path / "audit.jsonl").read_text().splitlines()
    assert [(json.loads(line)["action"], json.loads(line)["code"]) for line in trail] == [("export", case.code)] * 2
    assert "cough" not in "".join(trail)


def test_what_is_open_or_unknown_is_not_exported_and_the_reason_is_said(tmp_path: Path) -> None:
    nowhere = export(tmp_path / "none", "ABCDE")
    assert nowhere.exit_code == 1 and "--data-dir" in nowhere.output
    case = asyncio.run(kept_in(tmp_path, closed=False))
    still_open = export(tmp_path, case.code)
    assert (
        still_open.exit_code == 1 and f"Case {case.code} is not exported: the case is not closed." in still_open.output
    )
    assert "cough" not in still_open.output
    unknown = export(tmp_path, "ABCDE")
    assert unknown.exit_code == 1 and "There is no such case." in unknown.output
    assert not (tmp_path / "audit.jsonl").exists()
