"""The guidelines that come with previsit, so that a fresh machine has some. Knows nothing about engines."""

import asyncio
from pathlib import Path

from knowledge.embedding import Progress
from knowledge.index import GuidelineIndex
from knowledge.ingest import Loaded, Summary, load, synchronise

FOLDER = Path(__file__).with_name("starter")
ORIGIN = "starter"


async def ensure_starter(index: GuidelineIndex, progress: Progress | None = None) -> Summary:
    """Fills an empty index with the starter guidelines; in any other, brings those still in it up to date.

    A clinic's document of the same name stays, and so does a clinic's choice to be without the starter ones.
    """
    held = await index.documents()
    loaded = await asyncio.to_thread(starter_guidelines)
    ours = [name for name, each in held.items() if each.origin == ORIGIN]
    wanted = tuple(entry for entry in loaded.entries if not held or entry.document in ours)
    return await synchronise(index, loaded._replace(entries=wanted), ours, progress)


def starter_guidelines() -> Loaded:
    loaded = load([FOLDER])
    return loaded._replace(entries=tuple(entry._replace(origin=ORIGIN) for entry in loaded.entries))
