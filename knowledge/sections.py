"""Finds the sections of a Markdown text and the blocks that may be cut apart. Pure; knows nothing about documents."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark").enable("table")

_DIVISIBLE = {"paragraph_open", "list_item_open"}
"""Blocks that may be cut between their lines when they are too long; a table or code never is."""


class Block(NamedTuple):
    """Lines that belong together."""

    lines: range
    divisible: bool = False


class Section(NamedTuple):
    """The blocks under one path of headings."""

    path: tuple[str, ...]
    blocks: tuple[Block, ...]


def sections(body: str, title: str) -> Iterator[Section]:
    """The text's sections in order; one whose heading stands over nothing yields none."""
    path: list[tuple[int, str]] = []
    blocks: list[Block] = []
    tokens = _MARKDOWN.parse(body)
    for block, heading in _blocks(tokens, body.count("\n") + 1):
        if heading is None:
            blocks.append(block)
            continue
        if blocks:
            yield _section(path, blocks, title)
        blocks = []
        level, text = heading
        path = [*(outer for outer in path if outer[0] < level), (level, text)]
    if blocks:
        yield _section(path, blocks, title)


def _section(path: list[tuple[int, str]], blocks: list[Block], title: str) -> Section:
    return Section(tuple(text for _, text in path if text != title), tuple(blocks))


def _blocks(tokens: Sequence[Token], end: int) -> Iterator[tuple[Block, tuple[int, str] | None]]:
    """Blocks that together cover the body: (block, None) for text, (block, (level, words)) for a heading."""
    starts = [(index, *token.map) for index, token in enumerate(tokens) if token.map and _begins(token)]
    lines = [first for _, first, _ in starts]
    if lines[:1] != [0]:
        yield Block(range(lines[0] if lines else end)), None
    for (index, first, after), last in zip(starts, [*lines, end][1:], strict=True):
        token = tokens[index]
        if token.type != "heading_open":
            yield Block(range(first, last), token.type in _DIVISIBLE), None
            continue
        yield Block(range(first, after)), (int(token.tag[1:]), _words(tokens[index + 1]))
        if after < last:
            yield Block(range(after, last)), None


def _begins(token: Token) -> bool:
    """Whether a block starts at this token, which has a place: an outermost one, or an item of an outermost list."""
    if token.nesting < 0 or token.type in {"bullet_list_open", "ordered_list_open"}:
        return False
    return token.level == 0 or (token.type == "list_item_open" and token.level == 1)


def _words(inline: Token) -> str:
    parts = (child.content for child in inline.children or () if child.type in {"text", "code_inline"})
    return " ".join("".join(parts).split())
