"""Which candidates are relevant enough to show; it may be none. Knows no engine."""

from collections.abc import Sequence
from itertools import islice

import numpy as np

from knowledge.embedding import Vectors
from knowledge.index import Hit, Row, passage_in
from policies.passages import Passage

COMPANION = 0.75
"""The part of the floor that the other passages must reach if the best one has reached the whole floor."""


def cosine(query: Vectors, row: Row) -> float:
    return float(np.dot(query, np.asarray(row.vector, np.float32))) if len(row.vector) else 0.0


def relevant(query: Vectors, rows: Sequence[Row], floor: float, limit: int) -> list[Passage]:
    """The passages to show, in fused order: none unless the best cosine reaches the floor, and none far below it."""
    scores = [cosine(query, row) for row in rows]
    if max(scores, default=0.0) < floor:
        return []
    near = (row_score for row_score in zip(rows, scores, strict=True) if row_score[1] >= floor * COMPANION)
    return [passage_in(row, score) for row, score in islice(near, limit)]


def hits(query: Vectors, fused: Sequence[Row], dense: Sequence[Row], lexical: Sequence[Row]) -> list[Hit]:
    """The fused rows with their places in each of the two searches."""
    places = [{_key(row): place for place, row in enumerate(rows, start=1)} for rows in (dense, lexical)]
    return [Hit(row, cosine(query, row), *(each.get(_key(row), 0) for each in places)) for row in fused]


def _key(row: Row) -> tuple[str, str]:
    return row.payload["digest"], row.payload["chunk"]["id"]
