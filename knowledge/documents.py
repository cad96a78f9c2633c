"""A guideline document: Markdown with front matter that says where it comes from. Knows nothing about chunks.

---
title: Sore throat in adults
source: NICE CKS Sore throat - acute, Assessment
review_date: 2026-11-22      # the day it was last read against its source
protocols: [sore_throat]     # optional; without it the document serves every protocol
publisher: Our clinic        # optional, like licence, audience and url
---
## Red flags
...
"""

import datetime
import re
import unicodedata
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.errors import DocumentError
from knowledge.slugs import slug

GENERAL = "general"
"""The protocol of a document that serves every complaint."""

LARGEST_BYTES = 2_000_000


class FrontMatter(BaseModel):
    """What a document says about itself."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    title: str = Field(min_length=1, max_length=200)
    source: str = Field(min_length=1, max_length=600)
    review_date: datetime.date
    publisher: str = ""
    licence: str = ""
    protocols: tuple[str, ...] = Field(default=(GENERAL,), min_length=1)
    audience: str = "nurse"
    url: str = Field(default="", pattern=r"^(https?://\S+)?$")


class Document(FrontMatter):
    """`id` is the file's name as a slug, so that a new version of the file replaces the old one."""

    id: str
    body: str


def read_document(path: Path) -> Document:
    """The document in the file, or a DocumentError that names its file and line."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DocumentError(str(path), 1, f"cannot be read: {error.strerror}") from error
    if len(content) > LARGEST_BYTES:
        raise DocumentError(str(path), 1, f"is larger than {LARGEST_BYTES // 1_000_000} MB; split it")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DocumentError(str(path), line, "is not UTF-8 text; save it as UTF-8") from error
    return parse_document(text, str(path))


def parse_document(text: str, file: str) -> Document:
    """Front matter and Markdown → Document; `file` names it in errors and gives it its id."""
    lines = text.splitlines()
    end = _front_matter_end(lines, file)
    front = _front_matter(lines[1:end], file)
    body = visible("\n".join(lines[end + 1 :])).strip("\n")
    if not body.strip():
        raise DocumentError(file, end + 1, "has no text after its front matter")
    return Document(id=slug(Path(file).stem), body=body, **dict(front))


def visible(text: str) -> str:
    """The text without what a reader cannot see, so that a model reads what a nurse reads and no more."""
    shown = re.sub(r"<!--.*?(-->|\Z)", "", text, flags=re.DOTALL)
    return "".join(character for character in shown if _shows(character))


def _shows(character: str) -> bool:
    """Control and format characters do not, but for those that lay text out or join letters."""
    return character in "\n\t\u200c\u200d" or unicodedata.category(character) not in {"Cc", "Cf"}


def _front_matter_end(lines: list[str], file: str) -> int:
    if not lines or lines[0].strip() != "---":
        raise DocumentError(file, 1, "must begin with front matter between two lines of ---")
    for index, line in enumerate(lines[1:], start=1):
        if line.strip() == "---":
            return index
    raise DocumentError(file, 1, "front matter is not closed with a line of ---")


def _front_matter(lines: list[str], file: str) -> FrontMatter:
    try:
        return FrontMatter.model_validate(_mapping(lines, file))
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        raise DocumentError(file, _line_of(field, lines), f"{field}: {_plain(first)}") from error


def _mapping(lines: list[str], file: str) -> dict[str, Any]:
    try:
        loaded = yaml.safe_load("\n".join(lines))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 2 if mark else 1
        raise DocumentError(
            file, line, f"front matter is not YAML: {error.problem}; put quotes round a value with a colon"
        ) from error
    except yaml.YAMLError as error:
        raise DocumentError(file, 1, "front matter holds a character that YAML does not allow") from error
    except (ValueError, RecursionError) as error:  # a date such as 2026-13-45; brackets without end
        raise DocumentError(file, 1, f"front matter is not YAML: {error}") from error
    if not isinstance(loaded, dict) or not all(isinstance(key, str) for key in loaded):
        raise DocumentError(file, 1, "front matter must be lines of `name: value`")
    return loaded


def _line_of(field: str, lines: list[str]) -> int:
    """The field's line in the file, or the opening line where the field is missing."""
    for index, line in enumerate(lines, start=2):
        if line.startswith(f"{field}:"):
            return index
    return 1


def _plain(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return f"is not a known field; known are {', '.join(FrontMatter.model_fields)}"
    return "is missing" if error["type"] == "missing" else str(error["msg"])
