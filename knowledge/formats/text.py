"""What a file of any kind is read as: Markdown, and what it says about itself. Reads plain text and Markdown.

Unreadable
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Unreadable(Exception):
    """The file holds no guideline that can be read; the message says why and what to do, without its name."""


class Text(NamedTuple):
    """`name` tells several documents of one file apart; `pages` are the lines on which pages begin."""

    body: str
    title: str = ""
    front: Mapping[str, Any] = NOTHING
    name: str = ""
    pages: tuple[int, ...] = ()
    note: str = ""


def read_text(content: bytes) -> list[Text]:
    try:
        return [Text(content.decode("utf-8-sig").replace("\r\n", "\n"))]
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable(f"line {line} is not UTF-8 text; save it as UTF-8") from error
