"""Guidelines in memory, found by cosine alone: for tests and for trying things out. Forgets when it is closed."""

import asyncio
from collections.abc import Collection, Sequence

import numpy as np

from knowledge.approval import Approval
from knowledge.embedding import Encoder, Progress, Vectors, embedded
from knowledge.index import (
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


class MemoryIndex:
    """A GuidelineIndex without an engine."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows: list[Row] = []

    async def search(
        self, query: str, protocols: Sequence[str], limit: int = 4, patient: Demographics = ANYBODY
    ) -> list[Passage]:
        if not query.strip():
            return []
        vector = (await asyncio.to_thread(self._encoder.encode, [query]))[0]
        for scope in scopes(protocols, patient):
            if passages := relevant(vector, self._nearest(vector, scope), self._encoder.floor, limit):
                return passages
        return []

    async def explain(self, query: str, scope: Scope) -> list[Hit]:
        vector = (await asyncio.to_thread(self._encoder.encode, [query]))[0]
        found = self._nearest(vector, scope)[: scope.candidates]
        return hits(vector, found, found, ())

    def _nearest(self, vector: Vectors, scope: Scope) -> list[Row]:
        rows = [row for row in self._rows if scope.holds(row.payload)]
        return sorted(rows, key=lambda row: -float(np.dot(vector, np.asarray(row.vector, np.float32))))

    async def count(self) -> int:
        return len(self._rows)

    async def documents(self) -> Sequence[Held]:
        return held([row.payload for row in self._rows])

    async def passages(self, document: str) -> Sequence[Row]:
        return [Row([], row.payload) for row in self._rows if row.payload["document"] == document]

    async def update(
        self, entries: Sequence[Entry], drop: Collection[str] = (), progress: Progress | None = None
    ) -> None:
        fresh = [each for entry in entries for each in payloads(entry)]
        texts = [chunk_in(each).searchable for each in fresh]
        vectors = await asyncio.to_thread(embedded, self._encoder, texts, progress)
        new = {entry.document: entry for entry in entries}
        stays = [row for row in self._rows if row.payload["document"] not in drop]
        self._rows = [row for row in stays if not replaced(row.payload, new.get(row.payload["document"]))]
        self._rows += [Row(vector.tolist(), each) for vector, each in zip(vectors, fresh, strict=True)]

    async def decide(self, document: str, digest: str, approval: Approval) -> None:
        if not any(holds_version(row.payload, document, digest) for row in self._rows):
            return
        decided = [(row.vector, after(row.payload, document, digest, approval)) for row in self._rows]
        self._rows = [Row(vector, payload) for vector, payload in decided if payload is not None]

    async def reindex(self, progress: Progress | None = None) -> int:
        texts = [chunk_in(row.payload).searchable for row in self._rows]
        vectors = await asyncio.to_thread(embedded, self._encoder, texts, progress)
        self._rows = [Row(vector.tolist(), row.payload) for vector, row in zip(vectors, self._rows, strict=True)]
        return len(self._rows)

    async def close(self) -> None:
        self._rows = []
