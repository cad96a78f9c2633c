"""Guidelines in a clinic's Qdrant server or cluster, over HTTP. Knows nothing about documents or settings.

A document's new passages are written before its old ones are removed; an interrupted write is noticed by the next
ingest and repeated. Each search first asks which collection is in use, so that a server keeps working while the encoder
is changed: it searches with the encoder that made the collection, if it has that one.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

from qdrant_client import AsyncQdrantClient, models
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException

from knowledge import lexical, server_layout
from knowledge.approval import Approval, State
from knowledge.embedding import Encoder, Progress, Vectors, embedded
from knowledge.errors import KnowledgeUnavailable
from knowledge.index import (
    DENSE,
    DENSE_WEIGHT,
    LEXICAL,
    LEXICAL_WEIGHT,
    RRF_K,
    Entry,
    Held,
    Hit,
    Row,
    Scope,
    approved,
    chunk_in,
    held,
    payloads,
    point_id,
    scopes,
)
from knowledge.relevance import hits, relevant
from policies.demographics import ANYBODY, Demographics
from policies.passages import Passage

BATCH = 200

TIMEOUT_S = 5

OVERSAMPLING = 2.0
"""How many times as many passages as wanted are fetched by their one-byte vectors, to be scored with the full ones."""

MISSING = "The Qdrant server holds no guidelines yet. Run `previsit guidelines ingest`."
STALE = "The guidelines were indexed with another sentence encoder. Run `previsit guidelines reindex`."


class ServerIndex:
    """A GuidelineIndex in a Qdrant server, for any number of readers and writers.

    `older` are other encoders that may have made the collection in use.
    """

    def __init__(
        self, client: AsyncQdrantClient, encoder: Encoder, older: Sequence[Encoder] = (), patience_s: float = 10
    ) -> None:
        self._client = client
        self._encoder = encoder
        self._older = tuple(older)
        self._patience_s = patience_s

    @classmethod
    def at(cls, url: str, encoder: Encoder, api_key: str = "", older: Sequence[Encoder] = ()) -> Self:
        """An index with a client whose time-outs are short; nothing is sent before its first use."""
        client = AsyncQdrantClient(url=url, api_key=api_key or None, timeout=TIMEOUT_S, check_compatibility=False)
        return cls(client, encoder, older)

    async def search(
        self, query: str, protocols: Sequence[str], limit: int = 4, patient: Demographics = ANYBODY
    ) -> list[Passage]:
        if not query.strip():
            return []
        collection, encoder = await self._searchable()
        vector = (await asyncio.to_thread(encoder.encode, [query]))[0]
        for scope in scopes(protocols, patient):
            found = await self._nearest(collection, query, vector, scope)
            if passages := relevant(vector, found, encoder.floor, limit):
                return passages
        return []

    async def explain(self, query: str, scope: Scope) -> list[Hit]:
        collection, encoder = await self._searchable()
        vector = (await asyncio.to_thread(encoder.encode, [query]))[0]
        fused, dense, words = [
            await self._nearest(collection, query, vector, scope._replace(half=half))
            for half in (scope.half, DENSE, LEXICAL)
        ]
        return hits(vector, fused, dense, words)

    async def count(self) -> int:
        if not (collection := await self._in_use()):
            return 0
        async with self._answering():
            return (await self._client.count(collection)).count

    async def documents(self) -> Sequence[Held]:
        return held([row.payload for row in await self._read()])

    async def passages(self, document: str) -> Sequence[Row]:
        return await self._read(models.Filter(must=[_matches("document", [document])]))

    async def update(
        self, entries: Sequence[Entry], drop: Collection[str] = (), progress: Progress | None = None
    ) -> None:
        if not (entries or drop):
            return
        collection, encoder = await self._searchable(create=True)
        await self._put(collection, encoder, [each for entry in entries for each in payloads(entry)], progress)
        for entry in entries:
            waits = entry.approval.state is State.PENDING
            stays = [_matches("state", [State.APPROVED])] if waits else []
            await self._delete(collection, entry.document, [_matches("digest", [entry.digest]), *stays])
        for document in drop:
            await self._delete(collection, document)

    async def decide(self, document: str, digest: str, approval: Approval) -> None:
        collection, _ = await self._searchable()
        version = models.Filter(must=[_matches("document", [document]), _matches("digest", [digest])])
        async with self._answering():
            if not (await self._client.count(collection, count_filter=version)).count:
                return
            await self._client.set_payload(collection, approved(approval), version, wait=True)
        if approval.state is State.APPROVED:
            await self._delete(collection, document, [_matches("digest", [digest])])

    async def reindex(self, progress: Progress | None = None) -> int:
        """Builds a new collection, which takes over once it is complete; searches go on meanwhile."""
        before = await self._in_use()
        kept = [row.payload for row in await self._read()]
        collection = server_layout.collection_of(self._encoder)
        async with self._answering():
            await server_layout.create(self._client, collection, self._encoder)
        await self._put(collection, self._encoder, kept, progress)
        async with self._answering():
            await server_layout.use(self._client, collection, before)
        return len(kept)

    async def close(self) -> None:
        await self._client.close()

    async def _in_use(self) -> str:
        async with self._answering():
            return await server_layout.in_use(self._client)

    async def _searchable(self, create: bool = False) -> tuple[str, Encoder]:
        """The collection in use and the encoder that it was made with."""
        collection = await self._in_use()
        if not collection and create:
            await self.reindex()
            collection = await self._in_use()
        if not collection:
            raise KnowledgeUnavailable(MISSING)
        for encoder in (self._encoder, *self._older):
            if server_layout.is_by(collection, encoder):
                return collection, encoder
        raise KnowledgeUnavailable(STALE)

    async def _put(
        self, collection: str, encoder: Encoder, kept: Sequence[Mapping[str, Any]], progress: Progress | None
    ) -> None:
        vectors = await asyncio.to_thread(embedded, encoder, [chunk_in(each).searchable for each in kept], progress)
        points = [_point(each, vector) for each, vector in zip(kept, vectors, strict=True)]
        for start in range(0, len(points), BATCH):
            async with self._answering():
                await self._client.upsert(collection, points[start : start + BATCH], wait=True)

    async def _nearest(self, collection: str, query: str, vector: Vectors, scope: Scope) -> list[Row]:
        within = models.Filter(must=[_matches(*each) for each in scope.must])
        exactly = models.SearchParams(
            quantization=models.QuantizationSearchParams(rescore=True, oversampling=OVERSAMPLING)
        )
        words = models.SparseVector(**lexical.of_query(query)._asdict())
        halves = [
            models.Prefetch(query=half, using=name, filter=within, limit=scope.candidates, params=exactly)
            for half, name in ((vector.tolist(), DENSE), (words, LEXICAL))
            if scope.half in ("", name)
        ]
        weights = [DENSE_WEIGHT, LEXICAL_WEIGHT] if len(halves) > 1 else None
        async with self._answering():
            response = await self._client.query_points(
                collection,
                prefetch=halves,
                query=models.RrfQuery(rrf=models.Rrf(k=RRF_K, weights=weights)),
                limit=scope.candidates,
                with_vectors=[DENSE],
            )
        return [Row(_dense(point.vector), point.payload or {}) for point in response.points]

    async def _read(self, which: models.Filter | None = None) -> list[Row]:
        found: list[Row] = []
        if not (collection := await self._in_use()):
            return found
        offset = None
        while True:
            async with self._answering():
                records, offset = await self._client.scroll(collection, scroll_filter=which, limit=BATCH, offset=offset)
            found += [Row([], record.payload or {}) for record in records]
            if offset is None:
                return found

    async def _delete(self, collection: str, document: str, but: Sequence[models.FieldCondition] = ()) -> None:
        """Deletes every passage of the document, except those that match one of the conditions `but`."""
        which = models.Filter(must=[_matches("document", [document])], must_not=list(but))
        async with self._answering():
            await self._client.delete(collection, models.FilterSelector(filter=which), wait=True)

    @asynccontextmanager
    async def _answering(self) -> AsyncIterator[None]:
        """Turns every failure of the server, and a time-out, into KnowledgeUnavailable. The message holds no query."""
        try:
            async with asyncio.timeout(self._patience_s):
                yield
        except (ApiException, QdrantException, TimeoutError, OSError, ValueError) as error:
            raise KnowledgeUnavailable(
                f"The Qdrant server did not answer ({type(error).__name__}). Check its address and key "
                "with `previsit doctor`; if it is new, run `previsit guidelines ingest`."
            ) from None


def _matches(field: str, values: Sequence[str]) -> models.FieldCondition:
    return models.FieldCondition(key=field, match=models.MatchAny(any=list(values)))


def _point(kept: Mapping[str, Any], vector: Vectors) -> models.PointStruct:
    words = models.SparseVector(**lexical.of_passage(chunk_in(kept).searchable)._asdict())
    vectors: dict[str, Any] = {DENSE: vector.tolist(), LEXICAL: words}
    return models.PointStruct(id=point_id(kept), vector=vectors, payload=dict(kept))


def _dense(vector: Any) -> Sequence[float]:
    return list(vector[DENSE])
