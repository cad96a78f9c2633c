"""A paging service on loopback that is as unreliable as real ones. Knows what arrived, and nothing about the sender.

It refuses some pages, and accepts some without answering: the sender must send both again, with the same key.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import NamedTuple

from channels.senders.signature import HEADER, verify

REFUSED = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
TAKEN = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


class Delivery(NamedTuple):
    """A page that was accepted. `key` is the header's; `signed` says whether the signature fits the body."""

    page: str
    key: str
    stated: str
    conversation: str
    signed: bool


class PageReceiver:
    def __init__(self, secret: str, chance: Random, refuses: float, goes_silent: float) -> None:
        self.taken: list[Delivery] = []
        self.came: dict[str, float] = {}
        """When the first attempt for each conversation was here, by `time.perf_counter`, taken or not."""
        self.refused = 0
        self.url = ""
        self.port = 0
        self._secret = secret
        self._chance = chance
        self._refuses = refuses
        self._goes_silent = goes_silent
        self._news = asyncio.Condition()

    async def until_all(self, conversations: set[str], seconds: float) -> bool:
        """Whether a page of each of these conversations has come in time."""
        try:
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: conversations <= {one.conversation for one in self.taken})
        except TimeoutError:
            return False
        return True

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
            body = await reader.readexactly(int(headers["content-length"]))
            writer.write(await self._judge(headers, body))
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass  # the sender was killed while it spoke, or the run is over
        finally:
            writer.close()

    async def _judge(self, headers: dict[str, str], body: bytes) -> bytes:
        said = json.loads(body)
        if said["event"] == "test":
            return TAKEN
        self.came.setdefault(said["link"].rpartition("/")[2], time.perf_counter())
        if self._chance.random() < self._refuses:
            self.refused += 1
            return REFUSED
        if said["event"] != "page":
            return TAKEN
        signed = verify(self._secret, body, headers.get(HEADER.lower(), ""), time.time())
        conversation = said["link"].rpartition("/")[2]
        async with self._news:
            key = headers.get("idempotency-key", "")
            self.taken.append(Delivery(said["page"], key, said["key"], conversation, signed))
            self._news.notify_all()
        return b"" if self._chance.random() < self._goes_silent else TAKEN


@asynccontextmanager
async def page_receiver(
    secret: str, chance: Random, *, refuses: float = 0.1, goes_silent: float = 0.1
) -> AsyncIterator[PageReceiver]:
    receiver = PageReceiver(secret, chance, refuses, goes_silent)
    server = await asyncio.start_server(receiver.answer, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    receiver.port = port
    receiver.url = f"http://{host}:{port}/page"
    async with server:
        yield receiver
