"""The port through which guidelines are kept and found, and what all its adapters share. Knows no engine."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple, Protocol

import numpy as np
from pydantic import ValidationError

from knowledge.chunking import Chunk, digest
from knowledge.documents import GENERAL
from knowledge.embedding import Progress, Vectors
from knowledge.errors import KnowledgeUnavailable
from policies.passages import Passage

DENSE, LEXICAL = "dense", "lexical"
"""The names of a passage's two vectors."""

RRF_K = 60
"""Reciprocal rank fusion's constant, as in the literature; Qdrant's own default is 2."""

DENSE_WEIGHT, LEXICAL_WEIGHT = 2.0, 1.0

CANDIDATES = 20
"""How many passages each half of the search hands to the fusion."""


COMPANION = 0.75
"""The part of the floor that a passage must reach once another has reached it whole."""


class Entry(NamedTuple):
    """A document as it is put into an index. `origin` is the folder it came from, or `starter`."""

    document: str
    origin: str
    chunks: tuple[Chunk, ...]

    @property
    def digest(self) -> str:
        return digest(self.chunks)


class Held(NamedTuple):
    """A document as an index holds it; the digest is empty when it must be put in again."""

    origin: str
    digest: str


class Row(NamedTuple):
    """A passage as an engine keeps it: its dense vector and its payload, from which all else follows."""

    vector: Sequence[float]
    payload: Mapping[str, Any]


class GuidelineIndex(Protocol):
    """Every method raises KnowledgeUnavailable rather than wait for an engine that does not answer."""

    async def search(self, query: str, protocols: Sequence[str], limit: int = 4) -> list[Passage]:
        """The best passages, best first, each with its cosine as `score`; none when nothing is good enough.

        The query does best when it is built from facts (labels of findings), not from a patient's own sentences.
        Passages of the protocols and general ones come first; only when they give nothing, those of any protocol.
        """

    async def count(self) -> int:
        """How many passages are held."""

    async def documents(self) -> Mapping[str, Held]:
        """The documents held, by id; empty when nothing was ever put in."""

    async def update(
        self, entries: Sequence[Entry], drop: Collection[str] = (), progress: Progress | None = None
    ) -> None:
        """Each entry replaces its document; the documents in `drop` go."""

    async def close(self) -> None:
        """Lets go of files and connections."""


def scopes(protocols: Sequence[str]) -> list[tuple[str, ...]]:
    """The protocol filters to try in turn; the empty one means every protocol."""
    return [(*protocols, GENERAL), ()] if protocols else [()]


def good_enough(query: Vectors, found: Sequence[Row], floor: float, limit: int) -> list[Passage]:
    """The first of the rows, in fused order: none unless the best cosine reaches the floor, and none far below."""
    scores = [float(np.dot(query, np.asarray(row.vector, np.float32))) for row in found]
    if max(scores, default=0.0) < floor:
        return []
    near = (row_score for row_score in zip(found, scores, strict=True) if row_score[1] >= floor * COMPANION)
    return [chunk_in(row.payload).passage(score) for row, score in islice(near, limit)]


def payloads(entry: Entry) -> list[dict[str, Any]]:
    """What an engine keeps beside each chunk's vectors. `parts` lets a half-written document be noticed."""
    shared = {
        "document": entry.document,
        "origin": entry.origin,
        "digest": entry.digest,
        "parts": len(entry.chunks),
    }
    return [
        {"chunk": chunk.model_dump(mode="json"), "protocols": list(chunk.protocols), **shared} for chunk in entry.chunks
    ]


def chunk_in(kept: Mapping[str, Any]) -> Chunk:
    """The chunk of a payload."""
    try:
        return Chunk.model_validate(kept["chunk"])
    except (KeyError, ValidationError) as error:
        raise KnowledgeUnavailable("The guideline index holds something that previsit did not write.") from error


def point_id(chunk: Chunk) -> str:
    """Engines want UUIDs: the same one for the same chunk id, so that a new version replaces the old."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, chunk.id))


def held(kept: Sequence[Mapping[str, Any]]) -> dict[str, Held]:
    """What the payloads of an index say it holds; a document that is not whole has no digest."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for each in kept:
        found.setdefault(each["document"], []).append(each)
    return {document: _held(parts) for document, parts in found.items()}


def _held(parts: Sequence[Mapping[str, Any]]) -> Held:
    first = parts[0]
    whole = len(parts) == first["parts"] and all(part["digest"] == first["digest"] for part in parts)
    return Held(first["origin"], first["digest"] if whole else "")
