"""The port of a guideline index, and what all its implementations share. Knows no engine."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from pydantic import ValidationError

from knowledge.approval import PENDING, Approval, State
from knowledge.chunking import Chunk, digest
from knowledge.embedding import Progress
from knowledge.errors import KnowledgeUnavailable
from knowledge.front_matter import GENERAL
from policies.demographics import ANYBODY, Demographics
from policies.passages import Passage

DENSE, LEXICAL = "dense", "lexical"
"""The names of a passage's two vectors."""

RRF_K = 2
"""The constant of reciprocal rank fusion. The literature uses 60, but Qdrant divides the place by the weight before it
adds the constant, so that with 60 the weights would hardly matter. Chosen by `previsit evaluate retrieval`."""

DENSE_WEIGHT, LEXICAL_WEIGHT = 2.0, 1.0

CANDIDATES = 40
"""How many passages each half of the search hands to the fusion."""

INDEXED = ("document", "state", "protocols", "age_band", "pregnancy")
"""The payload fields that are filtered by."""


class Entry(NamedTuple):
    """A document to be indexed. `origin` is the folder or address it came from, or `starter`."""

    document: str
    origin: str
    chunks: tuple[Chunk, ...]
    approval: Approval = PENDING

    @property
    def digest(self) -> str:
        return digest(self.chunks)


class Held(NamedTuple):
    """A version of a document in an index; `whole` is False if it was only partly written and must be put in again.

    A document may be there twice: the approved version, and one that waits for approval.
    """

    document: str
    digest: str
    origin: str
    approval: Approval
    chunk: Chunk
    """The first chunk, which carries the document's front matter."""
    passages: int
    whole: bool = True


class Row(NamedTuple):
    """A passage as an engine stores it: its dense vector and its payload, from which everything else is derived."""

    vector: Sequence[float]
    payload: Mapping[str, Any]


class Scope(NamedTuple):
    """What to search: the approved passages of these protocols (empty: of all) that fit the patient.

    `half`, for measuring, is the only one of the two searches to use ("" for both).
    """

    protocols: tuple[str, ...] = ()
    patient: Demographics = ANYBODY
    half: str = ""
    candidates: int = CANDIDATES

    @property
    def must(self) -> list[tuple[str, list[str]]]:
        """Payload fields, each with the allowed values."""
        fields = [("state", [State.APPROVED.value])]
        if self.protocols:
            fields.append(("protocols", list(self.protocols)))
        if band := self.patient.band:
            fields.append(("age_band", [band.value]))
        if self.patient.pregnant is not None:
            fields.append(("pregnancy", [each.value for each in self.patient.fitting]))
        return fields

    def holds(self, payload: Mapping[str, Any]) -> bool:
        """Whether a payload passes the filter, for an index whose engine has none."""
        return all(set(_values(payload[field])) & set(values) for field, values in self.must)


def _values(kept: Any) -> list[str]:
    return kept if isinstance(kept, list) else [kept]


class GuidelineIndex(Protocol):
    """Every method raises KnowledgeUnavailable rather than wait for an engine that does not answer."""

    async def search(
        self, query: str, protocols: Sequence[str], limit: int = 4, patient: Demographics = ANYBODY
    ) -> list[Passage]:
        """The best approved passages for this patient, best first, each with its cosine as `score`; none if nothing is
        good enough.

        Queries made of facts (labels of findings) work better than a patient's own sentences. Passages of the protocols
        and general ones are searched first; only if these give nothing, those of all protocols.
        """

    async def explain(self, query: str, scope: Scope) -> list["Hit"]:
        """Every candidate with its scores, in fused order, good enough or not."""

    async def count(self) -> int:
        """How many passages are held."""

    async def documents(self) -> Sequence[Held]:
        """The versions in the index, sorted by title; empty if there are none."""

    async def passages(self, document: str) -> Sequence[Row]:
        """Every passage of a document, of all its versions, without vectors."""

    async def update(
        self, entries: Sequence[Entry], drop: Collection[str] = (), progress: Progress | None = None
    ) -> None:
        """Puts the entries in. Each replaces the version of its document that waits for approval; if the entry is
        approved itself, it replaces every version. Documents in `drop` are removed in every version.
        """

    async def decide(self, document: str, digest: str, approval: Approval) -> None:
        """Puts a version into a state. An approved version replaces the document's others.

        Does nothing if the version is no longer there: the others must not be removed for it.
        """

    async def reindex(self, progress: Progress | None = None) -> int:
        """Makes all vectors again with the current encoder, and takes them into use in one step. Returns how many."""

    async def close(self) -> None:
        """Closes files and connections."""


class Hit(NamedTuple):
    """A candidate: its cosine, and its place in each of the two searches (0: it is not among them)."""

    row: Row
    cosine: float
    dense_place: int
    lexical_place: int

    @property
    def fused(self) -> float:
        """Its score by Qdrant's reciprocal rank fusion."""
        places = ((self.dense_place, DENSE_WEIGHT), (self.lexical_place, LEXICAL_WEIGHT))
        return sum(1 / (place / weight + RRF_K - 1) for place, weight in places if place)


def scopes(protocols: Sequence[str], patient: Demographics = ANYBODY) -> list[Scope]:
    """The scopes to try in turn."""
    everywhere = Scope(patient=patient)
    return [Scope((*protocols, GENERAL), patient), everywhere] if protocols else [everywhere]


def payloads(entry: Entry) -> list[dict[str, Any]]:
    """What an engine stores beside each chunk's vectors. By `parts` a half-written document is noticed."""
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
    """Whether the entry replaces this passage. An approved passage stays while its new version waits for approval."""
    if entry is None:
        return False
    waits = entry.approval.state is State.PENDING
    return not waits or kept["state"] != State.APPROVED.value or kept["digest"] == entry.digest


def after(kept: Mapping[str, Any], document: str, digest: str, approval: Approval) -> Mapping[str, Any] | None:
    """What a payload becomes by a decision on a version; None if an approved version replaces it."""
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
    """The UUID that an engine wants for a point: always the same for the same chunk of the same version."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kept['digest']}/{kept['chunk']['id']}"))


def to_decide(versions: Sequence[Held], document: str) -> Held:
    """The version that a decision means if it names none: the one that waits for approval, if there is one."""
    found = [each for each in versions if each.document == document]
    return next((each for each in found if each.approval.state is State.PENDING), found[0])


def held(kept: Sequence[Mapping[str, Any]]) -> list[Held]:
    """The document versions that these payloads belong to, sorted by title."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for each in kept:
        found.setdefault((each["document"], each["digest"]), []).append(each)
    return sorted(map(_held, found.values()), key=lambda each: (each.chunk.title.casefold(), each.approval.state))


def _held(parts: Sequence[Mapping[str, Any]]) -> Held:
    first = min(parts, key=lambda part: part["place"])
    decided = all(part["state"] == first["state"] for part in parts)
    # A version that was written or decided only in part counts as pending, and is put in again.
    whole = len(parts) == first["parts"] and decided
    approval = Approval(State(first["state"]), first["by"], first["on"]) if decided else PENDING
    return Held(first["document"], first["digest"], first["origin"], approval, chunk_in(first), len(parts), whole)
