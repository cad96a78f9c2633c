"""Before the first patient a red flag is rehearsed: everything it needs is there, and nothing of it is kept."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from app.rehearsal import rehearse
from dialogue.engine import Engine
from dialogue.understanding import Lexicon
from tests.stage import Stage

pytestmark = pytest.mark.anyio


class Counting:
    def __init__(self) -> None:
        self.asked = 0

    async def suspects(self, sentences: Sequence[str]) -> tuple[tuple[str, ...], float]:
        self.asked += len(sentences)
        return (), 0.0


class Broken:
    async def suspects(self, sentences: Sequence[str]) -> tuple[tuple[str, ...], float]:
        raise RuntimeError("its file is damaged")


def engine(stage: Stage, paraphrases: Counting | Broken) -> Engine:
    return Engine(stage.ledger, stage.clinic, stage.clock, stage.engine.new_id, "en", paraphrases)


async def test_a_red_flag_is_rehearsed_with_the_encoder_and_nothing_is_kept() -> None:
    stage, encoder = Stage(), Counting()
    stage.clinic = replace(stage.clinic, name="us")
    assert await rehearse(engine(stage, encoder))
    assert encoder.asked
    assert not stage.ledger.turns


async def test_an_encoder_that_does_not_load_does_not_hinder_the_start() -> None:
    assert await rehearse(engine(Stage(), Broken()))


async def test_content_that_pages_for_nothing_is_told_at_the_start(caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage()
    stage.clinic = replace(stage.clinic, lexicons={"en": Lexicon.build({}, "en", stage.clinic.ruleset.places)})
    assert not await rehearse(engine(stage, Counting()))
    assert "a rehearsed red flag pages nobody" in caplog.text
