"""Server-Sent Events: a response that sends events as they come and ends when the server stops.

Knows nothing about what they say. A stream ends when its source ends, the client leaves, or `Streams` closes.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

import anyio
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from channels.problems import place

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15.0
_HEARTBEAT = b": still here\n\n"


@dataclass(frozen=True)
class Sent:
    """One event; `id` is what the client gives back as Last-Event-ID."""

    data: str
    event: str = ""
    id: str = ""

    def encode(self) -> bytes:
        lines = [f"data: {line}" for line in self.data.split("\n")]
        head = [f"{name}: {value}" for name, value in (("id", self.id), ("event", self.event)) if value]
        return ("\n".join(head + lines) + "\n\n").encode()


class Streams:
    """The open streams of this process; the server calls `close` when it is asked to stop, and all end."""

    def __init__(self) -> None:
        self._closing = asyncio.Event()
        self._open: Counter[str] = Counter()

    def close(self) -> None:
        self._closing.set()

    @property
    def closing(self) -> bool:
        return self._closing.is_set()

    async def closed(self) -> None:
        await self._closing.wait()

    def open_for(self, owner: str) -> int:
        return self._open[owner]

    def enter(self, owner: str) -> None:
        self._open[owner] += 1

    def leave(self, owner: str) -> None:
        self._open[owner] -= 1
        if self._open[owner] <= 0:
            del self._open[owner]


class EventStream(Response):
    """Sends what `events` yields, as it comes. `owner` is who it is counted for in `streams`."""

    media_type = "text/event-stream"

    def __init__(
        self,
        events: AsyncGenerator[Sent, None],
        streams: Streams,
        owner: str,
        *,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.events = events
        self.streams = streams
        self.owner = owner
        self.heartbeat_seconds = heartbeat_seconds
        self.status_code = 200
        self.background = None
        # X-Accel-Buffering: nginx would otherwise hold events back until its buffer is full.
        self.init_headers({"Cache-Control": "no-store", "X-Accel-Buffering": "no", **(headers or {})})

    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        super().init_headers(headers)
        self.raw_headers = [pair for pair in self.raw_headers if pair[0] != b"content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        self.streams.enter(self.owner)
        try:
            await _first_of(
                partial(self._pump, send),
                partial(self._keep_alive, send),
                partial(_disconnected, receive),
                self.streams.closed,
            )
            await send({"type": "http.response.body", "body": b""})
        finally:
            self.streams.leave(self.owner)

    async def _pump(self, send: Send) -> None:
        try:
            async with aclosing(self.events) as events:
                async for event in events:
                    await send({"type": "http.response.body", "body": event.encode(), "more_body": True})
        except Exception as error:
            # The client will connect again by itself and name the last event it has seen.
            logger.warning("event stream ended by %s at %s", type(error).__name__, place(error))

    async def _keep_alive(self, send: Send) -> None:
        while True:
            await anyio.sleep(self.heartbeat_seconds)
            await send({"type": "http.response.body", "body": _HEARTBEAT, "more_body": True})


async def _first_of(*works: Callable[[], Awaitable[None]]) -> None:
    """Run all; when the first one returns, cancel the others."""
    async with anyio.create_task_group() as group:

        async def run(work: Callable[[], Awaitable[None]]) -> None:
            await work()
            group.cancel_scope.cancel()

        for work in works:
            group.start_soon(run, work)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
