"""The connection that all turns share: every caller gets their own answer or an error, whatever happens."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from dialogue.ports import StoreUnavailable
from storage.connection import connect
from storage.conversations import ValkeyConversations
from storage.embedded import EmbeddedValkey
from storage.pipeline import MOST, Pipeline
from tests.storage.support import MASTER_KEY, FaultyLine, said, started, until

pytestmark = pytest.mark.anyio


@pytest.fixture
async def ours(line: FaultyLine) -> AsyncIterator[Redis]:
    """Over a line that can be broken."""
    redis = await connect(line.url)
    yield redis
    await redis.aclose()


async def failures(asked: list[asyncio.Task[Any]]) -> list[str]:
    """What each was told; an answer would be an error here."""
    told = await asyncio.gather(*asked, return_exceptions=True)
    assert all(isinstance(each, StoreUnavailable) for each in told), told
    return [str(each) for each in told]


def echoes(pipeline: Pipeline, count: int) -> list[asyncio.Task[Any]]:
    return [asyncio.create_task(pipeline.ask("ECHO", str(number))) for number in range(count)]


async def test_what_is_asked_at_once_is_one_request_and_answered_in_order(ours: Redis, line: FaultyLine) -> None:
    pipeline = Pipeline(ours)
    await pipeline.ask("PING")
    before = line.requests
    assert await asyncio.gather(*echoes(pipeline, 100)) == [str(number).encode() for number in range(100)]
    assert line.requests - before == 1


async def test_turns_at_once_share_their_round_trips(ours: Redis, line: FaultyLine) -> None:
    store = ValkeyConversations(ours, MASTER_KEY)
    conversations = [started(f"c{number}") for number in range(16)]
    await asyncio.gather(*(store.commit(conversation, []) for conversation in conversations))

    async def turn(conversation_id: str) -> None:
        loaded = await store.load(conversation_id)
        assert loaded and loaded.id == conversation_id
        await store.commit(said(loaded, f"of {conversation_id}"), [])

    before = line.requests
    await asyncio.gather(*(turn(conversation.id) for conversation in conversations))
    assert line.requests - before <= 4
    for conversation in conversations:
        assert await store.load(conversation.id) == said(conversation, f"of {conversation.id}")


async def test_more_than_fit_on_the_line_wait_and_are_all_answered(ours: Redis) -> None:
    count = 5 * MOST
    assert await asyncio.gather(*echoes(Pipeline(ours), count)) == [str(number).encode() for number in range(count)]


async def test_large_values_pass_in_order(ours: Redis) -> None:
    pipeline = Pipeline(ours)
    values = [bytes([number]) * 200_000 for number in range(100)]
    assert await asyncio.gather(*(pipeline.ask("ECHO", value) for value in values)) == values


async def test_whoever_stops_waiting_shifts_nobodys_answer(ours: Redis) -> None:
    pipeline = Pipeline(ours)
    await pipeline.ask("PING")
    asked = echoes(pipeline, 60)
    await asyncio.sleep(0)  # all are on their way
    for leaving in asked[::3]:
        leaving.cancel()
    found = await asyncio.gather(*asked, return_exceptions=True)
    for number, each in enumerate(found):
        assert isinstance(each, asyncio.CancelledError) if number % 3 == 0 else each == str(number).encode()
    assert await asyncio.gather(*echoes(pipeline, 60)) == [str(number).encode() for number in range(60)]


async def test_whoever_stops_waiting_for_the_connection_holds_up_nobody(ours: Redis) -> None:
    asked = echoes(Pipeline(ours), 5)
    await asyncio.sleep(0)  # the first one connects, the others wait for it
    asked[0].cancel()
    assert await asyncio.gather(*asked[1:]) == [b"1", b"2", b"3", b"4"]


async def test_a_refused_command_disturbs_no_other(redis: Redis) -> None:
    await redis.set("text", "canary")
    pipeline = Pipeline(redis)
    asked = [("ECHO", "first"), ("HMGET", "text", "v"), ("ECHO", "last")]
    found = await asyncio.gather(*(pipeline.ask(*command) for command in asked), return_exceptions=True)
    assert (found[0], found[2]) == (b"first", b"last")
    assert isinstance(found[1], StoreUnavailable) and "refused a command: WRONGTYPE" in str(found[1])
    assert "canary" not in str(found[1])


async def test_lost_answers_fail_all_on_their_way_and_nothing_is_sent_twice(
    redis: Redis, ours: Redis, line: FaultyLine
) -> None:
    pipeline = Pipeline(ours)
    await pipeline.ask("PING")
    line.swallow_next_answer()
    told = await failures([asyncio.create_task(pipeline.ask("INCR", "count")) for _ in range(20)])
    assert line.swallowed == 1
    assert all("Nothing answers at" in each for each in told)
    assert await redis.get("count") == b"20"
    assert await pipeline.ask("INCR", "count") == 21


async def test_a_line_that_falls_silent_is_given_up_and_another_one_made(ours: Redis, line: FaultyLine) -> None:
    pipeline = Pipeline(ours, seconds=0.2)
    await pipeline.ask("PING")
    line.silence()
    told = await failures(echoes(pipeline, 5))
    assert all("did not answer within 0.2 seconds" in each for each in told)
    assert await asyncio.gather(*echoes(pipeline, 5)) == [b"0", b"1", b"2", b"3", b"4"]


async def test_a_line_that_was_cut_while_nobody_asked_is_replaced(ours: Redis, line: FaultyLine) -> None:
    pipeline = Pipeline(ours)
    for _ in range(3):
        assert await pipeline.ask("PING") == b"PONG"
        await line.cut()
        await until(line.all_closed)


async def test_no_server_is_said_and_forgotten_when_it_is_back(ours: Redis, line: FaultyLine) -> None:
    pipeline = Pipeline(ours)
    line.refusing = True
    await line.cut()
    await until(line.all_closed)
    assert all("Nothing answers at" in each for each in await failures(echoes(pipeline, 5)))
    line.refusing = False
    assert await asyncio.gather(*echoes(pipeline, 3)) == [b"0", b"1", b"2"]


async def test_one_connection_is_used_and_closed_with_the_others(server: EmbeddedValkey, redis: Redis) -> None:
    before = len(await redis.client_list())
    ours = await connect(server.url)
    pipeline = Pipeline(ours)
    await asyncio.gather(*echoes(pipeline, 100))
    assert len(await redis.client_list()) == before + 1
    await ours.aclose()

    async def closed() -> bool:
        return len(await redis.client_list()) == before

    await until(closed)


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(path: Path, serve: Serve, options: str = "") -> AsyncIterator[Redis]:
    """A server that is not to be relied on."""
    server = await asyncio.start_unix_server(serve, path)
    redis = Redis.from_url(f"unix://{path}?protocol=2{options}")
    try:
        yield redis
    finally:
        await redis.aclose()
        server.close()


def answering(answers: bytes) -> Serve:
    """Answers `answers` to whatever begins with a GET, and "fresh" to the rest."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionResetError):
            while data := await reader.read(65536):
                writer.write(answers if b"GET" in data else b"+fresh\r\n")
        writer.close()

    return serve


async def test_an_answer_too_many_is_given_to_nobody(tmp_path: Path) -> None:
    async with serving(tmp_path / "odd.sock", answering(b"+1\r\n+2\r\n")) as redis:
        pipeline = Pipeline(redis)
        assert await pipeline.ask("GET", "a") == b"1"
        assert await pipeline.ask("ECHO", "b") == b"fresh"


async def test_after_an_answer_that_cannot_be_read_all_others_fail(tmp_path: Path) -> None:
    async with serving(tmp_path / "odd.sock", answering(b"+1\r\n!?#\r\n+3\r\n")) as redis:
        pipeline = Pipeline(redis)
        first, *others = [asyncio.create_task(pipeline.ask("GET", name)) for name in "abc"]
        assert await first == b"1"
        await failures(others)
        assert await pipeline.ask("ECHO", "d") == b"fresh"


async def test_a_server_that_takes_nothing_makes_callers_wait_and_then_fails_them(tmp_path: Path) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        await gone.wait()
        writer.close()

    gone = asyncio.Event()
    async with serving(tmp_path / "deaf.sock", serve) as redis:
        pipeline = Pipeline(redis, seconds=0.2)
        value = b"x" * 1_000_000
        told = await failures([asyncio.create_task(pipeline.ask("ECHO", value)) for _ in range(50)])
        assert all("did not answer within 0.2 seconds" in each for each in told)
        gone.set()


async def test_a_server_that_takes_a_connection_and_is_silent_has_not_answered(tmp_path: Path) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(65536):
            pass
        writer.close()

    async with serving(tmp_path / "silent.sock", serve, "&socket_timeout=0.05") as redis:
        assert "did not answer" in (await failures(echoes(Pipeline(redis), 1)))[0]
