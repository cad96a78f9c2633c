"""The answer to "any allergies?" tells what happens each time: a danger in it is asked back, and pages if it is now."""

import pytest

from dialogue.conversation import Conversation
from tests.stage import Stage, said_back

pytestmark = pytest.mark.anyio


async def answered(text: str) -> tuple[Stage, Conversation]:
    """The conversation after this answer to the question about allergies."""
    stage = Stage()
    await stage.opens()
    for told in ("yes", "me, 34, male", "a sore throat for two days", "none", "no"):
        now = await stage.says(told)
    while now.question is not None and now.question.findings != ("allergies",):
        now = await stage.says("none")
    return stage, await stage.says(text)


async def test_a_danger_that_comes_each_time_is_asked_back_and_pages_if_it_is_so_now() -> None:
    stage, now = await answered("peanuts make my throat swell up")
    assert not stage.has_paged()
    assert now.question is not None
    assert now.question.id == "confirm"
    now = await stage.says("yes, right now")
    assert stage.has_paged()
    assert "911" in said_back(now)


async def test_a_danger_that_was_denied_among_others_is_asked_back_if_it_is_told_later() -> None:
    stage, now = await answered("bee stings, I can't breathe when stung")
    assert not stage.has_paged()
    assert now.question is not None
    assert (now.question.id, now.question.findings) == ("confirm", ("severe_breathlessness",))


@pytest.mark.parametrize(
    "text",
    [
        "peanuts, and now my throat is swelling up",
        "none, but I can't breathe",
        "nuts. I ate some just now and my tongue is swelling and I can't breathe",
        "I have a crushing pain in my chest",
    ],
)
async def test_a_danger_of_now_in_that_answer_pages_at_once(text: str) -> None:
    stage, _ = await answered(text)
    assert stage.has_paged()


@pytest.mark.parametrize(
    "text",
    [
        "penicillin gives me a rash",
        "none",
        "ibuprofen, it makes me wheeze a bit",
        "bee stings, I can't breathe when stung",
    ],
)
async def test_a_harmless_answer_pages_nobody(text: str) -> None:
    stage, _ = await answered(text)
    assert not stage.has_paged()
