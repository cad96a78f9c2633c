"""Talking to an ASGI application without a server, also while it is still answering."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from starlette.types import ASGIApp, Message


def client(app: ASGIApp) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://previsit.test")


class Exchange:
    """One request whose answer is read piece by piece, as it is sent."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[Message] = asyncio.Queue()
        self.incoming: asyncio.Queue[Message] = asyncio.Queue()

    async def start(self) -> Message:
        message = await self.sent.get()
        assert message["type"] == "http.response.start"
        return message

    async def piece(self) -> bytes:
        """The next piece of the body; empty at its end."""
        message = await self.sent.get()
        assert message["type"] == "http.response.body"
        return bytes(message.get("body", b""))

    def leave(self) -> None:
        self.incoming.put_nowait({"type": "http.disconnect"})


@asynccontextmanager
async def exchange(
    app: ASGIApp, path: str = "/", method: str = "GET", headers: dict[str, str] | None = None
) -> AsyncIterator[Exchange]:
    talk = Exchange()
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
        "client": ("192.0.2.1", 1),
        "server": ("previsit.test", 80),
    }

    async def run() -> None:
        await app(scope, talk.incoming.get, talk.sent.put)

    task = asyncio.create_task(run())
    try:
        yield talk
    finally:
        talk.leave()
        await asyncio.wait_for(task, 10)
