"""Asks the judged questions in every way of searching, side by side, in an index of its own. Knows no settings.

All ways search with the same encoder, among the same documents.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from app.retrieval_corpora import Answer, Question, questions_of, slices
from app.retrieval_score import DENSE, HYBRID, PLAIN, WORDS, Answered
from knowledge import index as knowledge
from knowledge.approval import SHIPPED
from knowledge.chunking import chunks_of
from knowledge.edge_index import EdgeIndex
from knowledge.embedding import Encoder, Progress, Vectors, embedded
from knowledge.index import Entry, Scope, payloads, scopes
from llm.query import PASSAGES

QUESTIONS = Path(knowledge.__file__).with_name("questions.jsonl")
"""The project's own judged set, over the starter guidelines."""

HALVES = {WORDS: knowledge.LEXICAL, DENSE: knowledge.DENSE, HYBRID: ""}


class Unjudgeable(ValueError):
    """A question names a document that is not there; the message says which, not what was asked."""


class Corpus(NamedTuple):
    """Documents, and the questions that are judged over them."""

    entries: Sequence[Entry]
    questions: Sequence[Question]

    @property
    def unscoped(self) -> "Corpus":
        """The same questions without complaint and patient."""
        nothing = {"protocols": (), "age_years": None, "pregnant": None}
        return self._replace(questions=[each.model_copy(update=nothing) for each in self.questions])

    @property
    def passages(self) -> int:
        return sum(len(entry.chunks) for entry in self.entries)


def judged(entries: Iterable[Entry], questions: Iterable[Question]) -> Corpus:
    """Questions over guidelines. Raises Unjudgeable."""
    corpus = Corpus([entry._replace(approval=SHIPPED) for entry in entries], list(questions))
    known = {entry.document for entry in corpus.entries}
    for question in corpus.questions:
        if unknown := sorted(question.gains.keys() - known):
            raise Unjudgeable(f"question {question.id} is judged by {', '.join(unknown)}: no such document")
    return corpus


def encyclopaedia(answers: Sequence[Answer], most: int, seed: int) -> Corpus:
    """A MedQuAD-shaped corpus: each answer is a document, and the questions are its own."""
    documents = [answer.document for answer in answers]
    entries = [Entry(each.id, "corpus", chunks_of(each), SHIPPED) for each in documents]
    return Corpus(entries, questions_of(answers, most, seed))


class PlainChunks:
    """The simplest way: slices of the text alone, by cosine alone, whoever the patient is."""

    def __init__(self, entries: Sequence[Entry], encoder: Encoder, progress: Progress | None = None) -> None:
        pieces = [(entry.document, piece) for entry in entries for piece in slices(_text(entry))]
        self._documents = [document for document, _ in pieces]
        self._vectors = embedded(encoder, [piece for _, piece in pieces], progress)
        self._payloads = {entry.document: payloads(entry)[0] for entry in entries}

    def ranking(self, vector: Vectors, scope: Scope) -> list[str]:
        """Ranks the same documents as the other ways do."""
        order = np.argsort(-(self._vectors @ vector), kind="stable")
        within = (self._documents[place] for place in order.tolist())
        held = [name for name in within if scope.holds(self._payloads[name])]
        return list(dict.fromkeys(held[: scope.candidates]))


def _text(entry: Entry) -> str:
    return "\n\n".join(chunk.text for chunk in entry.chunks)


async def tried(
    corpus: Corpus, encoder: Encoder, folder: Path, *, plain: bool = True, progress: Progress | None = None
) -> list[Answered]:
    """Every question in every way. The index is made in `folder`, which the caller removes."""
    index = EdgeIndex(folder, encoder)
    try:
        await index.update(corpus.entries, progress=progress)
        chunks = PlainChunks(corpus.entries, encoder, progress) if plain else None
        return [await _answered(question, index, chunks, encoder) for question in corpus.questions]
    finally:
        await index.close()


async def _answered(question: Question, index: EdgeIndex, plain: PlainChunks | None, encoder: Encoder) -> Answered:
    scope = scopes(question.protocols, question.patient)[0]
    rankings: dict[str, Sequence[str]] = {}
    for way, half in HALVES.items():
        hits = await index.explain(question.query, scope._replace(half=half))
        rankings[way] = _documents(hit.row.payload for hit in hits)
    if plain:
        rankings[PLAIN] = plain.ranking(encoder.encode([question.query])[0], scope)
    found = await index.search(question.query, question.protocols, PASSAGES, question.patient)
    return Answered(question, rankings, list(dict.fromkeys(passage.document for passage in found)))


def _documents(found: Iterable[Mapping[str, object]]) -> list[str]:
    """The documents of the passages; a document has the place of its best passage."""
    return list(dict.fromkeys(str(payload["document"]) for payload in found))
