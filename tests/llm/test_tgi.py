"""The client, over real HTTP on loopback: what it sends, and every way a server can fail it."""

import json
import logging
import socket
from pathlib import Path
from typing import Any

import pytest

from llm.endpoint import Endpoint, server_root
from llm.errors import BadCompletion, ModelError, ModelOverloaded, ModelRefused, ModelTimeout, ModelUnavailable
from llm.port import Completion, Message
from llm.prompt import build_prompt
from llm.schema import draft_schema
from llm.tgi import TgiModel
from tests.cases import CASE, PASSAGES
from tests.llm.servers import Answer, ModelDouble, drips, floods, hangs_up, never, says, sends
from tests.schemas import faults

pytestmark = pytest.mark.anyio

REQUEST = json.loads((Path(__file__).parent / "tgi_chat_request.json").read_text("utf-8"))
SCHEMA = {"type": "object", "properties": {"level": {"enum": ["LOW"]}}, "required": ["level"]}
ASKED = (Message(role="system", content="Be short."), Message(role="user", content="Zanzibar señor \ud800"))


async def ask(url: str, name: str = "tgi", **options: Any) -> Completion:
    model = TgiModel(Endpoint(url, **({"deadline": 10.0} | options)), name)
    try:
        return await model.complete(ASKED, SCHEMA, 40, 7)
    finally:
        await model.endpoint.aclose()


async def test_a_completion(double: ModelDouble) -> None:
    double.answer = says('{"level": "LOW"}')
    assert await ask(double.url) == Completion(text='{"level": "LOW"}', prompt_tokens=12, completion_tokens=3)


async def test_what_is_sent(double: ModelDouble) -> None:
    await ask(double.url)
    sent = double.requests[0]
    constraint = {"name": "draft", "schema": SCHEMA}
    assert sent["response_format"] == {"type": "json_schema", "value": constraint, "json_schema": constraint}
    assert (sent["model"], sent["temperature"], sent["seed"], sent["max_tokens"]) == ("tgi", 0.0, 7, 40)
    assert sent["stream"] is False
    assert sent["messages"][0] == {"role": "system", "content": "Be short."}
    assert "authorization" not in double.headers[0]


async def test_every_request_is_one_that_tgi_takes(double: ModelDouble) -> None:
    """The fixture says in our words what TGI 3.3 asks of a chat request; `json_schema` beside `value` is not read."""
    prompt = build_prompt(CASE, PASSAGES, 900)
    schema = draft_schema(CASE, prompt.statements, list(prompt.passages), 420)
    model = TgiModel(Endpoint(double.url))
    await model.complete(prompt.messages, schema, 420, 20)
    await model.endpoint.aclose()
    assert list(faults(double.requests[0], REQUEST)) == []


async def test_an_adapter_is_named_and_a_token_is_sent(double: ModelDouble) -> None:
    await ask(double.url, name="intake-2026", token="abc")
    assert double.requests[0]["model"] == "intake-2026"
    assert double.headers[0]["authorization"] == "Bearer abc"


@pytest.mark.parametrize("suffix", ["", "/", "/v1", "/v1/"])
async def test_an_address_with_or_without_its_version(double: ModelDouble, suffix: str) -> None:
    await ask(double.url + suffix)
    assert len(double.requests) == 1


@pytest.mark.parametrize("reason", ["length", "stop", "eos_token", "stop_sequence"])
async def test_a_cut_off_answer_says_so(double: ModelDouble, reason: str) -> None:
    double.answer = says("{", reason)
    assert (await ask(double.url)).truncated is (reason == "length")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (sends(422, {"error": "Zanzibar", "error_type": "validation"}), ModelRefused),
        (sends(400, {"error": "Zanzibar"}), ModelRefused),
        (sends(401, b""), ModelRefused),
        (sends(404, b"Zanzibar"), ModelRefused),
        (sends(424, {"error": "Zanzibar", "error_type": "generation"}), ModelUnavailable),
        (sends(429, {"error": "Model is overloaded", "error_type": "overloaded"}), ModelOverloaded),
        (sends(500, {"error": "Zanzibar", "error_type": "incomplete_generation"}), ModelUnavailable),
        (sends(503, b"loading"), ModelUnavailable),
        (sends(302, b""), BadCompletion),
        (sends(200, b"<html>Zanzibar</html>"), BadCompletion),
        (sends(200, b""), BadCompletion),
        (sends(200, b"\xff\xfe"), BadCompletion),
        (sends(200, {"choices": []}), BadCompletion),
        (sends(200, {"choices": [{"message": {"role": "assistant", "tool_calls": []}}]}), BadCompletion),
        (sends(200, {"choices": [{"message": {"content": None}}]}), BadCompletion),
        (floods, BadCompletion),
        (never, ModelTimeout),
        (drips, ModelTimeout),
    ],
)
async def test_a_failing_server(double: ModelDouble, answer: Answer, error: type[ModelError]) -> None:
    double.answer = answer
    with pytest.raises(error) as caught:
        await ask(double.url, deadline=0.3 if error is ModelTimeout else 10.0)
    assert type(caught.value) is error
    assert "Zanzibar" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert len(double.requests) <= 1, "nothing is retried here"


async def test_a_refusal_tells_its_status(double: ModelDouble) -> None:
    double.answer = sends(422, b"")
    with pytest.raises(ModelRefused) as caught:
        await ask(double.url)
    assert caught.value.status == 422


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", b"garbage\r\n\r\n"])
async def test_a_server_that_hangs_up(head: bytes) -> None:
    async with hangs_up(head) as url:
        with pytest.raises(ModelUnavailable):
            await ask(url)


async def test_no_server_at_all() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ModelUnavailable):
        await ask(f"http://127.0.0.1:{port}")


async def test_health(double: ModelDouble) -> None:
    model = TgiModel(Endpoint(double.url, deadline=10.0))
    assert await model.endpoint.healthy()
    double.healthy = False
    assert not await model.endpoint.healthy()
    await model.endpoint.aclose()


async def test_a_server_that_does_not_answer_is_not_healthy() -> None:
    async with hangs_up(b"") as url:
        model = TgiModel(Endpoint(url, deadline=10.0))
        assert not await model.endpoint.healthy()
        await model.endpoint.aclose()


async def test_a_proxy_of_the_machine_is_not_used(double: ModelDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    await ask(double.url)
    assert len(double.requests) == 1


async def test_no_content_is_logged(double: ModelDouble, caplog: pytest.LogCaptureFixture) -> None:
    double.answer = says("Zanzibar")
    with caplog.at_level(logging.DEBUG):
        await ask(double.url)
    assert caplog.records
    assert "Zanzibar" not in caplog.text


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:80", "ftp://host", "http://", "http://user:pass@host", "http://host?x=1", "file:///etc"]
)
def test_an_invalid_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="http:// or https://"):
        server_root(url)


def test_a_path_before_the_api_is_kept() -> None:
    assert server_root("https://host:8080/models/v1/") == "https://host:8080/models"
