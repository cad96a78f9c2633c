import pytest

from knowledge.embedding import HashingEncoder
from knowledge.memory_index import MemoryIndex
from tests.knowledge.samples import three

pytestmark = pytest.mark.anyio


async def test_it_forgets_when_it_is_closed(words: HashingEncoder) -> None:
    index = MemoryIndex(words)
    await index.update(three())
    assert await index.count() == 4
    await index.close()
    assert await index.count() == 0 and not await index.documents()
    assert await index.search("hot swollen knee", []) == []


async def test_the_best_comes_first(words: HashingEncoder) -> None:
    index = MemoryIndex(words)
    await index.update(three())
    scores = [passage.score for passage in await index.search("red flags swelling ear", [])]
    assert len(scores) > 1 and scores == sorted(scores, reverse=True)
