"""A server that ignores the schema, or the adapter, is found out."""

import pytest

from llm.canary import adapter_in_use, keeps_to_schema
from llm.endpoint import Endpoint
from llm.port import Message
from llm.tgi import TgiModel
from tests.llm.fake_model import FakeModel
from tests.llm.servers import ModelDouble, says

pytestmark = pytest.mark.anyio

ASKED = (Message(role="user", content="?"),)


@pytest.mark.parametrize(
    ("answer", "kept"),
    [('{"answer": "kestrel"}', True), ("The sea is wide.", False), ('{"answer": "sea"}', False), ('{"answer', False)],
)
async def test_only_a_model_that_answers_the_allowed_word_keeps_to_the_schema(answer: str, kept: bool) -> None:
    assert await keeps_to_schema(FakeModel([answer])) is kept


@pytest.mark.parametrize("used", [True, False])
async def test_an_adapter_is_in_use_only_if_its_answer_differs_from_the_base(double: ModelDouble, used: bool) -> None:
    async def answer(request: dict[str, object]) -> object:
        return await says("tuned" if used and request["model"] == "ours" else "base")(request)

    double.answer = answer  # type: ignore[assignment]
    endpoint = Endpoint(double.url, deadline=10.0)
    assert await adapter_in_use(TgiModel(endpoint, "ours"), TgiModel(endpoint), ASKED) is used
    await endpoint.aclose()
