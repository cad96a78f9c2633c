"""One shard of Qdrant's in-process engine: points in, the nearest out. Knows nothing about files' life or threads."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from qdrant_edge import (
    CountRequest,
    Distance,
    EdgeConfig,
    EdgeShard,
    EdgeSparseVectorParams,
    EdgeVectorParams,
    FieldCondition,
    Filter,
    Fusion,
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
from knowledge.index import CANDIDATES, DENSE, DENSE_WEIGHT, LEXICAL, LEXICAL_WEIGHT, RRF_K, Row, chunk_in, point_id

BATCH = 500


@contextmanager
def engine_errors() -> Iterator[None]:
    """Whatever the engine throws, a Rust panic included (which is no Exception), as KnowledgeUnavailable."""
    try:
        yield
    except (KnowledgeError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise KnowledgeUnavailable("The guideline index could not be read or written.") from error


def write(folder: Path, size: int, rows: Sequence[Row]) -> None:
    """A new shard of the rows. It is opened once more, after which reading changes none of its files."""
    folder.mkdir(parents=True)
    with engine_errors():
        shard = EdgeShard.create(str(folder), _config(size))
        shard.update(UpdateOperation.create_field_index("protocols", PayloadSchemaType.Keyword))
        for start in range(0, len(rows), BATCH):
            shard.update(UpdateOperation.upsert_points([_point(row) for row in rows[start : start + BATCH]]))
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
    found: list[Row] = []
    offset = None
    while True:
        request = ScrollRequest(offset=offset, limit=BATCH, with_payload=True, with_vector=[DENSE])
        with engine_errors():
            records, offset = shard.scroll(request)
        found += [Row(_dense(record.vector), record.payload or {}) for record in records]
        if offset is None:
            return found


def nearest(shard: EdgeShard, query: str, vector: Vectors, scope: Sequence[str]) -> list[Row]:
    """The candidates by fused rank, best first; an empty scope means every protocol."""
    words = lexical.of_query(query)
    within = Filter(must=[FieldCondition("protocols", match=MatchAny(list(scope)))]) if scope else None
    dense = Query.Nearest(vector.tolist(), using=DENSE)
    sparse = Query.Nearest(SparseVector(*words), using=LEXICAL)
    request = QueryRequest(
        limit=CANDIDATES,
        prefetches=[Prefetch(CANDIDATES, query=half, filter=within) for half in (dense, sparse)],
        query=cast(Fusion, Fusion.Rrf(k=RRF_K, weights=[DENSE_WEIGHT, LEXICAL_WEIGHT])),
        with_vector=[DENSE],
        with_payload=True,
    )
    with engine_errors():
        found = shard.query(request)
    return [Row(_dense(point.vector), point.payload or {}) for point in found]


def _config(size: int) -> EdgeConfig:
    """No write-ahead log: a shard is written once, and a log would lock out other readers."""
    return EdgeConfig(
        vectors={DENSE: EdgeVectorParams(size=size, distance=Distance.Cosine)},
        sparse_vectors={LEXICAL: EdgeSparseVectorParams(modifier=Modifier.Idf)},
        max_search_threads=1,
        wal_enabled=False,
    )


def _point(row: Row) -> Point:
    chunk = chunk_in(row.payload)
    words = SparseVector(*lexical.of_passage(chunk.searchable))
    vector: dict[str, Any] = {DENSE: list(row.vector), LEXICAL: words}
    return Point(point_id(chunk), vector, dict(row.payload))


def _dense(vector: Any) -> list[float]:
    return list(vector[DENSE]) if vector else []
