"""The guideline index as the console's library. Knows nothing about pages."""

import datetime
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from channels.console.library import LibraryClosed, Section, Standing, Version
from knowledge.approval import State, decided
from knowledge.errors import KnowledgeError
from knowledge.index import GuidelineIndex, Held, chunk_in
from knowledge.starter import ORIGIN


class IndexLibrary:
    """Over the index that assessments search, so that a decision counts from the next search on."""

    def __init__(self, index: GuidelineIndex) -> None:
        self._index = index

    async def versions(self) -> Sequence[Version]:
        async with reached():
            return [_version(each) for each in await self._index.documents()]

    async def sections(self, version: Version) -> Sequence[Section]:
        async with reached():
            rows = await self._index.passages(version.document)
        mine = [row.payload for row in rows if row.payload["digest"] == version.digest]
        chunks = [chunk_in(each) for each in sorted(mine, key=lambda each: int(each["place"]))]
        return [Section(each.id.partition("#")[2], each.heading, each.text, each.page) for each in chunks]

    async def decide(self, version: Version, standing: Standing, by: str) -> None:
        today = datetime.datetime.now(datetime.UTC).date()
        async with reached():
            await self._index.decide(version.document, version.digest, decided(State(standing.value), by, today))


@asynccontextmanager
async def reached() -> AsyncIterator[None]:
    try:
        yield
    except KnowledgeError as error:
        raise LibraryClosed(str(error)) from error


def _version(held: Held) -> Version:
    chunk, approval = held.chunk, held.approval
    return Version(
        document=held.document,
        digest=held.digest,
        title=chunk.title,
        standing=Standing(approval.state.value),
        by=approval.by,
        on=approval.on,
        shipped=held.origin == ORIGIN,
        protocols=chunk.protocols,
        source=chunk.source,
        publisher=chunk.publisher,
        edition=chunk.edition,
        licence=chunk.licence,
        review_date=chunk.review_date,
        review_due=chunk.review_due,
        reviewed_by=chunk.reviewed_by,
        url=chunk.url,
    )
