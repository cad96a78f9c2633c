"""A server that ignores the schema, or the adapter, is found out."""

import pytest

from llm.canary import adapter_in_use, base_name, keeps_to_schema
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


VLLM = [{"id": "/models/base", "parent": None}, {"id": "ours", "parent": "/models/base"}]
"""As vLLM 0.32 lists a model and an adapter, each with more members."""


@pytest.mark.parametrize(
    ("listed", "name", "base"),
    [
        (VLLM, "ours", "/models/base"),
        (VLLM, "/models/base", "/models/base"),
        ([{"id": "qwen"}], "qwen:ours", "qwen"),
        ([{"id": "qwen/qwen3"}], "ours", "tgi"),
        ([{"id": "qwen/qwen3"}], "tgi", "tgi"),
        (None, "ours", "tgi"),
    ],
)
async def test_the_model_under_an_adapter(
    double: ModelDouble, listed: list[dict[str, object]] | None, name: str, base: str
) -> None:
    double.models = listed
    endpoint = Endpoint(double.url, deadline=10.0)
    assert await base_name(endpoint, name) == base
    await endpoint.aclose()
