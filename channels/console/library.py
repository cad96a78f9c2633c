"""The clinic's guidelines as the console reads them and decides on them. Knows no index: `app` joins one to this port.

LibraryClosed    the guidelines cannot be read or changed now; the message says why
NotAGuideline    a file cannot be put in; the message says what to do about it
"""

import datetime
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from policies.passages import warnings


class LibraryClosed(Exception):
    """The guidelines cannot be reached; nothing was changed."""


class NotAGuideline(Exception):
    """A file that cannot be put in as it is; nothing was changed."""


class Standing(StrEnum):
    """Only what is approved is cited. What is retired is kept, and can be approved again."""

    PENDING = "pending"
    APPROVED = "approved"
    RETIRED = "retired"


class Version(NamedTuple):
    """A document as it was put in; `digest` names its very text. `by` and `on` say who decided it and on which day."""

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
    licence: str
    review_date: str
    review_due: str
    reviewed_by: str
    url: str

    def warnings(self, today: datetime.date) -> tuple[str, ...]:
        """What a reader must know before trusting it, as wherever it is cited."""
        return warnings(self.review_due, self.reviewed_by or self.by, today)


class Section(NamedTuple):
    """A passage as a draft cites it: `anchor` is the part of its id behind the document's name."""

    anchor: str
    heading: str
    text: str
    page: int | None


class PutIn(NamedTuple):
    """What came of a file: the versions it holds, those that are new here, and how it was read where that matters."""

    versions: tuple[Version, ...]
    new: frozenset[str]
    notes: tuple[str, ...] = ()


class Library(Protocol):
    """Every method raises LibraryClosed where the guidelines cannot be reached."""

    async def versions(self) -> Sequence[Version]:
        """By title; a document may be there twice, approved and with a new version that waits."""

    def waiting(self) -> int:
        """How many versions wait for approval, as far as is known without asking; never raises."""

    async def sections(self, version: Version) -> Sequence[Section]:
        """Its whole text in order."""

    async def decide(self, version: Version, standing: Standing, by: str) -> None:
        """From now on, for every search; an approved version takes the place of the others of its document."""

    async def put_in(self, name: str, content: bytes, told: Mapping[str, str]) -> PutIn:
        """Reads a file, and what it holds waits for approval. `told` goes before what it says of itself: its title,
        source, review_date, protocols. Raises NotAGuideline.
        """
