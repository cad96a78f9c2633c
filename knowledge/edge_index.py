"""Guidelines in Qdrant's engine, in this process, on a folder. Knows nothing about documents or settings.

Each change writes a complete new generation from the old vectors and the new ones, then swaps it in. So the command
line can ingest while a server searches, and a kill never leaves half an index. A clinic's guidelines are thousands of
passages, which take about a second to write. A generation names the encoder that made it and is searched with that one,
until a generation by another encoder replaces it.
"""

import asyncio
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from qdrant_edge import EdgeShard

from knowledge import edge_shard
from knowledge.approval import Approval
from knowledge.embedding import Encoder, Progress, embedded
from knowledge.errors import KnowledgeUnavailable
from knowledge.generations import PATIENCE_S, Generations, verify
from knowledge.index import (
    DENSE,
    LEXICAL,
    Entry,
    Held,
    Hit,
    Row,
    Scope,
    after,
    chunk_in,
    held,
    holds_version,
    payloads,
    replaced,
    scopes,
)
from knowledge.relevance import hits, relevant
from policies.demographics import ANYBODY, Demographics
from policies.passages import Passage

MISSING = "The guidelines are not indexed. Start previsit again, or run `previsit guidelines ingest`."
SHARD, ENCODER, LAYOUT_FILE = "shard", "encoder", "layout"

LAYOUT = "2"
"""Of the payloads: another number is another previsit's, which this one does not read."""

STALE = (
    "The guidelines were indexed with another sentence encoder. "
    "Run `previsit guidelines reindex`, or start previsit again."
)

OTHER = (
    "The guidelines were indexed by another version of previsit. Remove the folder {folder}, start previsit again, "
    "and ingest the clinic's own guidelines once more."
)

Keeps = Callable[[Mapping[str, Any]], Mapping[str, Any] | None]
"""Decides what a stored payload becomes: the same, a changed one, or None if its passage is dropped."""


class Opened(NamedTuple):
    """A shard, the generation it was read from, and the name of the encoder that made its vectors."""

    generation: Path
    encoder: str
    shard: EdgeShard

    @property
    def rows(self) -> list[Row]:
        return edge_shard.rows(self.shard)

    def payloads(self, document: str = "") -> list[Row]:
        return edge_shard.payloads(self.shard, document)


class EdgeIndex:
    """A GuidelineIndex on a folder, for any number of readers and one writer at a time.

    `older` are encoders that made earlier generations. A writer calls `waits` if another one is at work, and then waits
    up to `patience_s` seconds for its turn.
    """

    def __init__(
        self,
        folder: Path,
        encoder: Encoder,
        older: Sequence[Encoder] = (),
        patience_s: float = PATIENCE_S,
        waits: Callable[[], None] = lambda: None,
    ) -> None:
        self._generations = Generations(folder, patience_s, waits)
        self._encoder = encoder
        self._older = tuple(older)
        self._opened: Opened | None = None
        self._opening = threading.Lock()

    async def search(
        self, query: str, protocols: Sequence[str], limit: int = 4, patient: Demographics = ANYBODY
    ) -> list[Passage]:
        return await asyncio.to_thread(self._search, query, protocols, limit, patient)

    async def explain(self, query: str, scope: Scope) -> list[Hit]:
        return await asyncio.to_thread(self._explain, query, scope)

    async def count(self) -> int:
        return await asyncio.to_thread(self._count)

    async def documents(self) -> Sequence[Held]:
        return await asyncio.to_thread(self._documents)

    async def passages(self, document: str) -> Sequence[Row]:
        return await asyncio.to_thread(self._payloads, document)

    async def update(
        self, entries: Sequence[Entry], drop: Collection[str] = (), progress: Progress | None = None
    ) -> None:
        await asyncio.to_thread(self._update, entries, drop, progress)

    async def decide(self, document: str, digest: str, approval: Approval) -> None:
        await asyncio.to_thread(self._decide, document, digest, approval)

    async def reindex(self, progress: Progress | None = None) -> int:
        await asyncio.to_thread(self._write, dict, (), progress)
        return await self.count()

    async def close(self) -> None:
        self._opened = None

    def _search(self, query: str, protocols: Sequence[str], limit: int, patient: Demographics) -> list[Passage]:
        opened, encoder = self._searchable()
        if not query.strip():
            return []
        vector = encoder.encode([query])[0]
        for scope in scopes(protocols, patient):
            found = edge_shard.nearest(opened.shard, query, vector, scope)
            if passages := relevant(vector, found, encoder.floor, limit):
                return passages
        return []

    def _explain(self, query: str, scope: Scope) -> list[Hit]:
        opened, encoder = self._searchable()
        vector = encoder.encode([query])[0]
        fused, dense, lexical = (
            edge_shard.nearest(opened.shard, query, vector, scope._replace(half=half))
            for half in (scope.half, DENSE, LEXICAL)
        )
        return hits(vector, fused, dense, lexical)

    def _searchable(self) -> tuple[Opened, Encoder]:
        """The current generation and the encoder that it was made with."""
        opened = self._open()
        if opened is None:
            raise KnowledgeUnavailable(MISSING)
        for encoder in (self._encoder, *self._older):
            if encoder.name == opened.encoder:
                return opened, encoder
        raise KnowledgeUnavailable(STALE)

    def _count(self) -> int:
        opened = self._open()
        return edge_shard.count(opened.shard) if opened else 0

    def _payloads(self, document: str = "") -> list[Row]:
        opened = self._open()
        return opened.payloads(document) if opened else []

    def _documents(self) -> list[Held]:
        return held([row.payload for row in self._payloads()])

    def _update(self, entries: Sequence[Entry], drop: Collection[str], progress: Progress | None) -> None:
        new = {entry.document: entry for entry in entries}

        def keeps(kept: Mapping[str, Any]) -> Mapping[str, Any] | None:
            return None if kept["document"] in drop or replaced(kept, new.get(kept["document"])) else kept

        if entries or self._is_old() or {each.document for each in self._documents()} & set(drop):
            self._write(keeps, entries, progress)

    def _decide(self, document: str, digest: str, approval: Approval) -> None:
        opened = self._open()
        if opened and any(holds_version(row.payload, document, digest) for row in opened.rows):
            self._write(lambda kept: after(kept, document, digest, approval), (), None)

    def _is_old(self) -> bool:
        opened = self._open()
        return opened is not None and opened.encoder != self._encoder.name

    def _write(self, keeps: Keeps, entries: Sequence[Entry], progress: Progress | None) -> None:
        """Writes a new generation of what stays and what is new. Passages of another encoder are encoded again.

        The lock is taken only after encoding, which takes longest; what others wrote meanwhile is taken into account.
        """
        fresh = [each for entry in entries for each in payloads(entry)]
        _, stale = self._staying(keeps) if self._is_old() else ([], [])
        vectors = self._encoded([*stale, *fresh], progress)
        with self._generations.writing() as generation:
            stays, stale = self._staying(keeps)
            vectors |= self._encoded([each for each in stale if _text(each) not in vectors])
            rows = [*stays, *(Row(vectors[_text(each)], each) for each in (*stale, *fresh))]
            fill(generation, self._encoder, rows)

    def _staying(self, keeps: Keeps) -> tuple[list[Row], list[Mapping[str, Any]]]:
        """What stays of the current generation: rows to keep as they are, and payloads that must be encoded again."""
        opened = self._open()
        before = opened.rows if opened else []
        stays = [Row(row.vector, kept) for row in before if (kept := keeps(row.payload)) is not None]
        if opened and opened.encoder != self._encoder.name:
            return [], [row.payload for row in stays]
        return stays, []

    def _encoded(
        self, payloads: Sequence[Mapping[str, Any]], progress: Progress | None = None
    ) -> dict[str, Sequence[float]]:
        """The vector of each payload's text, by text."""
        texts = [_text(each) for each in payloads]
        return dict(zip(texts, embedded(self._encoder, texts, progress).tolist(), strict=True))

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


def _text(payload: Mapping[str, Any]) -> str:
    return chunk_in(payload).searchable


def fill(generation: Path, encoder: Encoder, rows: Iterable[Row]) -> None:
    """Writes the rows, whose vectors this encoder made, as a generation that an index can open."""
    edge_shard.write(generation / SHARD, encoder.size, rows)
    (generation / ENCODER).write_text(encoder.name, "utf-8")
    (generation / LAYOUT_FILE).write_text(LAYOUT, "utf-8")


def _read(generation: Path) -> Opened:
    verify(generation)
    layout = generation / LAYOUT_FILE
    if not layout.is_file() or layout.read_text("utf-8") != LAYOUT:
        raise KnowledgeUnavailable(OTHER.format(folder=generation.parent))
    shard = edge_shard.load(generation / SHARD)
    return Opened(generation, (generation / ENCODER).read_text("utf-8"), shard)
