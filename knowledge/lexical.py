"""Text → sparse BM25 weights, for the search that matches words. Knows nothing about indexes.

Qdrant counts the words' rarity itself (its IDF modifier), so only term frequencies are computed here.
"""

from typing import NamedTuple

from qdrant_edge import Bm25, Bm25Config

AVERAGE_WORDS = 60
"""The average number of words of a chunk, without stop words; BM25 needs it."""

_BM25 = Bm25(Bm25Config(language="english", avg_len=AVERAGE_WORDS, ascii_folding=True))


class Weights(NamedTuple):
    """Word numbers and their weights; both empty for a text of stop words."""

    indices: list[int]
    values: list[float]


def of_passage(text: str) -> Weights:
    vector = _BM25.embed_document(text)
    return Weights(vector.indices, vector.values)


def of_query(text: str) -> Weights:
    vector = _BM25.embed_query(text)
    return Weights(vector.indices, vector.values)
