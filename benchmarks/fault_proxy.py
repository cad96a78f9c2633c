"""A TCP proxy on loopback that misbehaves. Knows nothing about the protocol.

It loses answers (the request was carried out, but the client's connection breaks), delays answers, and repeats
requests.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import NamedTuple

PIECE = 65536


class Line(NamedTuple):
    """How often answers are lost, delayed or repeated, as a share of all, and the longest delay in seconds.

    `doubled` is for a connection that carries one question only: the question is sent twice.
    """

    lost: float = 0.0
    late: float = 0.0
    longest: float = 0.2
    doubled: float = 0.0


class FaultProxy:
    def __init__(self, target: tuple[str, int], line: Line, chance: Random) -> None:
        self.port = 0
        self.lost = self.late = self.doubled = 0
        self._target = target
        self._line = line
        self._chance = chance
        self._again: set[asyncio.Task[None]] = set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, to_there = await asyncio.open_connection(*self._target)
        except OSError:
            writer.close()
            return
        asked: list[bytes] = []
        ways = [
            asyncio.create_task(self._ask(reader, to_there, asked)),
            asyncio.create_task(self._answer(there, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            if self._line.doubled and self._chance.random() < self._line.doubled:
                self._begin_again(b"".join(asked))
        finally:
            for way in ways:
                way.cancel()
            writer.close()
            to_there.close()

    async def _ask(self, reader: asyncio.StreamReader, there: asyncio.StreamWriter, asked: list[bytes]) -> None:
        try:
            while piece := await reader.read(PIECE):
                if self._line.doubled:
                    asked.append(piece)
                there.write(piece)
                await there.drain()
        except OSError:
            pass

    async def _answer(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while piece := await there.read(PIECE):
                if self._chance.random() < self._line.lost:
                    self.lost += 1
                    writer.transport.abort()
                    return
                if self._chance.random() < self._line.late:
                    self.late += 1
                    await asyncio.sleep(self._chance.uniform(0, self._line.longest))
                writer.write(piece)
                await writer.drain()
        except OSError:
            pass

    def _begin_again(self, asked: bytes) -> None:
        task = asyncio.create_task(self._ask_again(asked))
        self._again.add(task)
        task.add_done_callback(self._again.discard)

    async def _ask_again(self, asked: bytes) -> None:
        try:
            there, to_there = await asyncio.open_connection(*self._target)
            to_there.write(asked)
            await there.read()
            self.doubled += 1
            to_there.close()
        except OSError:
            pass


@asynccontextmanager
async def fault_proxy(target: tuple[str, int], line: Line, chance: Random) -> AsyncIterator[FaultProxy]:
    proxy = FaultProxy(target, line, chance)
    server = await asyncio.start_server(proxy.carry, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    async with server:
        yield proxy
