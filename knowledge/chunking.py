"""Cuts a document into passages that follow its headings. Pure; knows nothing about encoders or indexes.

Title and headings stay with every chunk: of all the ways tried, that one helps retrieval most.
"""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import BaseModel, ConfigDict

from knowledge.documents import Document
from knowledge.slugs import slug
from policies.passages import Passage

LONGEST_WORDS = 180
"""About what the sentence encoder reads (256 tokens); a longer section is cut between its blocks."""

_MARKDOWN = MarkdownIt("commonmark").enable("table")


class Chunk(BaseModel):
    """A passage-to-be. `heading` is the path of headings, `id` is `<document>#<heading>`."""

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

    @property
    def searchable(self) -> str:
        """What is embedded and matched."""
        return f"{self.title}\n{self.heading}\n{self.text}"

    def passage(self, score: float) -> Passage:
        return Passage(**self.model_dump(exclude={"document", "protocols"}), score=round(score, 4))


class Section(NamedTuple):
    """The blocks under one heading, each a range of lines that is never cut."""

    path: tuple[str, ...]
    blocks: tuple[range, ...]


def chunks_of(document: Document) -> tuple[Chunk, ...]:
    """Every line of the document below its headings, in order, each in one chunk."""
    lines = document.body.split("\n")
    taken: set[str] = set()
    return tuple(
        _chunk(document, section.path, text, taken)
        for section in sections(document.body, document.title)
        for text in _texts(section.blocks, lines)
    )


def digest(chunks: Sequence[Chunk]) -> str:
    """Changes when anything that is shown, cited or searched changes."""
    sha = hashlib.sha256()
    for chunk in chunks:
        sha.update(chunk.model_dump_json().encode() + b"\n")
    return sha.hexdigest()


def sections(body: str, title: str) -> Iterator[Section]:
    """The document's sections in order; one whose heading stands over nothing yields none."""
    path: list[tuple[int, str]] = []
    blocks: list[range] = []
    tokens = _MARKDOWN.parse(body)
    for lines, heading in _blocks(tokens, body.count("\n") + 1):
        if heading is None:
            blocks.append(lines)
            continue
        if blocks:
            yield _section(path, blocks, title)
        blocks = []
        level, text = heading
        path = [*(outer for outer in path if outer[0] < level), (level, text)]
    if blocks:
        yield _section(path, blocks, title)


def _section(path: list[tuple[int, str]], blocks: list[range], title: str) -> Section:
    return Section(tuple(text for _, text in path if text != title), tuple(blocks))


def _blocks(tokens: Sequence[Token], end: int) -> Iterator[tuple[range, tuple[int, str] | None]]:
    """Line ranges that together cover the body: (lines, None) for text, (lines, (level, words)) for a heading."""
    starts = [index for index, token in enumerate(tokens) if _begins(token)]
    lines = [tokens[index].map[0] for index in starts]  # type: ignore[index]  # _begins checked it
    if lines[:1] != [0]:
        yield range(0, lines[0] if lines else end), None
    for (first, last), index in zip(pairwise([*lines, end]), starts, strict=True):
        token = tokens[index]
        if token.type != "heading_open":
            yield range(first, last), None
            continue
        after = token.map[1] if token.map else first + 1
        yield range(first, after), (int(token.tag[1:]), _words(tokens[index + 1]))
        if after < last:
            yield range(after, last), None


def _begins(token: Token) -> bool:
    """Whether a block starts here: an outermost one, or an item of an outermost list."""
    if token.map is None or token.nesting < 0 or token.type in {"bullet_list_open", "ordered_list_open"}:
        return False
    return token.level == 0 or (token.type == "list_item_open" and token.level == 1)


def _words(inline: Token) -> str:
    parts = (child.content for child in inline.children or () if child.type in {"text", "code_inline"})
    return " ".join("".join(parts).split())


def _texts(blocks: Sequence[range], lines: Sequence[str]) -> Iterator[str]:
    """The section's text, in pieces where it is longer than the encoder reads."""
    piece: list[str] = []
    words = 0
    for block in blocks:
        text = "\n".join(lines[block.start : block.stop])
        size = len(text.split())
        if piece and words + size > LONGEST_WORDS:
            yield from _filled(piece)
            piece, words = [], 0
        piece.append(text)
        words += size
    yield from _filled(piece)


def _filled(piece: Sequence[str]) -> Iterator[str]:
    text = "\n".join(piece).strip("\n")
    if text.strip():
        yield text


def _chunk(document: Document, path: tuple[str, ...], text: str, taken: set[str]) -> Chunk:
    return Chunk(
        id=_free(f"{document.id}#{slug(' '.join(path)) if path else 'start'}", taken),
        document=document.id,
        title=document.title,
        heading=" > ".join(path) or document.title,
        text=text,
        source=document.source,
        review_date=document.review_date.isoformat(),
        url=document.url,
        protocols=document.protocols,
    )


def _free(wanted: str, taken: set[str]) -> str:
    """The wanted id, or the first of `wanted-2`, `wanted-3`, ... that no earlier chunk has."""
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}-{count}"
    taken.add(name)
    return name
