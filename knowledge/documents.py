"""A guideline document: Markdown with its front matter. Knows nothing about files or chunks."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from knowledge.errors import DocumentError
from knowledge.front_matter import FrontMatter, begins_with_front, mapping, split, validated
from knowledge.slugs import slug

NOTHING: Mapping[str, Any] = MappingProxyType({})

LONGEST_BODY = 2_000_000
"""Characters."""

NO_FRONT = "must begin with front matter between two lines of ---, or have a file beside it, named like it with .yaml"


class Document(FrontMatter):
    """`id` is the file's name as a slug, so that a new version of the file replaces the old one.

    `pages` are the lines of the body on which its pages begin; empty if it has no pages.
    """

    id: str
    body: str
    pages: tuple[int, ...] = ()


def parse_document(
    text: str, file: str, *, below: Mapping[str, Any] = NOTHING, above: Mapping[str, Any] = NOTHING
) -> Document:
    """Front matter and Markdown → Document; `file` names it in errors and gives it its id.

    Fields in `above` override the front matter, which overrides those in `below`.
    """
    if begins_with_front(text):
        lines, text = split(text, file)
        own = mapping("\n".join(lines), file, first_line=2)
    elif below or above:
        lines, own = [], {}
    else:
        raise DocumentError(file, 1, NO_FRONT)
    return document_of(visible(text).strip("\n"), file, slug(Path(file).stem), {**below, **own, **above}, lines)


def document_of(
    body: str,
    file: str,
    name: str,
    fields: Mapping[str, Any],
    lines: Sequence[str] = (),
    pages: tuple[int, ...] = (),
) -> Document:
    """Raises DocumentError. `lines` are those of the front matter in the file, if the fields come from there."""
    front = validated(fields, file, lines)
    if not body.strip():
        raise DocumentError(file, len(lines) + 2 if lines else 0, "has no text after its front matter")
    if len(body) > LONGEST_BODY:
        raise DocumentError(file, 0, f"holds more than {LONGEST_BODY:,} characters; split it")
    return Document(id=name, body=body, pages=pages, **dict(front))


def visible(text: str) -> str:
    """The text without comments and invisible characters, so that a model reads only what a nurse can see."""
    return without_marks(re.sub(r"<!--.*?(-->|\Z)", "", text, flags=re.DOTALL))


def without_marks(text: str) -> str:
    """The text without invisible characters; its lines stay where they are."""
    return "".join(character for character in text if _shows(character))


def _shows(character: str) -> bool:
    """Whether a character is visible, lays out text or joins letters; other control and format characters do not."""
    return character in "\n\t\u200c\u200d" or unicodedata.category(character) not in {"Cc", "Cf"}
