"""A red flag is played before the first patient: everything it needs is loaded, and nothing of it is kept."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from app.warm_up import warm_up
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


async def test_a_red_flag_is_played_with_the_encoder_and_nothing_is_kept() -> None:
    stage, encoder = Stage(), Counting()
    stage.clinic = replace(stage.clinic, name="us")
    assert await warm_up(engine(stage, encoder))
    assert encoder.asked
    assert not stage.ledger.turns


async def test_an_encoder_that_does_not_load_does_not_hinder_the_start() -> None:
    assert await warm_up(engine(Stage(), Broken()))


async def test_content_that_does_not_page_for_a_red_flag_is_reported_at_start(caplog: pytest.LogCaptureFixture) -> None:
    stage = Stage()
    stage.clinic = replace(stage.clinic, lexicons={"en": Lexicon.build({}, "en", stage.clinic.ruleset.places)})
    assert not await warm_up(engine(stage, Counting()))
    assert "the red flag of the warm-up pages nobody" in caplog.text
