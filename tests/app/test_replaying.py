"""`previsit audit replay`: a kept case is decided again, and every difference is reported."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.replaying import Compared, assessed_case, replayed
from app.services import SystemClock
from app.settings import read_settings
from app.storage import open_storage
from dialogue.conversation import Conversation
from dialogue.events import Acknowledged, Assessed, Closed, Said
from llm.assessor import PROMPT
from llm.emergency_number import with_number
from llm.rule_only import rule_only_draft
from policies.demographics import ANYBODY, Demographics
from policies.draft import Assessment
from policies.levels import Level
from policies.passages import Passage
from tests.app.running import with_assets
from tests.clock import NOON
from tests.stage import Stage, clinic

pytestmark = pytest.mark.anyio

KIM = "Kim Lee"
WORDS = "crushing chest pain spreading to my left arm"


def passage(name: str) -> Passage:
    return Passage(id=name, title=name, heading="", text="Text.", source="A clinic", review_date="2026-11-01")


class Shelf:
    """Guidelines that find the same for everything."""

    def __init__(self, *names: str) -> None:
        self._found = [passage(name) for name in names]

    async def search(
        self, query: str, protocols: Sequence[str], limit: int = 4, patient: Demographics = ANYBODY
    ) -> list[Passage]:
        return self._found[:limit]


async def decided(*names: str, prompt: str = "") -> Conversation:
    """A red flag that was assessed by the rules, with these passages, and closed."""
    stage = Stage()
    await stage.opens()
    await stage.chooses("yes")
    before = await stage.says(f"I am 58 and I have {WORDS}")
    found = tuple(passage(name) for name in names)
    draft = with_number(rule_only_draft(assessed_case(before, clinic()), found), clinic().emergency_number)
    assessment = Assessment(origin="rules", draft=draft, passages=found, prompt=prompt)
    await stage.acts(Assessed(at=NOON + 2, assessment=assessment))
    await stage.acts(Acknowledged(at=NOON + 5, by=KIM))
    return await stage.acts(Closed(at=NOON + 9, by=KIM, outcome="emergency"))


async def others(kept: Conversation, *names: str) -> dict[str, Compared]:
    return {each.part: each for each in await replayed(kept, clinic(), Shelf(*names)) if not each.same}


async def test_an_unchanged_case_is_decided_in_the_same_way() -> None:
    found = await replayed(await decided("chest-pain#a", prompt=PROMPT), clinic(), Shelf("chest-pain#a"))
    assert all(each.same for each in found), found
    told = {each.part: each.says for each in found}
    assert told["level"] == "EMERGENCY, as now" and "heart_attack_signs" in told["fired"]
    assert clinic().ruleset.content_hash[:16] in told["rules"] and PROMPT in told["prompt"]
    assert "chest" not in told["facts"] + told["words"]


async def test_changed_guidelines_and_prompts_are_reported() -> None:
    found = await others(await decided("chest-pain#a", prompt="before"), "chest-pain#b")
    assert found.keys() == {"guidelines", "prompt"}
    assert f"before then, {PROMPT} now" in found["prompt"].says


async def test_changes_to_the_record_are_reported() -> None:
    kept = await decided()
    assert set(await others(kept.model_copy(update={"level": Level.LOW}))) == {"level"}
    assert set(await others(kept.model_copy(update={"fired": ()}))) == {"fired"}
    assert set(await others(kept.model_copy(update={"facts": kept.facts[1:]}))) == {"facts"}
    assert set(await others(kept.model_copy(update={"ruleset": "0" * 64}))) == {"rules"}


async def test_a_different_decision_is_reported_by_level_page_and_turn() -> None:
    """As if the words had meant nothing then: what is replayed pages, what is kept did not."""
    kept = await decided()
    log = list(kept.log)
    place = next(n for n, entry in enumerate(log) if isinstance(entry.event, Said) and WORDS in entry.event.text)
    said = log[place].event
    assert isinstance(said, Said)
    log[place] = replace(log[place], event=replace(said, text="I have a cough"))
    found = await others(kept.model_copy(update={"log": tuple(log)}))
    assert {"level", "fired", "page", "words"} <= found.keys()
    assert found["level"].says.startswith("EMERGENCY then, ")
    assert found["words"].says == f"others from turn {place + 1} on"


async def kept_in(folder: Path) -> Conversation:
    async with open_storage(read_settings({}, data_dir=folder), SystemClock()) as storage:
        stage = Stage(storage.store)
        await stage.opens()
        await stage.chooses("yes")
        return await stage.says(f"I have {WORDS}")


def replay(folder: Path, case: str) -> Result:
    said = {"CLINIC_NAME": clinic().name, "EMERGENCY_NUMBER": "911", "CRISIS_LINE": "988"}
    settings = {f"PREVISIT_{name}": value for name, value in said.items()}
    return CliRunner().invoke(app, ["audit", "replay", case, "--data-dir", str(folder)], env=settings)


def test_the_command_says_codes_alone_and_is_on_the_trail(tmp_path: Path) -> None:
    tmp_path = with_assets(tmp_path / "data")
    case = asyncio.run(kept_in(tmp_path))
    done = replay(tmp_path, case.code)
    assert done.exit_code == 0, done.output
    assert "Everything comes out as it did." in done.output and "EMERGENCY, as now" in done.output
    assert "crushing" not in done.output
    assert '"action": "replay"' in (tmp_path / "audit.jsonl").read_text()
    unknown = replay(tmp_path, "ABCDE")
    assert unknown.exit_code == 1 and "no such case" in unknown.output
    nowhere = replay(tmp_path / "none", "ABCDE")
    assert nowhere.exit_code == 1 and "--data-dir" in nowhere.output
