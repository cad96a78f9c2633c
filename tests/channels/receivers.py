"""Small HTTP servers on loopback that take a page: one that answers as told, and one that never answers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Received:
    """One request as it came in: names of headers in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers every request with `answer` (a whole HTTP response); hangs when it is empty."""

    url: str
    received: list[Received] = field(default_factory=list)


def answering(status: str, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, "Content-Length: 0", "Connection: close", "", ""]
    return "\r\n".join(lines).encode()


@asynccontextmanager
async def receiver(answer: bytes) -> AsyncIterator[Receiver]:
    found = Receiver("")
    stop = asyncio.Event()
    server = await asyncio.start_server(_taking(found, answer, stop), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    found.url = f"http://{host}:{port}/page"
    try:
        yield found
    finally:
        stop.set()
        server.close()
        await server.wait_closed()


def _taking(
    found: Receiver, answer: bytes, stop: asyncio.Event
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:]) if name}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        found.received.append(Received(head[0].split()[1], headers, body))
        if answer:
            writer.write(answer)
        else:
            await stop.wait()
        writer.close()
        await writer.wait_closed()

    return take
