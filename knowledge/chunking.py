"""Cuts a document into passages that follow its headings. Pure; knows nothing about encoders or indexes.

Every chunk carries its title and headings: of everything that was tried, that helps retrieval most.
"""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from knowledge.documents import Document
from knowledge.sections import Block, sections
from knowledge.slugs import slug
from policies.passages import Passage

LONGEST_WORDS = 180
"""About what the sentence encoder reads (256 tokens); a longer section is cut between its blocks."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[\w(•-])")


class Chunk(BaseModel):
    """A piece of a document, to be indexed. `heading` is the path of headings, `id` is `<document>#<heading>`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    document: str
    title: str
    heading: str
    text: str
    source: str
    review_date: str
    url: str
    protocols: tuple[str, ...]
    review_due: str
    reviewed_by: str
    page: int | None
    age_band: tuple[str, ...]
    pregnancy: str
    publisher: str
    licence: str
    edition: str
    audience: str

    @property
    def searchable(self) -> str:
        """The text that is embedded and matched."""
        return f"{self.title}\n{self.heading}\n{self.text}"

    def passage(self, score: float, approved_by: str = "") -> Passage:
        shown = {name: getattr(self, name) for name in Passage.model_fields if name != "score"}
        return Passage(**{**shown, "reviewed_by": self.reviewed_by or approved_by, "score": round(score, 4)})


class _Text(NamedTuple):
    """A chunk's text and the line of the body that it begins on."""

    line: int
    text: str


def chunks_of(document: Document) -> tuple[Chunk, ...]:
    """The document's chunks in order. Every line below a heading is in exactly one of them."""
    lines = document.body.split("\n")
    taken: set[str] = set()
    return tuple(
        _chunk(document, section.path, text, taken)
        for section in sections(document.body, document.title)
        for text in _texts(section.blocks, lines)
    )


def digest(chunks: Sequence[Chunk]) -> str:
    """A hash that changes when anything that is shown, cited or searched changes."""
    sha = hashlib.sha256()
    for chunk in chunks:
        sha.update(chunk.model_dump_json().encode() + b"\n")
    return sha.hexdigest()


def _texts(blocks: Sequence[Block], lines: Sequence[str]) -> Iterator[_Text]:
    """The section's text, in pieces if it is longer than the encoder reads."""
    piece: list[_Text] = []
    words = 0
    for part in (part for block in blocks for part in _parts(block, lines)):
        size = len(part.text.split())
        if piece and words + size > LONGEST_WORDS:
            yield from _filled(piece)
            piece, words = [], 0
        piece.append(part)
        words += size
    yield from _filled(piece)


def _parts(block: Block, lines: Sequence[str]) -> Iterator[_Text]:
    """The whole block; if it is too long and may be cut, its lines, and long lines by sentences."""
    text = "\n".join(lines[block.lines.start : block.lines.stop])
    if not block.divisible or len(text.split()) <= LONGEST_WORDS:
        yield _Text(block.lines.start, text)
        return
    for number in block.lines:
        sentences = (
            _SENTENCE_END.split(lines[number]) if len(lines[number].split()) > LONGEST_WORDS else [lines[number]]
        )
        for sentence in sentences:
            yield _Text(number, sentence)


def _filled(piece: Sequence[_Text]) -> Iterator[_Text]:
    text = "\n".join(part.text for part in piece).strip("\n")
    if text.strip():
        yield _Text(next(part.line for part in piece if part.text.strip()), text)


def _chunk(document: Document, path: tuple[str, ...], text: _Text, taken: set[str]) -> Chunk:
    return Chunk(
        id=_free(f"{document.id}#{slug(' '.join(path)) if path else 'start'}", taken),
        document=document.id,
        heading=" > ".join(path) or document.title,
        text=text.text,
        review_date=document.review_date.isoformat(),
        review_due=document.due.isoformat(),
        page=bisect_right(document.pages, text.line) or None,
        age_band=tuple(document.age_band),
        pregnancy=document.pregnancy,
        **document.model_dump(include=_KEPT),
    )


_KEPT = {"title", "source", "url", "protocols", "reviewed_by", "publisher", "licence", "edition", "audience"}


def _free(wanted: str, taken: set[str]) -> str:
    """The wanted id, or the first of `wanted-2`, `wanted-3`, ... that no earlier chunk has."""
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}-{count}"
    taken.add(name)
    return name
