"""The HTTP client of one model server. Turns every failure into a ModelError.

Retries nothing and logs no content. Knows nothing about what is asked.
"""

import asyncio
import json
import re
from collections.abc import Coroutine, Mapping
from typing import Any

import httpx

from llm.errors import BadCompletion, ModelError, ModelOverloaded, ModelRefused, ModelTimeout, ModelUnavailable

_LARGEST_ANSWER = 256 * 1024


class Endpoint:
    """`deadline` is seconds for a whole call: waiting for a connection, sending, and the last byte back."""

    def __init__(self, base_url: str, *, token: str = "", deadline: float = 60.0, connections: int = 4) -> None:
        self._deadline = deadline
        self._client = httpx.AsyncClient(
            base_url=server_root(base_url),
            headers={"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {}),
            limits=httpx.Limits(max_connections=connections, max_keepalive_connections=connections),
            timeout=None,  # noqa: S113  # one deadline over the whole call, below
            trust_env=False,  # a proxy from the environment must not see what a patient said
        )

    async def post(self, path: str, body: Mapping[str, Any]) -> bytes:
        """The body of a 200 answer. Raises a ModelError for anything else."""
        return await self._within(self._read("POST", path, json.dumps(body).encode()))

    async def get(self, path: str) -> bytes:
        return await self._within(self._read("GET", path))

    async def healthy(self) -> bool:
        """Whether the server reports that it is healthy."""
        try:
            async with asyncio.timeout(self._deadline):
                return (await self._client.get("/health")).status_code == httpx.codes.OK
        except (TimeoutError, httpx.HTTPError):
            return False

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _within(self, reading: Coroutine[Any, Any, bytes]) -> bytes:
        try:
            async with asyncio.timeout(self._deadline):
                return await reading
        except TimeoutError:
            raise ModelTimeout(f"no whole answer within {self._deadline:g} s") from None
        except httpx.HTTPError as error:
            raise ModelUnavailable(f"no answer: {type(error).__name__}") from None

    async def _read(self, method: str, path: str, content: bytes | None = None) -> bytes:
        async with self._client.stream(method, path, content=content) as response:
            if response.status_code != httpx.codes.OK:
                raise refusal(response.status_code)
            answer = bytearray()
            async for block in response.aiter_bytes():
                answer += block
                if len(answer) > _LARGEST_ANSWER:
                    raise BadCompletion(f"the answer is larger than {_LARGEST_ANSWER} bytes")
            return bytes(answer)


def server_root(url: str) -> str:
    """The address without a trailing `/v1`, which this client adds itself. Raises ValueError for an invalid one."""
    root = url.strip().rstrip("/").removesuffix("/v1")
    if not re.match(r"https?://[^/?#@\s]+(?:/[^?#\s]*)?$", root):
        raise ValueError("the model server's address must be an http:// or https:// URL without a user or a query")
    return root


def refusal(status: int) -> ModelError:
    """The error for a status other than 200. TGI uses 422 invalid, 424 generation failed, 429 busy, 500 incomplete."""
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return ModelOverloaded("the model server is busy")
    if status == httpx.codes.FAILED_DEPENDENCY or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return ModelUnavailable(f"the model server failed with status {status}")
    if status >= httpx.codes.BAD_REQUEST:
        return ModelRefused(status)
    return BadCompletion(f"the model server answered with status {status}")
