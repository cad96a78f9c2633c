"""One connection that all turns share: commands of the same tick of the event loop are written together, and answered
in order.

Nothing is sent twice. When the connection breaks, or the oldest command gets no answer in time, all commands under way
fail and the next one connects again. If too many are under way, callers wait. Not for blocking commands, which would
delay all behind them. Knows nothing about the commands.
"""

import asyncio
from collections import deque
from typing import Any, NamedTuple, cast

import hiredis
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection, DefaultParser
from redis.exceptions import ConnectionError, InvalidResponse, NoScriptError, RedisError, TimeoutError

from storage.connection import ANSWER_SECONDS, unavailable

Word = str | bytes | int | float

MOST = 512
"""The most commands under way at once."""
NOTHING = object()


def taken_over(connection: AbstractConnection, by: asyncio.Protocol) -> tuple[asyncio.Transport, asyncio.Protocol]:
    """Sends what the connection receives to `by` from now on. Returns its transport, and redis-py's own protocol, which
    must be told when the connection ends."""
    writer = cast(asyncio.StreamWriter, connection._writer)  # it has no public name
    transport = cast(asyncio.Transport, writer.transport)
    own = cast(asyncio.Protocol, transport.get_protocol())
    transport.set_protocol(by)
    return transport, own


class Pipeline:
    """Takes one connection of the pool of `redis` for itself; it is closed with the pool."""

    def __init__(self, redis: Redis, seconds: float = ANSWER_SECONDS) -> None:
        self._redis = redis
        self._seconds = seconds
        self._connecting = asyncio.Lock()
        self._connection: AbstractConnection | None = None
        self._line: _Line | None = None

    async def ask(self, *command: Word, then: tuple[Word, ...] = ()) -> Any:
        """The answer to a command; with `then`, which is asked next over the same connection, both answers. Raises
        NoScriptError, or StoreUnavailable; the command may then have been done or not."""
        line = self._line
        try:
            if line is None or line.broken or line.full:
                async with asyncio.timeout(self._seconds):
                    line = await self._ready()
            if then:
                return await asyncio.gather(line.ask(command), line.ask(then))
            return await line.ask(command)
        except NoScriptError:
            raise
        except (RedisError, OSError) as error:  # a time-out is an OSError
            raise unavailable(error, self._redis, self._seconds) from error

    async def _ready(self) -> "_Line":
        while self._line is None or self._line.broken or self._line.full:
            if self._line and not self._line.broken:
                await self._line.room.wait()
            else:
                await self._connect()
        return self._line

    async def _connect(self) -> None:
        """Connects, by redis-py, which knows about addresses, TLS and passwords. One caller at a time; the others find
        the new connection."""
        async with self._connecting:
            if self._line and not self._line.broken:
                return
            if self._connection is None:
                self._connection = await self._redis.connection_pool.get_connection()  # type: ignore[no-untyped-call]
            else:
                await self._connection.disconnect(nowait=True)
                await self._connection.connect()  # type: ignore[no-untyped-call]
            self._line = _Line(self._connection, self._seconds)


class _Asked(NamedTuple):
    waiter: asyncio.Future[Any]
    until: float


class _Line(asyncio.Protocol):
    """The connection while it works. A caller that stops waiting keeps its place, so that nobody gets a wrong
    answer."""

    def __init__(self, connection: AbstractConnection, seconds: float) -> None:
        self.broken = False
        self.room = asyncio.Event()
        self.room.set()
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._asked: deque[_Asked] = deque()
        self._unsent: list[bytes] = []
        self._congested = False
        self._watch: asyncio.TimerHandle | None = None
        self._replies = hiredis.Reader(
            protocolError=InvalidResponse, replyError=DefaultParser.parse_error, notEnoughData=NOTHING
        )
        self._transport, self._redis_py = taken_over(connection, self)

    @property
    def full(self) -> bool:
        return self._congested or len(self._asked) >= MOST

    def ask(self, command: tuple[Any, ...]) -> asyncio.Future[Any]:
        packed = hiredis.pack_command(command)
        if not self._unsent:
            self._loop.call_soon(self._send)
        self._unsent.append(packed)
        waiter = self._loop.create_future()
        self._asked.append(_Asked(waiter, self._loop.time() + self._seconds))
        if self._watch is None:
            self._watch = self._loop.call_later(self._seconds, self._look)
        if self.full:
            self.room.clear()
        return waiter

    def _send(self) -> None:
        if not self.broken:
            self._transport.write(b"".join(self._unsent))
        self._unsent.clear()

    def data_received(self, data: bytes) -> None:
        self._replies.feed(data)
        try:
            while (reply := self._replies.gets()) is not NOTHING:
                self._answer(reply)
        except (InvalidResponse, IndexError):  # an answer too many: it is unknown whose the others are
            self._break(ConnectionError("the answers do not fit the questions"))
        if not self.full:
            self.room.set()

    def _answer(self, reply: Any) -> None:
        waiter, _ = self._asked.popleft()
        if waiter.done():
            return
        if isinstance(reply, Exception):
            waiter.set_exception(reply)
        else:
            waiter.set_result(reply)

    def _look(self) -> None:
        """Breaks the connection if the oldest command has waited too long; runs only while commands are under way."""
        self._watch = None
        if self._asked:
            left = self._asked[0].until - self._loop.time()
            if left > 0:
                self._watch = self._loop.call_later(left, self._look)
            else:
                self._break(TimeoutError("no answer in time"))

    def pause_writing(self) -> None:
        self._congested = True
        self.room.clear()

    def resume_writing(self) -> None:
        self._congested = False
        if not self.full:
            self.room.set()

    def connection_lost(self, error: Exception | None) -> None:
        self._redis_py.connection_lost(error)
        self._break(ConnectionError("the connection was lost"))

    def _break(self, error: RedisError) -> None:
        self.broken = True
        self._transport.abort()
        if self._watch:
            self._watch.cancel()
        for waiter, _ in self._asked:
            if not waiter.done():
                waiter.set_exception(type(error)(*error.args))
        self._asked.clear()
        self.room.set()
