"""Answers requests with one write to the socket, where uvicorn writes the head and the body apart.

Each write is a system call and wakes the client; the second one took a twentieth of a turn. Knows nothing about what is
answered.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class OneWrite(HttpToolsProtocol):
    """uvicorn's own protocol, for `uvicorn.Config(http=OneWrite)`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._own = transport
        self.transport = _Holding(transport, self.loop)

    def handle_websocket_upgrade(self) -> None:
        self.transport = self._own  # another protocol takes over
        super().handle_websocket_upgrade()


class _Holding(asyncio.Transport):
    """Holds what is written until more is, at most until the event loop's next round.

    Has only what the protocol uses to answer; it reads and waits with the transport itself.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._held: bytes = b""

    def write(self, data: Any) -> None:
        if self._held:
            self._write(data)
        else:
            self._held = data
            self._loop.call_soon(self._write)

    def close(self) -> None:
        self._write()
        self._transport.close()

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def _write(self, more: Any = b"") -> None:
        piece, self._held = b"".join((self._held, more)), b""
        if piece and not self._transport.is_closing():
            self._transport.write(piece)
