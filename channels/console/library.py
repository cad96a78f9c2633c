"""The port through which the console reads the clinic's guidelines and decides on them. `app` implements it.

LibraryClosed    the guidelines cannot be read or changed now; the message says why
NotAGuideline    a file cannot be put in; the message says what to do about it
"""

import datetime
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from policies.passages import warnings


class LibraryClosed(Exception):
    """The guidelines cannot be read or changed now; nothing was changed."""


class NotAGuideline(Exception):
    """A file that cannot be put in as it is; nothing was changed."""


class Standing(StrEnum):
    """Drafts cite approved documents only. A retired one is kept, and can be approved again."""

    PENDING = "pending"
    APPROVED = "approved"
    RETIRED = "retired"


class Version(NamedTuple):
    """One version of a document; `digest` identifies its text. `by` and `on` say who decided on it, and which day."""

    document: str
    digest: str
    title: str
    standing: Standing
    by: str
    on: str
    shipped: bool
    protocols: tuple[str, ...]
    source: str
    publisher: str
    edition: str
    audience: str
    licence: str
    review_date: str
    review_due: str
    reviewed_by: str
    url: str

    def warnings(self, today: datetime.date) -> tuple[str, ...]:
        """What a reader must know before trusting it; the same sentences as where it is cited."""
        return warnings(self.review_due, self.reviewed_by or self.by, today)


class Section(NamedTuple):
    """A passage as a draft cites it; `anchor` is the part of its id after the document's name."""

    anchor: str
    heading: str
    text: str
    page: int | None


class PutIn(NamedTuple):
    """The result of adding a file: its documents, which of them are new, and notes on how it was read."""

    versions: tuple[Version, ...]
    new: frozenset[str]
    notes: tuple[str, ...] = ()


class Library(Protocol):
    """Every method raises LibraryClosed where the guidelines cannot be reached."""

    async def versions(self) -> Sequence[Version]:
        """By title; a document may be there twice, approved and with a new version that waits."""

    def waiting(self) -> int:
        """How many versions wait for approval, as last seen: does not ask the index, and never raises."""

    async def sections(self, version: Version) -> Sequence[Section]:
        """The version's whole text, in order."""

    async def decide(self, version: Version, standing: Standing, by: str) -> None:
        """Puts the version into this state. An approved version replaces the others of its document in searches."""

    async def put_in(self, name: str, content: bytes, told: Mapping[str, str]) -> PutIn:
        """Reads a file; its documents wait for approval. `told` (title, source, review_date, protocols) has precedence
        over what the file says of itself. Raises NotAGuideline.
        """
