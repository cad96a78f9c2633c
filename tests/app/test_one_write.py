import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from uvicorn import Config
from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, Scope
from uvicorn.server import ServerState

from app.one_write import OneWrite

pytestmark = pytest.mark.anyio

HEAD: Any = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]}
KEY = b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
UPGRADE = b"Connection: Upgrade\r\nUpgrade: websocket\r\n" + KEY

App = Callable[[Scope, ASGIReceiveCallable, ASGISendCallable], object]


class Wire(asyncio.Transport):
    """The connection to a client, which keeps each write apart."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 5000), "sockname": ("127.0.0.1", 80)})
        self.writes: list[bytes] = []
        self.closed = False
        self.written = asyncio.Event()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.closed
        self.writes.append(bytes(data))
        self.written.set()

    def close(self) -> None:
        self.closed = True
        self.written.set()

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None: ...


def connected(app: App) -> tuple[Wire, OneWrite]:
    wire = Wire()
    protocol = OneWrite(Config(app, log_config=None), ServerState(), {})
    protocol.connection_made(wire)
    return wire, protocol


async def whole(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    await send(HEAD)
    await send({"type": "http.response.body", "body": b"some body", "more_body": False})


async def test_an_answer_is_one_write() -> None:
    wire, protocol = connected(whole)
    for _ in range(2):
        wire.written.clear()
        protocol.data_received(b"GET / HTTP/1.1\r\nHost: us\r\n\r\n")
        await wire.written.wait()
    assert [(one.startswith(b"HTTP/1.1 200"), one.endswith(b"some body")) for one in wire.writes] == [(True, True)] * 2


async def test_what_is_awaited_in_between_waits_for_no_more() -> None:
    more = asyncio.Event()

    async def piecemeal(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await send(HEAD)
        await more.wait()
        await send({"type": "http.response.body", "body": b"some ", "more_body": True})
        await send({"type": "http.response.body", "body": b"body", "more_body": False})

    wire, protocol = connected(piecemeal)
    protocol.data_received(b"GET / HTTP/1.1\r\nHost: us\r\n\r\n")
    await wire.written.wait()
    assert wire.writes[0].endswith(b"\r\n\r\n")
    wire.written.clear()
    more.set()
    await wire.written.wait()
    assert wire.writes[1:] == [b"some body"]


async def test_the_answer_comes_before_the_end_of_its_connection() -> None:
    wire, protocol = connected(whole)
    protocol.data_received(b"GET / HTTP/1.1\r\nHost: us\r\nConnection: close\r\n\r\n")
    while not wire.closed:
        wire.written.clear()
        await wire.written.wait()
    assert [one.endswith(b"some body") for one in wire.writes] == [True]


async def test_an_answer_to_a_request_without_a_body_is_sent() -> None:
    wire, protocol = connected(whole)
    protocol.data_received(b"HEAD / HTTP/1.1\r\nHost: us\r\n\r\n")
    await wire.written.wait()
    assert wire.writes[0].endswith(b"\r\n\r\n")


async def test_nothing_is_written_to_a_client_that_has_gone() -> None:
    wire, protocol = connected(whole)
    protocol.transport.write(b"too late")
    wire.close()
    protocol.connection_lost(None)
    await asyncio.sleep(0)
    assert wire.writes == []


async def test_a_websocket_is_answered_by_its_own_protocol() -> None:
    async def refusing(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        await receive()
        await send({"type": "websocket.close", "code": 1000, "reason": ""})

    wire, protocol = connected(refusing)
    protocol.data_received(b"GET / HTTP/1.1\r\nHost: us\r\n" + UPGRADE + b"\r\n")
    await wire.written.wait()
    assert wire.writes[0].startswith(b"HTTP/1.1 403")
