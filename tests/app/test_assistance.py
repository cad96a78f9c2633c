"""What a case gets from guidelines that are still being put in."""

import asyncio
from pathlib import Path

import pytest

from app.assistance import until_filled
from knowledge.edge_index import EdgeIndex
from knowledge.embedding import HashingEncoder
from tests.knowledge.samples import entry, three

pytestmark = pytest.mark.anyio


async def test_a_case_that_comes_before_the_guidelines_waits_for_them(tmp_path: Path) -> None:
    index, asked = EdgeIndex(tmp_path / "guidelines", HashingEncoder()), asyncio.Event()

    async def fill() -> None:
        await asked.wait()
        await index.update(three())

    waiting = asyncio.create_task(until_filled(index, asyncio.create_task(fill()), 60))
    asked.set()
    await waiting
    assert await index.search("swollen knee", ["knee"])


@pytest.mark.parametrize("held", [True, False])
async def test_it_does_not_wait_where_there_are_some_nor_for_ever(tmp_path: Path, held: bool) -> None:
    index = EdgeIndex(tmp_path / "guidelines", HashingEncoder())
    if held:
        await index.update([entry("knee", "## Care\n\nRest it.\n")])
    filling = asyncio.create_task(asyncio.Event().wait())
    await until_filled(index, filling, 60 if held else 0)  # type: ignore[arg-type]
    assert not filling.done()
    filling.cancel()
