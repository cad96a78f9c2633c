"""One shard of Qdrant's in-process engine: points in, the nearest out. Knows nothing about files' life or threads."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, cast

from qdrant_edge import (
    CountRequest,
    Distance,
    EdgeConfig,
    EdgeOptimizersConfig,
    EdgeShard,
    EdgeSparseVectorParams,
    EdgeVectorParams,
    FieldCondition,
    Filter,
    Fusion,
    HnswIndexConfig,
    MatchAny,
    Modifier,
    PayloadSchemaType,
    Point,
    Prefetch,
    Query,
    QueryRequest,
    ScrollRequest,
    SparseVector,
    UpdateOperation,
)

from knowledge import lexical
from knowledge.embedding import Vectors
from knowledge.errors import KnowledgeError, KnowledgeUnavailable
from knowledge.index import (
    DENSE,
    DENSE_WEIGHT,
    INDEXED,
    LEXICAL,
    LEXICAL_WEIGHT,
    RRF_K,
    Row,
    Scope,
    chunk_in,
    point_id,
)

BATCH = 500

FLOAT_BYTES = 4
NEIGHBOURS, NEIGHBOURS_TRIED = 16, 100  # Qdrant's own

EXACT_UP_TO = 20_000
"""Up to this many passages, in all or after filtering, are compared one by one: that misses none and takes
milliseconds. A graph of neighbours would take seconds to build at every change, and each approval is a change."""


@contextmanager
def engine_errors() -> Iterator[None]:
    """Turns whatever the engine raises into KnowledgeUnavailable; a Rust panic is a BaseException."""
    try:
        yield
    except (KnowledgeError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise KnowledgeUnavailable("The guideline index could not be read or written.") from error


def write(folder: Path, size: int, rows: Iterable[Row]) -> None:
    """Writes a new shard. Opens it once more at the end, because the engine still changes files then, and not later."""
    remaining = iter(rows)
    folder.mkdir(parents=True)
    with engine_errors():
        shard = EdgeShard.create(str(folder), _config(size))
        for field in INDEXED:
            shard.update(UpdateOperation.create_field_index(field, PayloadSchemaType.Keyword))
        while points := [_point(row) for row in islice(remaining, BATCH)]:
            shard.update(UpdateOperation.upsert_points(points))
        shard.optimize()
        shard.flush()
        shard.close()
        EdgeShard.load(str(folder)).close()


def load(folder: Path) -> EdgeShard:
    with engine_errors():
        return EdgeShard.load(str(folder))


def count(shard: EdgeShard) -> int:
    with engine_errors():
        return shard.count(CountRequest())


def rows(shard: EdgeShard) -> list[Row]:
    """Everything in the shard."""
    return _scrolled(shard, None, [DENSE])


def payloads(shard: EdgeShard, document: str = "") -> list[Row]:
    """Everything in the shard, or of one document, without vectors."""
    return _scrolled(shard, Filter(must=[_matches("document", [document])]) if document else None, [])


def _scrolled(shard: EdgeShard, within: Filter | None, vectors: list[str]) -> list[Row]:
    found: list[Row] = []
    offset = None
    while True:
        request = ScrollRequest(
            offset=offset, limit=BATCH, filter=within, with_payload=True, with_vector=vectors or False
        )
        with engine_errors():
            records, offset = shard.scroll(request)
        found += [Row(_dense(record.vector), record.payload or {}) for record in records]
        if offset is None:
            return found


def nearest(shard: EdgeShard, query: str, vector: Vectors, scope: Scope) -> list[Row]:
    """The candidates by fused rank, best first."""
    within = Filter(must=[_matches(*each) for each in scope.must])
    halves = {
        DENSE: Query.Nearest(vector.tolist(), using=DENSE),
        LEXICAL: Query.Nearest(SparseVector(*lexical.of_query(query)), using=LEXICAL),
    }
    fused = cast(Fusion, Fusion.Rrf(k=RRF_K, weights=[DENSE_WEIGHT, LEXICAL_WEIGHT]))
    prefetches = [Prefetch(scope.candidates, query=half, filter=within) for half in halves.values()]
    request = QueryRequest(
        limit=scope.candidates,
        prefetches=[] if scope.half else prefetches,
        query=halves[scope.half] if scope.half else fused,
        filter=within if scope.half else None,
        with_vector=[DENSE],
        with_payload=True,
    )
    with engine_errors():
        found = shard.query(request)
    return [Row(_dense(point.vector), point.payload or {}) for point in found]


def _matches(field: str, values: Sequence[str]) -> FieldCondition:
    return FieldCondition(field, match=MatchAny(list(values)))


def _config(size: int) -> EdgeConfig:
    """Without a write-ahead log: a shard is written once, and the log would lock out other readers."""
    exact_kilobytes = EXACT_UP_TO * size * FLOAT_BYTES // 1024
    return EdgeConfig(
        vectors={DENSE: EdgeVectorParams(size=size, distance=Distance.Cosine)},
        sparse_vectors={LEXICAL: EdgeSparseVectorParams(modifier=Modifier.Idf)},
        hnsw_config=HnswIndexConfig(NEIGHBOURS, NEIGHBOURS_TRIED, full_scan_threshold=exact_kilobytes),
        optimizers=EdgeOptimizersConfig(indexing_threshold=exact_kilobytes),
        max_search_threads=1,
        wal_enabled=False,
    )


def _point(row: Row) -> Point:
    chunk = chunk_in(row.payload)
    words = SparseVector(*lexical.of_passage(chunk.searchable))
    vector: dict[str, Any] = {DENSE: list(row.vector), LEXICAL: words}
    return Point(point_id(row.payload), vector, dict(row.payload))


def _dense(vector: Any) -> list[float]:
    return list(vector[DENSE]) if vector else []
