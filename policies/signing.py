"""A clinician's signature under a protocol, valid for exactly what was signed. Knows nothing about people."""

import hashlib
import re
from datetime import date

from policies.protocols import Protocol

UNSIGNED = frozenset({"reviewer", "review_date", "signature"})
HEADER = re.compile(r"^(reviewer|review_date|signature):.*\n", re.MULTILINE)
LENGTH = 16


def fingerprint(protocol: Protocol) -> str:
    """A hash of all that a clinician signs for: what is asked, every rule, its wording and its examples."""
    said = protocol.model_dump_json(exclude=set(UNSIGNED))
    return hashlib.sha256(said.encode()).hexdigest()[:LENGTH]


def is_signed(protocol: Protocol) -> bool:
    return bool(protocol.reviewer) and protocol.signature == fingerprint(protocol)


def signed(text: str, protocol: Protocol, by: str, review_date: date) -> str:
    """The protocol's file with the signature in its head; everything else, comments too, stays as it is written."""
    mine = "".join(
        [f'reviewer: "{by}"\n', f"review_date: {review_date.isoformat()}\n", f"signature: {fingerprint(protocol)}\n"]
    )
    head = HEADER.search(text)
    if head is None:
        raise ValueError("the file has no 'review_date' to sign at")
    rest = HEADER.sub("", text)
    return rest[: head.start()] + mine + rest[head.start() :]
