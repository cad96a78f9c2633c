"""Guidelines in memory, found by cosine alone: for tests and for trying things out. Forgets when it is closed."""

import asyncio
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from knowledge.chunking import Chunk
from knowledge.embedding import Encoder, Progress, Vectors, embedded
from knowledge.index import Entry, Held, scopes
from policies.passages import Passage


class MemoryIndex:
    """A GuidelineIndex without an engine."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._held: dict[str, Held] = {}
        self._chunks: list[Chunk] = []
        self._vectors: Vectors = np.zeros((0, encoder.size), np.float32)

    async def search(self, query: str, protocols: Sequence[str], limit: int = 4) -> list[Passage]:
        if not query.strip():
            return []
        vector = (await asyncio.to_thread(self._encoder.encode, [query]))[0]
        scores = self._vectors @ vector
        for scope in scopes(protocols):
            if passages := self._best(scores, scope, limit):
                return passages
        return []

    def _best(self, scores: Vectors, scope: tuple[str, ...], limit: int) -> list[Passage]:
        wanted = [
            index
            for index in np.argsort(-scores, kind="stable")
            if scores[index] >= self._encoder.floor and (not scope or set(scope) & set(self._chunks[index].protocols))
        ]
        return [self._chunks[index].passage(float(scores[index])) for index in wanted[:limit]]

    async def count(self) -> int:
        return len(self._chunks)

    async def documents(self) -> Mapping[str, Held]:
        return dict(self._held)

    async def update(
        self, entries: Sequence[Entry], drop: Collection[str] = (), progress: Progress | None = None
    ) -> None:
        gone = {*drop, *(entry.document for entry in entries)}
        new = [chunk for entry in entries for chunk in entry.chunks]
        texts = [chunk.searchable for chunk in new]
        vectors = await asyncio.to_thread(embedded, self._encoder, texts, progress)
        keep = [index for index, chunk in enumerate(self._chunks) if chunk.document not in gone]
        self._vectors = np.concatenate([self._vectors[keep], vectors])
        self._chunks = [*(self._chunks[index] for index in keep), *new]
        self._held = {name: value for name, value in self._held.items() if name not in gone}
        self._held |= {entry.document: Held(entry.origin, entry.digest) for entry in entries}

    async def close(self) -> None:
        await self.update((), drop=list(self._held))
