"""A model server on loopback that misbehaves as it is told, over real HTTP."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

Answer = Callable[[dict[str, Any]], Awaitable[Response]]


def completion(text: str, finish_reason: str = "stop") -> dict[str, Any]:
    """A chat completion as TGI writes it."""
    return {
        "object": "chat.completion",
        "id": "",
        "created": 1,
        "model": "a-model",
        "system_fingerprint": "3.3.7-native",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text},
                "logprobs": None,
                "finish_reason": finish_reason,
            }
        ],
        "usage": {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15},
    }


def says(text: str, finish_reason: str = "stop") -> Answer:
    return sends(200, completion(text, finish_reason))


def sends(status: int, body: Any) -> Answer:
    """A status with a JSON body, or with the bytes themselves."""

    async def answer(request: dict[str, Any]) -> Response:
        return Response(body, status) if isinstance(body, bytes) else JSONResponse(body, status)

    return answer


async def never(request: dict[str, Any]) -> Response:
    """Holds the connection until the client goes."""
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


async def drips(request: dict[str, Any]) -> Response:
    """Sends a byte now and then, and never ends: each read succeeds, the whole never comes."""

    async def blanks() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.005)

    return StreamingResponse(blanks())


async def floods(request: dict[str, Any]) -> Response:
    async def blocks() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b" " * 65536

    return StreamingResponse(blocks())


class ModelDouble:
    """What the server was sent, and how it answers."""

    def __init__(self) -> None:
        self.answer: Answer = says("{}")
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.generated: list[dict[str, Any]] = []
        self.templated: str | None = None
        self.models: list[dict[str, Any]] | None = None
        self.healthy = True
        self.url = ""

    async def chat(self, request: Request) -> Response:
        self.requests.append(json.loads(await request.body()))
        self.headers.append(dict(request.headers))
        return await self.answer(self.requests[-1])

    async def generate(self, request: Request) -> Response:
        self.generated.append(json.loads(await request.body()))
        return await self.answer(self.generated[-1])

    async def template(self, request: Request) -> Response:
        if self.templated is None:
            return JSONResponse({"error": "Template error: template not found", "error_type": "template_error"}, 422)
        return JSONResponse({"templated_text": self.templated, "tokenize_response": []})

    async def listed(self, request: Request) -> Response:
        return Response(status_code=404) if self.models is None else JSONResponse({"data": self.models})

    async def health(self, request: Request) -> Response:
        return Response(status_code=200 if self.healthy else 503)


@contextlib.asynccontextmanager
async def model_double() -> AsyncIterator[ModelDouble]:
    double = ModelDouble()
    app = Starlette(
        routes=[
            Route("/v1/chat/completions", double.chat, methods=["POST"]),
            Route("/generate", double.generate, methods=["POST"]),
            Route("/chat_tokenize", double.template, methods=["POST"]),
            Route("/v1/models", double.listed),
            Route("/health", double.health),
        ]
    )
    listening = socket.create_server(("127.0.0.1", 0))
    double.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    config = uvicorn.Config(app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield double
    finally:
        server.should_exit = True
        await serving
        listening.close()


@contextlib.asynccontextmanager
async def hangs_up(head: bytes) -> AsyncIterator[str]:
    """A server that says `head` to whatever it is asked, and closes the connection."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
