"""`previsit demo sms`: the whole product with a carrier that stands in for Twilio, and a telephone on a web page.

The door, the signatures and the worker are the real ones; only the air is not. Knows nothing about the conversation.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from socket import socket

import httpx
import uvicorn
from pydantic import BaseModel, ConfigDict, Field
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from app.assistance import Say
from app.listening import listen
from app.serve import serve
from app.settings import Settings
from channels.bodies import read_model
from channels.event_stream import EventStream, Sent, Streams
from channels.headers import SecurityHeaders, page_area
from channels.problems import PROBLEM_HANDLERS
from channels.telephony.stand_in import StandIn

HERE = Path(__file__).parent
CLINIC, PATIENT = "+15550001111", "+15552223333"
LONGEST = 1600


class Typed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    body: str = Field(min_length=1, max_length=LONGEST)


class PhonePage:
    """One telephone: what it got, and a place to write."""

    def __init__(self, carrier: StandIn, streams: Streams) -> None:
        self._carrier = carrier
        self._streams = streams

    def routes(self) -> list[BaseRoute]:
        files = [("/", "phone.html"), ("/phone.css", "phone.css"), ("/phone.js", "phone.js")]
        return [
            Route("/texts", self.texts, methods=["GET"]),
            Route("/texts", self.send, methods=["POST"]),
            *(Route(path, _file(name)) for path, name in files),
            *self._carrier.app.routes,
        ]

    async def send(self, request: Request) -> Response:
        typed = await read_model(request, Typed, 2 * LONGEST)
        await self._carrier.send(PATIENT, typed.body)
        return Response(status_code=204)

    async def texts(self, request: Request) -> Response:
        if "text/event-stream" not in request.headers.get("accept", ""):
            return JSONResponse([self._shown(number) for number in range(len(self._carrier.texts))])
        since = request.headers.get("last-event-id", "")
        return EventStream(self._news(int(since) + 1 if since.isdigit() else 0), self._streams, "phone")

    async def _news(self, number: int) -> AsyncGenerator[Sent, None]:
        while True:
            while number < len(self._carrier.texts):
                yield Sent(json.dumps(self._shown(number)), id=str(number))
                number += 1
            async with self._carrier.news:
                if len(self._carrier.texts) == number:
                    await self._carrier.news.wait()

    def _shown(self, number: int) -> dict[str, object]:
        text = self._carrier.texts[number]
        return {"mine": text.mine, "body": text.body}


async def demo(settings: Settings, phone_port: int, say: Say) -> None:
    """The product and the telephone, until a signal."""
    listening = listen("127.0.0.1", phone_port)
    phone = f"http://127.0.0.1:{listening.getsockname()[1]}"
    token = secrets.token_urlsafe(24)
    line = {"twilio_account": "ACdemo", "twilio_token": token, "twilio_number": CLINIC, "twilio_api": phone}
    settings = Settings.model_validate(settings.model_dump() | line)
    async with httpx.AsyncClient(timeout=30) as client:
        carrier = StandIn("ACdemo", token, CLINIC, f"{settings.address}/sms/inbound", client)
        streams = Streams()
        async with _serving(PhonePage(carrier, streams), listening, streams):
            say(f"\n  A telephone to try it with: {phone}\n")
            await serve(settings, say)


@asynccontextmanager
async def _serving(page: PhonePage, listening: socket, streams: Streams) -> AsyncIterator[None]:
    app = Starlette(routes=page.routes(), exception_handlers=PROBLEM_HANDLERS)
    config = uvicorn.Config(
        SecurityHeaders(app, [page_area("")]), loop="none", lifespan="off", log_config=None, access_log=False
    )
    server = _Beside(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        streams.close()
        server.should_exit = True
        await task


class _Beside(uvicorn.Server):
    """A second server in the process: the product's own takes the signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _file(name: str) -> Callable[[Request], Awaitable[Response]]:
    async def give(_request: Request) -> Response:
        return FileResponse(HERE / name)

    return give
