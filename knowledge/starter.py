"""The starter guidelines that come with previsit. Knows nothing about engines."""

import asyncio
from pathlib import Path

from knowledge.approval import SHIPPED, Approval, State
from knowledge.embedding import Progress
from knowledge.finding_files import files
from knowledge.index import GuidelineIndex, Held
from knowledge.ingest import Loaded, Summary, load, synchronise

FOLDER = Path(__file__).with_name("starter")
ORIGIN = "starter"


async def ensure_starter(index: GuidelineIndex, progress: Progress | None = None) -> Summary:
    """Fills an empty index with the starter guidelines, in one step; if it has some already, brings them up to date.

    A clinic's own document of the same name stays. So do the clinic's decisions: to do without the starter guidelines,
    or to retire one of them, even if its text changes.
    """
    held = await index.documents()
    loaded = await asyncio.to_thread(starter_guidelines)
    ours = {each.document: _decided(each) for each in held if each.origin == ORIGIN}
    theirs = {each.document for each in held if each.origin != ORIGIN}
    wanted = tuple(
        entry._replace(approval=ours.get(entry.document, SHIPPED))
        for entry in loaded.entries
        if (ours or not held) and entry.document not in theirs
    )
    return await synchronise(index, loaded._replace(entries=wanted), ours.keys() - theirs, progress, in_parts=False)


def _decided(held: Held) -> Approval:
    return held.approval if held.approval.state is State.RETIRED else SHIPPED


def starter_guidelines() -> Loaded:
    loaded = load(files([FOLDER]))
    entries = (entry._replace(origin=ORIGIN, approval=SHIPPED) for entry in loaded.entries)
    return loaded._replace(entries=tuple(entries))
