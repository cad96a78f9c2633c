"""A clinic's embeddings server, by its published API: what is asked of it, and what becomes of what it answers."""

import json
from pathlib import Path

import httpx
import pytest

from knowledge.edge_index import EdgeIndex
from knowledge.embedding import HashingEncoder
from knowledge.errors import KnowledgeUnavailable
from knowledge.reranked import Reranked
from knowledge.tei import TeiEncoder, TeiReranker
from tests.knowledge.samples import KNEE, entry, three

pytestmark = pytest.mark.anyio

MOST = 4


class Tei:
    """Speaks as the server does, on vectors of hashed words; ranks by the words shared with the query."""

    def __init__(self) -> None:
        self.down = False
        self.asked: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            return httpx.Response(429, json={"error": "Model is overloaded", "error_type": "Overloaded"})
        self.asked.append(request.url.path)
        if request.url.path == "/info":
            return httpx.Response(200, json={"model_id": "example/small", "max_client_batch_size": MOST})
        told = json.loads(request.content)
        assert told["truncate"] is True
        if request.url.path == "/embed":
            assert 0 < len(told["inputs"]) <= MOST
            return httpx.Response(200, json=(3 * HashingEncoder().encode(told["inputs"])).tolist())
        wanted = set(told["query"].split())
        scores = [len(wanted & set(text.lower().replace(".", "").split())) for text in told["texts"]]
        ranks = [{"index": place, "score": score} for place, score in enumerate(scores)]
        return httpx.Response(200, json=sorted(ranks, key=lambda each: -each["score"]))


@pytest.fixture
def tei() -> Tei:
    return Tei()


def encoder(tei: Tei) -> TeiEncoder:
    return TeiEncoder("http://tei", 0.12, httpx.MockTransport(tei))


def reranker(tei: Tei) -> TeiReranker:
    return TeiReranker("http://tei", httpx.MockTransport(tei))


def test_vectors_come_in_order_of_length_one_however_many_are_asked_for(tei: Tei) -> None:
    texts = [f"knee {number}" for number in range(2 * MOST + 1)]
    made = encoder(tei)
    assert made.encode(texts) == pytest.approx(HashingEncoder().encode(texts), abs=1e-6)
    assert (made.name, made.size, made.encode([]).shape) == ("tei-example/small", 1024, (0, 1024))


async def test_guidelines_are_found_by_its_vectors_and_what_another_made_goes_on_meanwhile(
    tei: Tei, tmp_path: Path
) -> None:
    await EdgeIndex(tmp_path, HashingEncoder()).update(three())
    index = EdgeIndex(tmp_path, encoder(tei), [HashingEncoder()])
    for _ in ("with the old vectors", "with the new ones"):
        assert (await index.search("hot swollen knee", []))[0].id == "knee#red-flags"
        await index.reindex()
    assert "/embed" in tei.asked


async def test_a_server_that_is_away_is_said_without_the_text(tei: Tei, tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path, encoder(tei))
    await index.update(three())
    tei.down = True
    with pytest.raises(KnowledgeUnavailable, match=r"http://tei .*429") as caught:
        await index.search("hot swollen knee", [])
    assert "knee" not in str(caught.value)


async def test_a_reranker_puts_what_was_found_in_order_and_adds_nothing(tei: Tei, tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path, HashingEncoder())
    await index.update([entry("knee", KNEE)])
    query = "knee rest it raise"
    plain = [passage.id for passage in await index.search(query, [], 4)]
    both = Reranked(index, reranker(tei))
    assert [passage.id for passage in await both.search(query, [], 1)] == ["knee#care"]
    assert sorted(passage.id for passage in await both.search(query, [], 4)) == sorted(plain)
    tei.down = True
    assert [passage.id for passage in await both.search(query, [], 4)] == plain
