import asyncio
import logging
from collections.abc import AsyncGenerator

import pytest

from channels.event_stream import EventStream, Sent, Streams
from tests.channels.asgi import exchange


@pytest.fixture
def streams() -> Streams:
    return Streams()


async def only(*events: Sent) -> AsyncGenerator[Sent, None]:
    for event in events:
        yield event


async def endless() -> AsyncGenerator[Sent, None]:
    yield Sent("first")
    await asyncio.Event().wait()


def test_an_event_is_written_as_the_standard_has_it() -> None:
    assert Sent("a\nb", event="change", id="7").encode() == b"id: 7\nevent: change\ndata: a\ndata: b\n\n"
    assert Sent("{}").encode() == b"data: {}\n\n"


@pytest.mark.anyio
async def test_sends_each_event_and_ends_with_its_source(streams: Streams) -> None:
    async with exchange(EventStream(only(Sent("1"), Sent("2")), streams, "patient")) as talk:
        headers = dict((await talk.start())["headers"])
        pieces = [await talk.piece() for _ in range(3)]
    assert pieces == [b"data: 1\n\n", b"data: 2\n\n", b""]
    assert headers[b"content-type"].startswith(b"text/event-stream")
    assert headers[b"cache-control"] == b"no-store"
    assert b"content-length" not in headers


@pytest.mark.anyio
async def test_keeps_a_quiet_connection_alive(streams: Streams) -> None:
    async with exchange(EventStream(endless(), streams, "patient", heartbeat_seconds=0)) as talk:
        await talk.start()
        pieces = {await talk.piece() for _ in range(4)}
    assert b": still here\n\n" in pieces


@pytest.mark.anyio
async def test_ends_cleanly_when_the_server_stops(streams: Streams) -> None:
    async with exchange(EventStream(endless(), streams, "patient")) as talk:
        await talk.start()
        await talk.piece()
        streams.close()
        assert await talk.piece() == b""
    assert streams.closing


@pytest.mark.anyio
async def test_the_source_is_closed_when_the_client_leaves(streams: Streams) -> None:
    closed = asyncio.Event()

    async def source() -> AsyncGenerator[Sent, None]:
        try:
            yield Sent("1")
            await asyncio.Event().wait()
        finally:
            closed.set()

    async with exchange(EventStream(source(), streams, "patient")) as talk:
        await talk.start()
        await talk.piece()
        assert streams.open_for("patient") == 1
        talk.leave()
        await asyncio.wait_for(closed.wait(), 10)
    assert streams.open_for("patient") == 0


@pytest.mark.anyio
async def test_a_failing_source_ends_the_stream_and_logs_no_content(
    streams: Streams, caplog: pytest.LogCaptureFixture
) -> None:
    async def source() -> AsyncGenerator[Sent, None]:
        yield Sent("1")
        raise RuntimeError("my chest hurts")

    with caplog.at_level(logging.WARNING):
        async with exchange(EventStream(source(), streams, "patient")) as talk:
            await talk.start()
            assert [await talk.piece(), await talk.piece()] == [b"data: 1\n\n", b""]
    assert "RuntimeError" in caplog.text
    assert "chest" not in caplog.text
