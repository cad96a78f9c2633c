"""Guidelines in a clinic's Qdrant server, over HTTP. Knows nothing about documents or settings.

Each encoder has a collection of its own, so vectors of two encoders never meet. A document's new passages are
written before its old ones go; one that was cut off half-way is noticed by the next ingest, and put in again.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

from qdrant_client import AsyncQdrantClient, models
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException

from knowledge import lexical
from knowledge.embedding import Encoder, Progress, Vectors, embedded
from knowledge.errors import KnowledgeUnavailable
from knowledge.index import (
    CANDIDATES,
    DENSE,
    DENSE_WEIGHT,
    LEXICAL,
    LEXICAL_WEIGHT,
    RRF_K,
    Entry,
    Held,
    Row,
    chunk_in,
    good_enough,
    held,
    payloads,
    point_id,
    scopes,
)
from policies.passages import Passage

BATCH = 200

TIMEOUT_S = 5


class ServerIndex:
    """A GuidelineIndex in a Qdrant server, for any number of readers and writers."""

    def __init__(self, client: AsyncQdrantClient, encoder: Encoder, patience_s: float = 10) -> None:
        self._client = client
        self._encoder = encoder
        self._patience_s = patience_s
        self._collection = f"previsit-guidelines-{encoder.name}"

    @classmethod
    def at(cls, url: str, encoder: Encoder, api_key: str = "") -> Self:
        """Over a client that gives up soon; nothing is sent before its first use."""
        client = AsyncQdrantClient(url=url, api_key=api_key or None, timeout=TIMEOUT_S, check_compatibility=False)
        return cls(client, encoder)

    async def search(self, query: str, protocols: Sequence[str], limit: int = 4) -> list[Passage]:
        if not query.strip():
            return []
        vector = (await asyncio.to_thread(self._encoder.encode, [query]))[0]
        for scope in scopes(protocols):
            found = await self._nearest(query, vector, scope)
            if passages := good_enough(vector, found, self._encoder.floor, limit):
                return passages
        return []

    async def count(self) -> int:
        async with self._answering():
            if not await self._client.collection_exists(self._collection):
                return 0
            return (await self._client.count(self._collection)).count

    async def documents(self) -> Mapping[str, Held]:
        return held(await self._payloads())

    async def update(
        self, entries: Sequence[Entry], drop: Collection[str] = (), progress: Progress | None = None
    ) -> None:
        await self._ensure_collection()
        kept = [each for entry in entries for each in payloads(entry)]
        texts = [chunk_in(each).searchable for each in kept]
        vectors = await asyncio.to_thread(embedded, self._encoder, texts, progress)
        points = [_point(each, vector) for each, vector in zip(kept, vectors, strict=True)]
        for start in range(0, len(points), BATCH):
            async with self._answering():
                await self._client.upsert(self._collection, points[start : start + BATCH], wait=True)
        await self._delete(_matches("document", [each.document for each in entries]), entries)
        await self._delete(_matches("document", list(drop)))

    async def close(self) -> None:
        await self._client.close()

    async def _nearest(self, query: str, vector: Vectors, scope: Sequence[str]) -> list[Row]:
        within = models.Filter(must=[_matches("protocols", scope)]) if scope else None
        words = models.SparseVector(**lexical.of_query(query)._asdict())
        halves = ((vector.tolist(), DENSE), (words, LEXICAL))
        async with self._answering():
            response = await self._client.query_points(
                self._collection,
                prefetch=[
                    models.Prefetch(query=half, using=name, filter=within, limit=CANDIDATES) for half, name in halves
                ],
                query=models.RrfQuery(rrf=models.Rrf(k=RRF_K, weights=[DENSE_WEIGHT, LEXICAL_WEIGHT])),
                limit=CANDIDATES,
                with_vectors=[DENSE],
            )
        return [Row(_dense(point.vector), point.payload or {}) for point in response.points]

    async def _payloads(self) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        async with self._answering():
            if not await self._client.collection_exists(self._collection):
                return found
        offset = None
        while True:
            async with self._answering():
                records, offset = await self._client.scroll(
                    self._collection,
                    limit=BATCH,
                    offset=offset,
                    with_payload=["document", "origin", "digest", "parts"],
                )
            found += [record.payload or {} for record in records]
            if offset is None:
                return found

    async def _ensure_collection(self) -> None:
        async with self._answering():
            if await self._client.collection_exists(self._collection):
                return
            dense = models.VectorParams(size=self._encoder.size, distance=models.Distance.COSINE)
            sparse = models.SparseVectorParams(modifier=models.Modifier.IDF)
            await self._client.create_collection(
                self._collection, vectors_config={DENSE: dense}, sparse_vectors_config={LEXICAL: sparse}
            )
            for field in ("protocols", "document"):
                await self._client.create_payload_index(self._collection, field, models.PayloadSchemaType.KEYWORD)

    async def _delete(self, which: models.FieldCondition, but: Sequence[Entry] = ()) -> None:
        """Every point of the condition, but those that were just written."""
        current = [_matches("digest", [entry.digest for entry in but])] if but else []
        async with self._answering():
            await self._client.delete(
                self._collection, models.FilterSelector(filter=models.Filter(must=[which], must_not=current))
            )

    @asynccontextmanager
    async def _answering(self) -> AsyncIterator[None]:
        """Whatever keeps the server from answering in time, as KnowledgeUnavailable. No query is in the message."""
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
    chunk = chunk_in(kept)
    words = models.SparseVector(**lexical.of_passage(chunk.searchable)._asdict())
    vectors: dict[str, Any] = {DENSE: vector.tolist(), LEXICAL: words}
    return models.PointStruct(id=point_id(chunk), vector=vectors, payload=dict(kept))


def _dense(vector: Any) -> Sequence[float]:
    return list(vector[DENSE])
