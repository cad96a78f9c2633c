"""The port through which guidelines are kept and found, and what all its adapters share. Knows no engine."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from pydantic import ValidationError

from knowledge.approval import PENDING, Approval, State
from knowledge.chunking import Chunk, digest
from knowledge.embedding import Progress
from knowledge.errors import KnowledgeUnavailable
from knowledge.front_matter import GENERAL
from policies.passages import Passage
from policies.whom import ANYBODY, Whom

DENSE, LEXICAL = "dense", "lexical"
"""The names of a passage's two vectors."""

RRF_K = 2
"""Qdrant's constant of reciprocal rank fusion, which is not the literature's: Qdrant divides the place by the weight
before it adds the constant, so that with 60 a weight says nearly nothing. Chosen by `previsit evaluate retrieval`."""

DENSE_WEIGHT, LEXICAL_WEIGHT = 2.0, 1.0

CANDIDATES = 40
"""How many passages each half of the search hands to the fusion."""

INDEXED = ("document", "state", "protocols", "age_band", "pregnancy")
"""The payload fields that are filtered by."""


class Entry(NamedTuple):
    """A document as it is put into an index. `origin` is the folder or address it came from, or `starter`."""

    document: str
    origin: str
    chunks: tuple[Chunk, ...]
    approval: Approval = PENDING

    @property
    def digest(self) -> str:
        return digest(self.chunks)


class Held(NamedTuple):
    """A version of a document as an index holds it; `whole` is false where it must be put in again.

    A document may be held twice: as it was approved, and as it waits for approval.
    """

    document: str
    digest: str
    origin: str
    approval: Approval
    chunk: Chunk
    """Its first, for what the document says about itself."""
    passages: int
    whole: bool = True


class Row(NamedTuple):
    """A passage as an engine keeps it: its dense vector and its payload, from which all else follows."""

    vector: Sequence[float]
    payload: Mapping[str, Any]


class Scope(NamedTuple):
    """Where to look: among the approved passages of these protocols (none: of all) that fit the patient.

    `half` leaves one of the two searches out, for measuring.
    """

    protocols: tuple[str, ...] = ()
    whom: Whom = ANYBODY
    half: str = ""
    candidates: int = CANDIDATES

    @property
    def must(self) -> list[tuple[str, list[str]]]:
        """Payload fields, each with the values of which one must be there."""
        fields = [("state", [State.APPROVED.value])]
        if self.protocols:
            fields.append(("protocols", list(self.protocols)))
        if band := self.whom.band:
            fields.append(("age_band", [band.value]))
        if self.whom.pregnant is not None:
            fields.append(("pregnancy", [each.value for each in self.whom.fitting]))
        return fields

    def holds(self, payload: Mapping[str, Any]) -> bool:
        """What an engine's own filter does, for an index without one."""
        return all(set(_values(payload[field])) & set(values) for field, values in self.must)


def _values(kept: Any) -> list[str]:
    return kept if isinstance(kept, list) else [kept]


class GuidelineIndex(Protocol):
    """Every method raises KnowledgeUnavailable rather than wait for an engine that does not answer."""

    async def search(self, query: str, protocols: Sequence[str], limit: int = 4, whom: Whom = ANYBODY) -> list[Passage]:
        """The best approved passages for this patient, best first, each with its cosine as `score`; none when
        nothing is good enough.

        The query does best when it is built from facts (labels of findings), not from a patient's own sentences.
        Passages of the protocols and general ones come first; only when they give nothing, those of any protocol.
        """

    async def explain(self, query: str, scope: Scope) -> list["Hit"]:
        """Every candidate in fused order with what it scored, good enough or not."""

    async def count(self) -> int:
        """How many passages are held."""

    async def documents(self) -> Sequence[Held]:
        """The versions held, by title; empty when nothing was ever put in."""

    async def passages(self, document: str) -> Sequence[Row]:
        """Every passage of a document, of all its versions, without vectors."""

    async def update(
        self, entries: Sequence[Entry], drop: Collection[str] = (), progress: Progress | None = None
    ) -> None:
        """Each entry takes the place of what waited for approval under its name, or, approved itself, of all.

        The documents in `drop` go, in every version.
        """

    async def decide(self, document: str, digest: str, approval: Approval) -> None:
        """Puts a version into a state; one that is approved takes the place of the others.

        Where that version is no longer held, nothing is changed: the others must not go for it.
        """

    async def reindex(self, progress: Progress | None = None) -> int:
        """All passages with vectors of the current encoder, taken into use in one step; returns how many."""

    async def close(self) -> None:
        """Lets go of files and connections."""


class Hit(NamedTuple):
    """A candidate: its place in the fused order, its cosine, and its place in either half (0: not among them)."""

    row: Row
    cosine: float
    dense_place: int
    lexical_place: int

    @property
    def fused(self) -> float:
        """What Qdrant's reciprocal rank fusion gives it."""
        places = ((self.dense_place, DENSE_WEIGHT), (self.lexical_place, LEXICAL_WEIGHT))
        return sum(1 / (place / weight + RRF_K - 1) for place, weight in places if place)


def scopes(protocols: Sequence[str], whom: Whom = ANYBODY) -> list[Scope]:
    """The scopes to try in turn."""
    everywhere = Scope(whom=whom)
    return [Scope((*protocols, GENERAL), whom), everywhere] if protocols else [everywhere]


def payloads(entry: Entry) -> list[dict[str, Any]]:
    """What an engine keeps beside each chunk's vectors. `parts` lets a half-written document be noticed."""
    shared = {
        "document": entry.document,
        "origin": entry.origin,
        "digest": entry.digest,
        "parts": len(entry.chunks),
        **approved(entry.approval),
    }
    return [
        {
            "chunk": chunk.model_dump(mode="json"),
            "place": place,
            "protocols": list(chunk.protocols),
            "age_band": list(chunk.age_band),
            "pregnancy": chunk.pregnancy,
            **shared,
        }
        for place, chunk in enumerate(entry.chunks)
    ]


def approved(approval: Approval) -> dict[str, str]:
    """The part of a payload that a decision changes."""
    return {"state": approval.state.value, "by": approval.by, "on": approval.on}


def replaced(kept: Mapping[str, Any], entry: Entry | None) -> bool:
    """Whether this passage goes when the entry comes: an approved one stays while its new version waits."""
    if entry is None:
        return False
    waits = entry.approval.state is State.PENDING
    return not waits or kept["state"] != State.APPROVED.value or kept["digest"] == entry.digest


def after(kept: Mapping[str, Any], document: str, digest: str, approval: Approval) -> Mapping[str, Any] | None:
    """What becomes of a passage by a decision on a version; None when an approved version takes its place."""
    if kept["document"] != document:
        return kept
    if kept["digest"] == digest:
        return {**kept, **approved(approval)}
    return None if approval.state is State.APPROVED else kept


def holds_version(kept: Mapping[str, Any], document: str, digest: str) -> bool:
    return bool(kept["document"] == document and kept["digest"] == digest)


def chunk_in(kept: Mapping[str, Any]) -> Chunk:
    """The chunk of a payload."""
    try:
        return Chunk.model_validate(kept["chunk"])
    except (KeyError, ValidationError) as error:
        raise KnowledgeUnavailable("The guideline index holds something that previsit did not write.") from error


def passage_in(row: Row, score: float) -> Passage:
    return chunk_in(row.payload).passage(score, row.payload.get("by", ""))


def point_id(kept: Mapping[str, Any]) -> str:
    """Engines want UUIDs: the same one for the same chunk of the same version, which two versions never share."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kept['digest']}/{kept['chunk']['id']}"))


def to_decide(versions: Sequence[Held], document: str) -> Held:
    """The version of a document that a decision is about where none is named: the one that waits, if there is one."""
    found = [each for each in versions if each.document == document]
    return next((each for each in found if each.approval.state is State.PENDING), found[0])


def held(kept: Sequence[Mapping[str, Any]]) -> list[Held]:
    """What the payloads of an index say it holds, by title."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for each in kept:
        found.setdefault((each["document"], each["digest"]), []).append(each)
    return sorted(map(_held, found.values()), key=lambda each: (each.chunk.title.casefold(), each.approval.state))


def _held(parts: Sequence[Mapping[str, Any]]) -> Held:
    first = min(parts, key=lambda part: part["place"])
    decided = all(part["state"] == first["state"] for part in parts)
    # A version that was put in or decided in part only waits for what is left to be done.
    whole = len(parts) == first["parts"] and decided
    approval = Approval(State(first["state"]), first["by"], first["on"]) if decided else PENDING
    return Held(first["document"], first["digest"], first["origin"], approval, chunk_in(first), len(parts), whole)
