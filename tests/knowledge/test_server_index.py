"""The Qdrant server's index where the server fails. What it finds is in test_index.py."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from qdrant_client import AsyncQdrantClient, models

from knowledge.embedding import HashingEncoder
from knowledge.errors import KnowledgeUnavailable
from knowledge.index import Entry
from knowledge.ingest import Loaded, synchronise
from knowledge.server_index import ServerIndex
from knowledge.server_layout import in_use
from tests.knowledge.samples import KNEE, entry, three

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect in the local Qdrant"),
]

PATIENT = "hot swollen knee since Tuesday"

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[str]:
    """The address of a server on loopback that treats each connection so."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    body = b'{"status":{"error":"hot swollen knee"}}'
    writer.write(b"HTTP/1.1 500 Oops\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b" % (len(body), body))
    await writer.drain()
    writer.close()


async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nnot JSON!")
    await writer.drain()
    writer.close()


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


@pytest.mark.parametrize("answer", [refuse, babble, hang_up])
async def test_a_server_that_fails_is_unavailable_and_the_query_is_not_told(
    answer: Answer, words: HashingEncoder
) -> None:
    async with answering(answer) as url:
        index = ServerIndex.at(url, words)
        for work in (index.search(PATIENT, ["knee"]), index.count(), index.documents(), index.update(three())):
            with pytest.raises(KnowledgeUnavailable, match="did not answer") as caught:
                await work
            assert "knee" not in str(caught.value) and caught.value.__suppress_context__
        await index.close()


async def test_no_server_is_unavailable(words: HashingEncoder) -> None:
    async with answering(hang_up) as url:
        pass
    index = ServerIndex.at(url, words)
    with pytest.raises(KnowledgeUnavailable, match="previsit doctor"):
        await index.search(PATIENT, [])
    await index.close()


async def test_a_server_that_never_answers_is_unavailable(words: HashingEncoder) -> None:
    done = asyncio.Event()

    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await done.wait()
        writer.close()

    async with answering(never) as url:
        client = AsyncQdrantClient(url=url, check_compatibility=False)
        index = ServerIndex(client, words, patience_s=0.2)
        with pytest.raises(KnowledgeUnavailable, match="TimeoutError"):
            await index.search(PATIENT, [])
        done.set()
        await index.close()


async def test_a_collection_that_is_gone_is_unavailable(words: HashingEncoder) -> None:
    client = AsyncQdrantClient(":memory:")
    index = ServerIndex(client, words)
    await index.update(three())
    await client.delete_collection(await in_use(client))
    with pytest.raises(KnowledgeUnavailable, match="previsit guidelines ingest"):
        await index.search(PATIENT, ["knee"])
    assert not await index.documents()
    await index.close()


async def test_a_document_cut_off_half_way_is_put_in_again(words: HashingEncoder) -> None:
    client = AsyncQdrantClient(":memory:")
    index = ServerIndex(client, words)
    await index.update(three())
    knee = models.FieldCondition(key="document", match=models.MatchValue(value="knee"))
    part = (await client.scroll(await in_use(client), scroll_filter=models.Filter(must=[knee])))[0][0]
    await client.delete(await in_use(client), [part.id])
    summary = await synchronise(index, Loaded((entry("knee", KNEE),), ()), ())
    assert summary.updated == ("knee",)
    assert all(each.whole for each in await index.documents())
    await index.close()


class Other(HashingEncoder):
    name = "other"
    size = 512


async def test_a_new_encoder_takes_over_without_a_gap(words: HashingEncoder) -> None:
    client = AsyncQdrantClient(":memory:")
    old, new = ServerIndex(client, words), ServerIndex(client, Other(), older=[words])
    await old.update(three())
    assert (await new.search(PATIENT, ["knee"]))[0].id == "knee#red-flags"
    found: list[str] = []

    async def search_on() -> None:
        while not reindexing.done():
            found.append((await new.search(PATIENT, ["knee"], 1))[0].id)
            await asyncio.sleep(0)

    reindexing = asyncio.create_task(new.reindex())
    await search_on()
    assert await reindexing == 4
    assert (await new.search(PATIENT, ["knee"], 1))[0].id == "knee#red-flags"
    assert found and set(found) == {"knee#red-flags"}
    assert "other" in await in_use(client) and len((await client.get_collections()).collections) == 2
    with pytest.raises(KnowledgeUnavailable, match="previsit guidelines reindex"):
        await old.search(PATIENT, ["knee"])
    await client.close()


async def test_more_than_a_batch_is_written_and_read(tmp_path: Path, words: HashingEncoder) -> None:
    index = ServerIndex(AsyncQdrantClient(":memory:"), words)
    entries: list[Entry] = [entry(f"knee-{number}", KNEE) for number in range(150)]
    await index.update(entries)
    assert await index.count() == 300
    assert len(await index.documents()) == 150
    await index.update((), drop=[each.document for each in entries[1:]])
    assert await index.count() == 2
    await index.close()
