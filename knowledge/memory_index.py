"""Guidelines in memory, found by cosine alone: for tests and for trying things out. Forgets when it is closed."""

import asyncio
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from knowledge.embedding import Encoder, Progress, Vectors, embedded
from knowledge.index import Entry, Held, Row, chunk_in, good_enough, held, payloads, scopes
from policies.passages import Passage


class MemoryIndex:
    """A GuidelineIndex without an engine."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows: list[Row] = []

    async def search(self, query: str, protocols: Sequence[str], limit: int = 4) -> list[Passage]:
        if not query.strip():
            return []
        vector = (await asyncio.to_thread(self._encoder.encode, [query]))[0]
        for scope in scopes(protocols):
            if passages := good_enough(vector, self._nearest(vector, scope), self._encoder.floor, limit):
                return passages
        return []

    def _nearest(self, vector: Vectors, scope: Sequence[str]) -> list[Row]:
        rows = [row for row in self._rows if not scope or set(scope) & set(row.payload["protocols"])]
        return sorted(rows, key=lambda row: -float(np.dot(vector, np.asarray(row.vector, np.float32))))

    async def count(self) -> int:
        return len(self._rows)

    async def documents(self) -> Mapping[str, Held]:
        return held([row.payload for row in self._rows])

    async def update(
        self, entries: Sequence[Entry], drop: Collection[str] = (), progress: Progress | None = None
    ) -> None:
        new = [each for entry in entries for each in payloads(entry)]
        texts = [chunk_in(each).searchable for each in new]
        vectors = await asyncio.to_thread(embedded, self._encoder, texts, progress)
        gone = {*drop, *(entry.document for entry in entries)}
        self._rows = [row for row in self._rows if row.payload["document"] not in gone]
        self._rows += [Row(vector.tolist(), each) for vector, each in zip(vectors, new, strict=True)]

    async def close(self) -> None:
        self._rows = []
