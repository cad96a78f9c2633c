"""The result of reading a file of any kind: Markdown, and what the file says about itself. Reads text and Markdown."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Unreadable(Exception):
    """The file cannot be read as a guideline; the message says why and what to do, without the file's name."""


class Text(NamedTuple):
    """One document of a file. `name` tells several documents apart; `pages` are the lines on which pages begin; `note`
    says what was left out."""

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
