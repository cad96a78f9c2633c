"""Reads a file of any supported kind into guideline documents. Knows nothing about folders."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from knowledge.documents import NOTHING, Document, document_of, parse_document, visible, without_marks
from knowledge.errors import DocumentError
from knowledge.formats import KINDS, READERS
from knowledge.formats.text import Text, Unreadable, read_text
from knowledge.slugs import slug

UPLOADED = "upload"
"""The origin of files that were added in the console."""


class Source(NamedTuple):
    """A file as it was found. `name` is the id of its document, `origin` the folder or address it came from.

    Fields in `beside` (from YAML files) fill in what the file lacks; those in `told` (by hand) override both.
    """

    file: str
    name: str
    origin: str
    suffix: str
    content: bytes
    beside: Mapping[str, Any] = NOTHING
    told: Mapping[str, Any] = NOTHING


class Read(NamedTuple):
    """The documents of one file, and what a reader should know about how it was read."""

    documents: tuple[Document, ...]
    notes: tuple[str, ...] = ()


def read(source: Source) -> Read:
    """Raises DocumentError with the file's name and what to do."""
    reader = READERS.get(source.suffix)
    if reader is None:
        raise DocumentError(source.file, 0, not_read(source.suffix))
    try:
        texts = reader(source.content)
    except Unreadable as error:
        raise DocumentError(source.file, 0, str(error)) from error
    notes = tuple(f"{source.file}: {text.note}" for text in texts if text.note)
    if reader is read_text:
        return Read(tuple(_written_for_us(source, text) for text in texts), notes)
    return Read(tuple(_from_elsewhere(source, text) for text in texts), notes)


def not_read(suffix: str) -> str:
    return f"{suffix or 'this kind'} is not read; save it as {KINDS}"


def _written_for_us(source: Source, text: Text) -> Document:
    document = parse_document(text.body, source.file, below=source.beside, above=source.told)
    return document.model_copy(update={"id": source.name})


def _from_elsewhere(source: Source, text: Text) -> Document:
    """A page or a leaflet that was not written for us: it has a title, and the other fields are given beside it."""
    title = {"title": text.title[:200]} if text.title else {}
    fields = {**title, **text.front, **source.beside, **source.told}
    if missing := [name for name in ("title", "source", "review_date") if not fields.get(name)]:
        raise DocumentError(source.file, 0, says_no(missing, source))
    name = f"{source.name}-{slug(text.name)}" if text.name else source.name
    body = without_marks(text.body) if text.pages else visible(text.body).strip("\n")
    return document_of(body, source.file, name, fields, pages=text.pages)


def says_no(missing: list[str], source: Source) -> str:
    """The message about missing fields, and where to give them."""
    if source.origin == UPLOADED:
        return (
            f"does not say its {', '.join(missing).replace('_', ' ')}: fill that in as well, and choose the file again"
        )
    beside = f"in a file {source.file.rpartition('/')[2]}.yaml beside it, or " if "://" not in source.file else ""
    by_hand = " ".join(f"--set {name}=…" for name in missing)
    return f"does not say its {', '.join(missing)}: say it {beside}with {by_hand}"
