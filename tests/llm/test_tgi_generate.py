"""TGI's own `/generate`: what is sent fits what TGI takes, its template is used, and both kinds of end are read."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from llm.endpoint import Endpoint
from llm.errors import BadCompletion, ModelOverloaded
from llm.port import Completion, Message
from llm.tgi_generate import TgiGenerate
from tests.llm.servers import ModelDouble, model_double, sends
from tests.schemas import faults

pytestmark = pytest.mark.anyio

REQUEST = json.loads((Path(__file__).parent / "tgi_generate_request.json").read_text("utf-8"))
SCHEMA = {"type": "object", "properties": {"level": {"enum": ["LOW"]}}, "required": ["level"]}
ASKED = (Message(role="system", content="Be short."), Message(role="user", content="Sore throat"))


def generated(text: str, finish_reason: str = "eos_token") -> dict[str, object]:
    details = {"finish_reason": finish_reason, "generated_tokens": 5, "prefill": [], "tokens": [], "seed": 7}
    return {"generated_text": text, "details": details}


@pytest.fixture
async def double() -> AsyncIterator[ModelDouble]:
    async with model_double() as double:
        double.answer = sends(200, generated('{"level": "LOW"}'))
        yield double


async def ask(double: ModelDouble, name: str = "tgi") -> Completion:
    model = TgiGenerate(Endpoint(double.url, deadline=10.0), name)
    try:
        return await model.complete(ASKED, SCHEMA, 40, 7)
    finally:
        await model.endpoint.aclose()


async def test_a_completion(double: ModelDouble) -> None:
    assert await ask(double) == Completion(text='{"level": "LOW"}', completion_tokens=5)


async def test_what_is_sent_is_what_tgi_takes(double: ModelDouble) -> None:
    await ask(double)
    await ask(double, "clinic-adapter")
    for sent in double.generated:
        assert list(faults(sent, REQUEST)) == []
        assert sent["parameters"]["grammar"] == {"type": "json", "value": SCHEMA}
        assert sent["parameters"]["do_sample"] is False
    adapters = [sent["parameters"].get("adapter_id") for sent in double.generated]
    assert adapters == [None, "clinic-adapter"]


async def test_the_prompt_is_in_the_servers_own_template(double: ModelDouble) -> None:
    double.templated = "<|system|>Be short.<|user|>Sore throat<|assistant|>"
    await ask(double)
    assert double.generated[0]["inputs"] == double.templated


async def test_without_a_template_the_messages_follow_one_another_as_in_training(double: ModelDouble) -> None:
    await ask(double)
    assert double.generated[0]["inputs"] == "Be short.\n\nSore throat"


async def test_what_was_cut_off_is_told(double: ModelDouble) -> None:
    double.answer = sends(200, generated('{"lev', "length"))
    assert (await ask(double)).truncated


async def test_faults_are_told(double: ModelDouble) -> None:
    double.answer = sends(429, {"error": "Model is overloaded", "error_type": "overloaded"})
    with pytest.raises(ModelOverloaded):
        await ask(double)
    double.answer = sends(200, {"choices": []})
    with pytest.raises(BadCompletion):
        await ask(double)
