"""What a model was asked is counted, content apart."""

import pytest

from llm.errors import ModelTimeout
from llm.metering import Metered
from llm.port import Completion, Message
from tests.llm.fake_model import FakeModel, Line

pytestmark = pytest.mark.anyio

ASKED = (Message(role="user", content="a patient's words"),)


async def test_calls_answers_failures_tokens_and_seconds() -> None:
    ticks = iter([0.0, 2.0, 10.0, 20.0, 26.0])
    answers: list[Line] = [Completion(text="a", prompt_tokens=7, completion_tokens=3), ModelTimeout("slow"), "b"]
    model = Metered(FakeModel(answers), lambda: next(ticks))
    await model.complete(ASKED, {}, 10, 1)
    with pytest.raises(ModelTimeout):
        await model.complete(ASKED, {}, 10, 1)
    await model.complete(ASKED, {}, 10, 1)
    tally = model.tally
    assert (tally.calls, tally.answers, tally.failures) == (3, 2, {"ModelTimeout": 1})
    assert (tally.prompt_tokens, tally.completion_tokens) == (7, 3)
    assert (tally.seconds_median, tally.seconds_slowest) == (6.0, 6.0)
    assert "patient" not in tally.model_dump_json()


async def test_nothing_is_made_up_before_the_first_answer() -> None:
    tally = Metered(FakeModel([]), lambda: 0.0).tally
    assert (tally.calls, tally.seconds_median, tally.seconds_slowest) == (0, None, None)
