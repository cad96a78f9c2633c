"""A protocol: what one kind of complaint needs to be asked, and its rules. Knows no conversation."""

from datetime import date

from pydantic import Field

from policies.findings import Applies, Content
from policies.levels import Level
from policies.rules import Rule, WrittenRule


class ProtocolHeader(Content):
    """What a protocol says beside its rules.

    It is opened by any finding of `complaint`. `history` is its history (OLDCARTS) in the order it is asked.
    `default_level` holds when no rule fires. An empty `reviewer` says that no clinician has signed it; `signature`
    is that of the content that was signed (see `policies/signing.py`).
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    complaint: tuple[str, ...] = Field(min_length=1)
    history: tuple[str, ...]
    default_level: Level
    applies: Applies = Applies()
    reviewer: str = ""
    review_date: date
    signature: str = ""


class WrittenProtocol(ProtocolHeader):
    """A protocol as it stands in a file."""

    rules: tuple[WrittenRule, ...]


class Protocol(ProtocolHeader):
    """A protocol with its rules parsed."""

    rules: tuple[Rule, ...] = ()
