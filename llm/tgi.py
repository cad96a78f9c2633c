"""A client of TGI's Messages API, and of the servers that speak it too (llama.cpp, vLLM). Knows nothing about cases.

Nothing is retried here, and no content is logged. The constraint is sent in both dialects at once: TGI reads
`response_format.value`, llama.cpp and vLLM read `response_format.json_schema`, and each ignores the other.
"""

import asyncio
import json
import re
from collections.abc import Sequence
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from llm.errors import BadCompletion, ModelError, ModelOverloaded, ModelRefused, ModelTimeout, ModelUnavailable
from llm.port import Completion, Message, Schema

BASE_MODEL = "tgi"
"""The name TGI gives to its base model; any other name is that of a LoRA adapter."""

_LARGEST_ANSWER = 256 * 1024
_CUT_OFF = "length"


class _Reply(BaseModel):
    """The part of a server's answer that is read; whatever else a server adds is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class _Answer(_Reply):
    content: str


class _Choice(_Reply):
    message: _Answer
    finish_reason: str | None = None


class _Usage(_Reply):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _ChatCompletion(_Reply):
    choices: tuple[_Choice, ...] = Field(min_length=1)
    usage: _Usage | None = None


class TgiModel:
    """`deadline` is seconds for a whole call: waiting for a connection, sending, and the last byte back."""

    def __init__(
        self,
        base_url: str,
        *,
        name: str = BASE_MODEL,
        token: str = "",
        deadline: float = 60.0,
        connections: int = 4,
    ) -> None:
        self.name = name
        self._deadline = deadline
        self._client = httpx.AsyncClient(
            base_url=server_root(base_url),
            headers={"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {}),
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            timeout=None,  # noqa: S113  # one deadline over the whole call, below
            trust_env=False,  # a proxy of the machine must not see what a patient said
        )

    async def complete(
        self, messages: Sequence[Message], schema: Schema | None, max_tokens: int, seed: int
    ) -> Completion:
        body = json.dumps(request_body(self.name, messages, schema, max_tokens, seed)).encode()
        try:
            async with asyncio.timeout(self._deadline):
                return read_completion(await self._post(body))
        except TimeoutError:
            raise ModelTimeout(f"no whole answer within {self._deadline:g} s") from None
        except httpx.HTTPError as error:
            raise ModelUnavailable(f"no answer: {type(error).__name__}") from None

    async def healthy(self) -> bool:
        """Whether the server says that it can answer."""
        try:
            async with asyncio.timeout(self._deadline):
                return (await self._client.get("/health")).status_code == httpx.codes.OK
        except (TimeoutError, httpx.HTTPError):
            return False

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _post(self, body: bytes) -> bytes:
        async with self._client.stream("POST", "/v1/chat/completions", content=body) as response:
            if response.status_code != httpx.codes.OK:
                raise refusal(response.status_code)
            answer = bytearray()
            async for block in response.aiter_bytes():
                answer += block
                if len(answer) > _LARGEST_ANSWER:
                    raise BadCompletion(f"the answer is larger than {_LARGEST_ANSWER} bytes")
            return bytes(answer)


def server_root(url: str) -> str:
    """The address without a trailing `/v1`, which many clients want and this one adds itself."""
    root = url.strip().rstrip("/").removesuffix("/v1")
    if not re.match(r"https?://[^/?#@\s]+(?:/[^?#\s]*)?$", root):
        raise ValueError("the model server's address must be an http:// or https:// URL without a user or a query")
    return root


def request_body(
    model: str, messages: Sequence[Message], schema: Schema | None, max_tokens: int, seed: int
) -> dict[str, Any]:
    """Without a schema the model writes freely: for measuring what it has learnt, never for a case."""
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
        truncated=choice.finish_reason == _CUT_OFF,
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
    )


def refusal(status: int) -> ModelError:
    """What a status other than 200 means. TGI: 422 invalid, 424 generation failed, 429 busy, 500 incomplete."""
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return ModelOverloaded("the model server is busy")
    if status == httpx.codes.FAILED_DEPENDENCY or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return ModelUnavailable(f"the model server failed with status {status}")
    if status >= httpx.codes.BAD_REQUEST:
        return ModelRefused(status)
    return BadCompletion(f"the model server answered with status {status}")
