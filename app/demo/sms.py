"""`previsit demo sms`: the whole product with a carrier that stands in for Twilio, and telephones on a web page.

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
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.assistance import Say
from app.listening import listen
from app.serve import serve
from app.settings import Settings
from channels.bodies import read_model
from channels.event_stream import EventStream, Sent, Streams
from channels.headers import SecurityHeaders, page_area
from channels.problems import PROBLEM_HANDLERS
from channels.telephony.stand_in import PICTURE, StandIn, Text

HERE = Path(__file__).parent
CLINIC = "+15550001111"
FIRST, MOST = 5552223333, 1000
LONGEST = 1600


class Typed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    body: str = Field(max_length=LONGEST)
    picture: bool = False


class PhonePage:
    """Telephones, by number from 1: what each got, and a place to write."""

    def __init__(self, carrier: StandIn, streams: Streams, console: str) -> None:
        self._carrier = carrier
        self._streams = streams
        self._console = console
        self._run = secrets.token_hex(4)

    def routes(self) -> list[BaseRoute]:
        files = [("/", "phone.html"), ("/phone.css", "phone.css"), ("/phone.js", "phone.js")]
        return [
            Route("/texts", self.texts, methods=["GET"]),
            Route("/texts", self.send, methods=["POST"]),
            Route("/console", self.console),
            *(Route(path, _file(name)) for path, name in files),
            *self._carrier.app.routes,
        ]

    async def send(self, request: Request) -> Response:
        """Sends a text; answers 204. An empty text is not sent, as no telephone sends one."""
        typed = await read_model(request, Typed, 2 * LONGEST)
        if typed.body.strip() or typed.picture:
            await self._carrier.send(_phone(request), typed.body, **(PICTURE if typed.picture else {}))
        return Response(status_code=204)

    async def console(self, request: Request) -> Response:
        return RedirectResponse(self._console)

    async def texts(self, request: Request) -> Response:
        phone = _phone(request)
        if "text/event-stream" not in request.headers.get("accept", ""):
            return JSONResponse([_shown(text) for text in self._carrier.texts if text.phone == phone])
        run, _, since = request.headers.get("last-event-id", "").partition("-")
        number = int(since) + 1 if run == self._run and since.isdigit() else 0
        return EventStream(self._news(phone, number), self._streams, "phone")

    async def _news(self, phone: str, number: int) -> AsyncGenerator[Sent, None]:
        """The texts from number `number` on. A page that has seen an earlier run of the demo starts over."""
        if number == 0:
            yield Sent("", event="anew")
        while True:
            while number < len(self._carrier.texts):
                text = self._carrier.texts[number]
                if text.phone == phone:
                    yield Sent(json.dumps(_shown(text)), id=f"{self._run}-{number}")
                number += 1
            async with self._carrier.news:
                if len(self._carrier.texts) == number:
                    await self._carrier.news.wait()


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
        page = PhonePage(carrier, streams, f"{settings.address}/console")
        async with _serving(page, listening, streams):
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


def _phone(request: Request) -> str:
    """The telephone that the address names; the first one if there is no such telephone."""
    asked = request.query_params.get("phone", "")
    number = int(asked) if asked.isdecimal() and len(asked) <= len(str(MOST)) else 1
    return f"+1{FIRST + min(max(number, 1), MOST) - 1}"


def _shown(text: Text) -> dict[str, object]:
    by = "patient" if text.mine else "carrier" if text.carriers else "clinic"
    return {"by": by, "body": text.body, "picture": text.picture}


def _file(name: str) -> Callable[[Request], Awaitable[Response]]:
    async def give(_request: Request) -> Response:
        return FileResponse(HERE / name)

    return give
