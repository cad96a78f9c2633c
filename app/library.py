"""Implements the console's port `Library` on the guideline index. Knows nothing about pages."""

import asyncio
import datetime
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import PurePath

from channels.console.library import LibraryClosed, NotAGuideline, PutIn, Section, Standing, Version
from knowledge.approval import State, decided
from knowledge.errors import KnowledgeError
from knowledge.index import GuidelineIndex, Held, chunk_in
from knowledge.ingest import load, synchronise
from knowledge.reading import UPLOADED, Source
from knowledge.slugs import slug
from knowledge.starter import ORIGIN

KNOWN_SECONDS = 30.0
"""How old the number of waiting documents in the menu may be."""


class IndexLibrary:
    """Uses the same index as assessments, so that a decision takes effect with the next search."""

    def __init__(self, index: GuidelineIndex, protocols: Collection[str] = ()) -> None:
        """`protocols` are the known ids, to find a misspelt one; if there are none, any is accepted."""
        self._index = index
        self._protocols = protocols
        self._waiting = 0
        self._look_after = 0.0
        self._looking: asyncio.Task[None] | None = None

    async def versions(self) -> Sequence[Version]:
        async with reached():
            found = [_version(each) for each in await self._index.documents()]
        self._waiting = sum(1 for each in found if each.standing is Standing.PENDING)
        self._look_after = asyncio.get_running_loop().time() + KNOWN_SECONDS
        return found

    def waiting(self) -> int:
        """The number as last seen. Looks again in the background, so that no page has to wait for the index."""
        now = asyncio.get_running_loop().time()
        if now >= self._look_after and (self._looking is None or self._looking.done()):
            self._look_after = now + KNOWN_SECONDS
            self._looking = asyncio.create_task(self._look())
        return self._waiting

    async def _look(self) -> None:
        with suppress(LibraryClosed):  # the guidelines' own page reports it
            await self.versions()

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

    async def put_in(self, name: str, content: bytes, told: Mapping[str, str]) -> PutIn:
        path = PurePath(name)
        # A form's fields are text; a protocol by itself is a list of one.
        source = Source(name, slug(path.stem), UPLOADED, path.suffix.lower(), content, told=told)
        loaded = await asyncio.to_thread(load, [source], self._protocols)
        if loaded.skipped:
            raise NotAGuideline(" ".join(each.reason for each in loaded.skipped))
        async with reached():
            done = await synchronise(self._index, loaded, ())
            held = [_version(each) for each in await self._index.documents()]
        put = {(each.document, each.digest) for each in loaded.entries}
        versions = tuple(each for each in held if (each.document, each.digest) in put)
        return PutIn(versions, frozenset((*done.added, *done.updated)), done.notes)


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
        audience=chunk.audience,
        licence=chunk.licence,
        review_date=chunk.review_date,
        review_due=chunk.review_due,
        reviewed_by=chunk.reviewed_by,
        url=chunk.url,
    )
