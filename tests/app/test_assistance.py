"""What a case gets from guidelines that are still being put in."""

import asyncio
from pathlib import Path

import pytest

from app.assistance import OnceFilled
from knowledge.edge_index import EdgeIndex
from knowledge.embedding import HashingEncoder
from knowledge.errors import KnowledgeUnavailable
from tests.knowledge.samples import three

pytestmark = pytest.mark.anyio


async def test_a_case_that_comes_before_the_guidelines_waits_for_them(tmp_path: Path) -> None:
    index, asked = EdgeIndex(tmp_path / "guidelines", HashingEncoder()), asyncio.Event()

    async def fill() -> None:
        await asked.wait()
        await index.update(three())

    guidelines = OnceFilled(index, asyncio.create_task(fill()))
    searching = asyncio.create_task(guidelines.search("swollen knee", ["knee"]))
    asked.set()
    assert [passage.id for passage in await searching][:1] == ["knee#red-flags"]


async def test_guidelines_that_could_not_be_put_in_are_said_and_not_waited_for(tmp_path: Path) -> None:
    async def fails() -> None:
        return

    guidelines = OnceFilled(EdgeIndex(tmp_path / "guidelines", HashingEncoder()), asyncio.create_task(fails()))
    for _ in range(2):
        with pytest.raises(KnowledgeUnavailable):
            await guidelines.search("swollen knee", ["knee"])
