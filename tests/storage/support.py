"""What the store's tests share: conversations, and a connection that can be broken."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Self

from dialogue.conversation import Conversation, Entry, Message, Page, Paging, Speaker, State
from dialogue.duties import Assess, CheckPage, Duty, SendPage
from dialogue.events import Said, Started
from policies.levels import Level
from tests.clock import NOON

MASTER_KEY = bytes(range(32))


def started(conversation_id: str, at: float = NOON) -> Conversation:
    welcome = Message(speaker=Speaker.BOT, text="Hello.")
    return Conversation(
        id=conversation_id,
        code=f"C-{conversation_id}",
        language="en",
        ruleset="1",
        created_at=at,
        state=State.CONSENT,
        log=(Entry(event=Started(at=at), replies=(welcome,)),),
    )


def said(conversation: Conversation, text: str, at: float | None = None) -> Conversation:
    """The next version."""
    event = Said(at=conversation.updated_at + 10 if at is None else at, key=f"m{conversation.version}", text=text)
    return conversation.model_copy(update={"log": (*conversation.log, Entry(event=event, replies=()))})


def urgent(conversation: Conversation, text: str = "crushing chest pain") -> Conversation:
    """The next version, with a page."""
    grown = said(conversation, text)
    page = Page(id=f"P-{conversation.id}", raised_at=grown.updated_at, rules=("R1",))
    return grown.model_copy(
        update={"state": State.URGENT, "paging": Paging.OPEN, "level": Level.EMERGENCY, "page": page}
    )


def send_page(conversation: Conversation, attempt: int = 1) -> Duty:
    return SendPage(
        id=f"page:{conversation.id}:{attempt}",
        conversation=conversation.id,
        due=conversation.updated_at,
        attempt=attempt,
    )


def check_page(conversation: Conversation, due: float, attempt: int = 1) -> Duty:
    return CheckPage(id=f"check:{conversation.id}:{attempt}", conversation=conversation.id, due=due, attempt=attempt)


def assess(conversation: Conversation) -> Duty:
    return Assess(id=f"assess:{conversation.id}", conversation=conversation.id, due=conversation.updated_at)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Waits for a condition, not for a time."""
    async with asyncio.timeout(20):
        while not await holds():
            await asyncio.sleep(0.01)


def written(folder: Path) -> bytes:
    """Everything in the files that a server keeps, its log included."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


class FaultyLine:
    """A relay before a server's socket. It can swallow the next answer, and cut, silence or refuse connections."""

    def __init__(self, server: str, path: Path) -> None:
        self._server = server.removeprefix("unix://")
        self._path = path
        self._writers: set[asyncio.StreamWriter] = set()
        self._clients: set[asyncio.StreamWriter] = set()
        self._silent: set[asyncio.StreamWriter] = set()
        self._swallow = asyncio.Event()
        self.url = f"unix://{path}"
        self.refusing = False
        self.swallowed = 0
        self.requests = 0

    def swallow_next_answer(self) -> None:
        """The server gets what is sent next and acts on it; its answer is lost with the connection."""
        self._swallow.set()

    def silence(self) -> None:
        """The connections of now stay open, and nothing comes back over them any more."""
        self._silent = set(self._writers)

    def answer(self, words: bytes) -> None:
        """What no server says comes back over the connections of now."""
        for writer in self._clients:
            writer.write(words)

    async def cut(self) -> None:
        for writer in list(self._writers):
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusing:
            writer.close()
            return
        up_reader, up_writer = await self._reach()
        self._writers |= {writer, up_writer}
        self._clients.add(writer)
        relays = [asyncio.create_task(self._up(reader, up_writer)), asyncio.create_task(self._down(up_reader, writer))]
        await asyncio.wait(relays, return_when=asyncio.FIRST_COMPLETED)
        for each in (writer, up_writer):
            each.close()
        await asyncio.wait(relays)
        self._writers -= {writer, up_writer}
        self._clients.discard(writer)

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                self.requests += 1
                writer.write(data)
                await writer.drain()

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if self._swallow.is_set():
                    self._swallow.clear()
                    self.swallowed += 1
                    return
                if writer not in self._silent:
                    writer.write(data)
                    await writer.drain()

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_unix_connection(self._server)

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_unix_server(self._serve, self._path)

    @contextlib.asynccontextmanager
    async def standing(self) -> AsyncIterator[Self]:
        server = await self._listen()
        try:
            yield self
        finally:
            server.close()
            await self.cut()
            await until(self.all_closed)
            if self._path.is_socket():
                self._path.unlink()

    async def all_closed(self) -> bool:
        return not self._writers


class FaultyPort(FaultyLine):
    """The same before a server's port."""

    def __init__(self, server_port: int) -> None:
        super().__init__("", Path())
        self._server_port = server_port
        self.port = 0

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self._server_port)

    async def _listen(self) -> asyncio.Server:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        return server
