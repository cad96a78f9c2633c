"""A message that cannot be read, by a fault of ours, reaches a nurse with its words."""

import pytest

import dialogue.message_meaning
from dialogue.conversation import Review, State
from dialogue.events import Said
from tests.stage import Stage

pytestmark = pytest.mark.anyio

WORDS = "words that break the reader"


def broken(*_: object, **__: object) -> None:
    raise IndexError(WORDS)


async def test_a_message_that_cannot_be_read_goes_to_a_nurse(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stage = Stage()
    await stage.opens()
    await stage.chooses("yes")
    monkeypatch.setattr(dialogue.message_meaning, "understand", broken)
    now = await stage.says(WORDS)
    assert (now.state, now.review, now.partial) == (State.NURSE_REVIEW, Review.OPEN, "not_understood")
    assert isinstance(now.log[-1].event, Said)
    assert now.log[-1].event.text == WORDS
    assert "IndexError" in caplog.text
    assert WORDS not in caplog.text


async def test_before_consent_an_unreadable_message_repeats_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    await stage.opens()
    monkeypatch.setattr(dialogue.message_meaning, "understand", broken)
    now = await stage.says(WORDS)
    assert now.state is State.CONSENT
    assert now.question is not None
