"""A client of TGI's Messages API, which other servers offer, too. Knows nothing about cases.

The constraint is sent in both dialects at once: TGI reads `response_format.value`; llama.cpp, vLLM and SGLang read
`response_format.json_schema`; and each ignores the other. `llm/canary.py` finds a server that ignores both.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from llm.endpoint import Endpoint
from llm.errors import BadCompletion
from llm.port import Completion, Message, Schema

BASE_MODEL = "tgi"
"""The name TGI gives to its base model; any other name is that of a LoRA adapter."""

CUT_OFF = "length"


class Reply(BaseModel):
    """The part of a server's answer that is read; other members are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class _Answer(Reply):
    content: str


class _Choice(Reply):
    message: _Answer
    finish_reason: str | None = None


class _Usage(Reply):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _ChatCompletion(Reply):
    choices: tuple[_Choice, ...] = Field(min_length=1)
    usage: _Usage | None = None


class TgiModel:
    """`name` is "tgi" for the base model; TGI and vLLM take an adapter's name, SGLang "base:adapter"."""

    def __init__(self, endpoint: Endpoint, name: str = BASE_MODEL) -> None:
        self.name = name
        self.endpoint = endpoint

    async def complete(
        self, messages: Sequence[Message], schema: Schema | None, max_tokens: int, seed: int
    ) -> Completion:
        body = request_body(self.name, messages, schema, max_tokens, seed)
        return read_completion(await self.endpoint.post("/v1/chat/completions", body))


def request_body(
    model: str, messages: Sequence[Message], schema: Schema | None, max_tokens: int, seed: int
) -> dict[str, Any]:
    """The request's JSON. Without a schema the model writes freely, which is for measuring only, never for a case."""
    body = {
        "model": model,
        "messages": [{"role": message.role, "content": message.content} for message in messages],
        "temperature": 0.0,
        "seed": seed,
        "max_tokens": max_tokens,
        "stream": False,
    }
    if schema is None:
        return body
    constraint = {"name": "draft", "schema": dict(schema)}
    return body | {"response_format": {"type": "json_schema", "value": constraint, "json_schema": constraint}}


def read_completion(answer: bytes) -> Completion:
    try:
        reply = _ChatCompletion.model_validate_json(answer)
    except ValidationError:
        raise BadCompletion("the answer is no chat completion") from None
    choice, usage = reply.choices[0], reply.usage or _Usage()
    return Completion(
        text=choice.message.content,
        truncated=choice.finish_reason == CUT_OFF,
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
    )
