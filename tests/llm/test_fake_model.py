"""The shipped double."""

import pytest

from llm.errors import ModelTimeout, ModelUnavailable
from llm.port import Completion, Message
from tests.llm.fake_model import FakeModel

pytestmark = pytest.mark.anyio

ASKED = (Message(role="user", content="hello"),)


async def test_it_follows_its_script_and_remembers_what_it_was_asked() -> None:
    model = FakeModel(["{}", ModelTimeout("slow"), Completion(text="x", truncated=True)])
    assert (await model.complete(ASKED, {}, 10, 1)).text == "{}"
    with pytest.raises(ModelTimeout):
        await model.complete(ASKED, {}, 10, 2)
    assert (await model.complete(ASKED, {}, 10, 3)).truncated
    with pytest.raises(ModelUnavailable):
        await model.complete(ASKED, {}, 10, 4)
    assert [call.seed for call in model.calls] == [1, 2, 3, 4]
    assert model.calls[0].messages == ASKED


async def test_a_function_may_answer() -> None:
    model = FakeModel(lambda call: call.messages[-1].content.upper())
    assert (await model.complete(ASKED, {}, 10, 1)).text == "HELLO"
