"""Guidelines in Qdrant's engine, in this process, on a folder. Knows nothing about documents or settings.

Each update writes a whole new generation from the old one's vectors and the new ones, then swaps it in: the command
line can ingest while a server searches, and no kill leaves half an index. A clinic's guidelines are thousands of
passages, written in about a second.
"""

import asyncio
import threading
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from qdrant_edge import EdgeShard

from knowledge import edge_shard
from knowledge.embedding import Encoder, Progress, embedded
from knowledge.errors import KnowledgeUnavailable
from knowledge.generations import Generations, verify
from knowledge.index import Entry, Held, Row, chunk_in, good_enough, held, payloads, scopes
from policies.passages import Passage

MISSING = "The guidelines are not indexed. Start previsit again, or run `previsit guidelines ingest`."
SHARD, ENCODER = "shard", "encoder"

STALE = "The guidelines were indexed with another sentence encoder. Start previsit again to index them anew."


class Opened(NamedTuple):
    """A shard, the generation it was read from, and the name of the encoder that made its vectors."""

    generation: Path
    encoder: str
    shard: EdgeShard


class EdgeIndex:
    """A GuidelineIndex on a folder, for any number of readers and one writer at a time."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._generations = Generations(folder)
        self._encoder = encoder
        self._opened: Opened | None = None
        self._opening = threading.Lock()

    async def search(self, query: str, protocols: Sequence[str], limit: int = 4) -> list[Passage]:
        return await asyncio.to_thread(self._search, query, protocols, limit)

    async def count(self) -> int:
        return await asyncio.to_thread(self._count)

    async def documents(self) -> Mapping[str, Held]:
        return await asyncio.to_thread(self._documents)

    async def update(
        self, entries: Sequence[Entry], drop: Collection[str] = (), progress: Progress | None = None
    ) -> None:
        await asyncio.to_thread(self._update, entries, drop, progress)

    async def close(self) -> None:
        self._opened = None

    def _search(self, query: str, protocols: Sequence[str], limit: int) -> list[Passage]:
        opened = self._open()
        if opened is None:
            raise KnowledgeUnavailable(MISSING)
        if opened.encoder != self._encoder.name:
            raise KnowledgeUnavailable(STALE)
        if not query.strip():
            return []
        vector = self._encoder.encode([query])[0]
        for scope in scopes(protocols):
            found = edge_shard.nearest(opened.shard, query, vector, scope)
            if passages := good_enough(vector, found, self._encoder.floor, limit):
                return passages
        return []

    def _count(self) -> int:
        opened = self._open()
        return edge_shard.count(opened.shard) if opened else 0

    def _rows_held(self) -> list[Row]:
        opened = self._open()
        return edge_shard.rows(opened.shard) if opened else []

    def _documents(self) -> Mapping[str, Held]:
        opened = self._open()
        found = held([row.payload for row in self._rows_held()])
        if opened and opened.encoder != self._encoder.name:
            return {document: Held(each.origin, "") for document, each in found.items()}
        return found

    def _update(self, entries: Sequence[Entry], drop: Collection[str], progress: Progress | None) -> None:
        if not self._changes(entries, drop):
            return
        gone = {*drop, *(entry.document for entry in entries)}
        with self._generations.writing() as generation:
            rows = [*self._kept(gone, progress), *self._new(entries, progress)]
            edge_shard.write(generation / SHARD, self._encoder.size, rows)
            (generation / ENCODER).write_text(self._encoder.name, "utf-8")

    def _changes(self, entries: Sequence[Entry], drop: Collection[str]) -> bool:
        opened = self._open()
        stale = opened is not None and opened.encoder != self._encoder.name
        return bool(entries) or stale or bool(self._documents().keys() & set(drop))

    def _kept(self, gone: Collection[str], progress: Progress | None) -> list[Row]:
        """What stays, with its vectors, or with new ones where another encoder made them."""
        opened = self._open()
        rows = [row for row in self._rows_held() if row.payload["document"] not in gone]
        if opened is None or opened.encoder == self._encoder.name:
            return rows
        return self._rows([row.payload for row in rows], progress)

    def _new(self, entries: Sequence[Entry], progress: Progress | None) -> list[Row]:
        return self._rows([each for entry in entries for each in payloads(entry)], progress)

    def _rows(self, payloads: Sequence[Mapping[str, Any]], progress: Progress | None) -> list[Row]:
        vectors = embedded(self._encoder, [chunk_in(each).searchable for each in payloads], progress)
        return [Row(vector.tolist(), each) for vector, each in zip(vectors, payloads, strict=True)]

    def _open(self) -> Opened | None:
        """The current generation, read again only when it has changed; None when there is none."""
        with self._opening:
            current = self._generations.current()
            while current and (self._opened is None or self._opened.generation != current):
                try:
                    self._opened = _read(current)
                except KnowledgeUnavailable:
                    if self._generations.current() == current:
                        raise
                current = self._generations.current()  # a writer may have swapped it while we read
            if current is None:
                self._opened = None
            return self._opened


def _read(generation: Path) -> Opened:
    verify(generation)
    shard = edge_shard.load(generation / SHARD)
    return Opened(generation, (generation / ENCODER).read_text("utf-8"), shard)
