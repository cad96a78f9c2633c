"""Plays conversations against a server on this machine, many at a time: a process of its own, on plain sockets.

Run as: python -m benchmarks.load
Reads a Plan as one line of JSON and opens its conversations, writes "ready", waits for a line, plays every turn, writes
a Result, ends. It ends by itself after `seconds`, whatever the server does. Knows nothing about what is said.
"""

import asyncio
import random
import sys
import time
from collections import deque
from collections.abc import Sequence

import uvloop
from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter

from dialogue.conversation import State

ADDRESS = "127.0.0.1"
PATH = "/api/v1/conversations"


class Plan(BaseModel):
    """`turns` are the messages of each conversation. With `rotating`, turn 1 of all is played, then turn 2 of all,
    and so on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: int
    turns: tuple[dict[str, JsonValue], ...]
    conversations: int
    clients: int
    rotating: bool = False
    seconds: float = 60.0


class Result(BaseModel):
    """The times, in milliseconds. `last_state` is the state in which the conversation `sample` ended, if known."""

    turns: int
    seconds: float
    p50: float
    p99: float
    sample: str
    last_state: State | None


class Answer(BaseModel):
    id: str = ""
    token: str = ""
    state: State | None = None


PLAN = TypeAdapter(Plan)


class Connection:
    """One keep-alive connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> "Connection":
        return cls(*await asyncio.open_connection(ADDRESS, port))

    async def send(self, request: bytes) -> bytes:
        """The body of the answer. Anything but success ends the run."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        body = await self._reader.readexactly(length)
        if head[9:10] != b"2":
            raise SystemExit(f"The server answered {head[9:12].decode()}: {body[:200].decode()}")
        return body

    def close(self) -> None:
        self._writer.close()


class Opened(BaseModel):
    """A conversation that was opened, with the requests of its turns written out."""

    id: str
    requests: tuple[bytes, ...]


async def play(plan: Plan) -> None:
    async with asyncio.timeout(plan.seconds):
        connections = [await Connection.open(plan.port) for _ in range(plan.clients)]
        opened = [await _open(connections[0], plan) for _ in range(plan.conversations)]
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        taken: list[float] = []
        last: dict[str, bytes] = {}
        queue = deque(_stretches(opened, plan.rotating))
        began = time.perf_counter()
        await asyncio.gather(*(_work(connection, queue, taken, last) for connection in connections))
        seconds = time.perf_counter() - began
        for connection in connections:
            connection.close()
    sample = opened[0].id
    state = Answer.model_validate_json(last[sample]).state
    print(_result(taken, seconds, sample, state).model_dump_json(), flush=True)


def _result(taken: Sequence[float], seconds: float, sample: str, state: State | None) -> Result:
    ordered = sorted(taken)
    p50, p99 = (ordered[int(len(ordered) * share)] * 1000 for share in (0.50, 0.99))
    return Result(turns=len(ordered), seconds=seconds, p50=p50, p99=p99, sample=sample, last_state=state)


async def _open(connection: Connection, plan: Plan) -> Opened:
    """Opens the conversations, each under an address of its own (by a proxy's header): servers limit chats by
    address."""
    patient = ".".join(str(random.randrange(1, 255)) for _ in range(3))
    request = _request(PATH, b"", f"X-Forwarded-For: 10.{patient}\r\n")
    answer = Answer.model_validate_json(await connection.send(request))
    path, token = f"{PATH}/{answer.id}/messages", f"Authorization: Bearer {answer.token}\r\n"
    bodies = (_body(number, turn) for number, turn in enumerate(plan.turns))
    return Opened(id=answer.id, requests=tuple(_request(path, body, token) for body in bodies))


def _body(number: int, turn: dict[str, JsonValue]) -> bytes:
    message = {"client_message_id": f"0b9f6f52-6a1e-4c2e-9a55-{number:012}", **turn}
    return TypeAdapter(dict[str, JsonValue]).dump_json(message)


def _request(path: str, body: bytes, headers: str) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: {ADDRESS}\r\n{headers}Content-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


Stretch = tuple[str, Sequence[bytes]]


def _stretches(opened: Sequence[Opened], rotating: bool) -> list[Stretch]:
    """What one client plays without a break: a whole conversation, or one turn of it."""
    if not rotating:
        return [(each.id, each.requests) for each in opened]
    turns = range(len(opened[0].requests))
    return [(each.id, (each.requests[turn],)) for turn in turns for each in opened]


async def _work(connection: Connection, queue: deque[Stretch], taken: list[float], last: dict[str, bytes]) -> None:
    while queue:
        conversation, requests = queue.popleft()
        for request in requests:
            began = time.perf_counter()
            last[conversation] = await connection.send(request)
            taken.append(time.perf_counter() - began)


if __name__ == "__main__":
    uvloop.run(play(PLAN.validate_json(sys.stdin.readline())))
