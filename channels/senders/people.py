"""People who are paged one by one, and the tickets with which they acknowledge in their own name.

A ticket is the signed part of a link: it names the case, the person and when it expires.
"""

import base64
import hmac
from typing import NamedTuple
from urllib.parse import quote, unquote

_PURPOSE = b"previsit acknowledgement 1\x00"
_BYTES = 18


class Person(NamedTuple):
    """`address` is a mail address or a telephone number in E.164."""

    name: str
    address: str


class Ticket(NamedTuple):
    """Lets one person, by name, acknowledge the page of one conversation, by id."""

    conversation: str
    person: str


def read_people(text: str) -> tuple[Person, ...]:
    """ "Kim Lee=+15551234567, Ana Ruiz=+15557654321"; ValueError for one without a name or an address."""
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, address = (piece.strip() for piece in part.partition("="))
        if not name or not address:
            raise ValueError("each is written as Name=address, with commas between")
        found.append(Person(name, address))
    return tuple(found)


class Tickets:
    """`secret` signs the tickets, which are valid for so many `hours`."""

    def __init__(self, secret: bytes, public_url: str, hours: float = 12.0) -> None:
        self._secret = secret
        self._public_url = public_url
        self._seconds = hours * 3600

    def link(self, conversation: str, person: str, now: float) -> str:
        body = f"{conversation}.{int(now + self._seconds)}.{quote(person, safe='')}"
        return f"{self._public_url}/page?{body}.{self._sign(body)}"

    def read(self, ticket: str, now: float) -> Ticket | None:
        """What a ticket says; None for one that is forged or has expired."""
        body, _, signature = ticket.rpartition(".")
        if not hmac.compare_digest(self._sign(body).encode(), signature.encode("utf-8", "replace")):
            return None
        conversation, until, person = body.split(".", 2)
        return Ticket(conversation, unquote(person)) if float(until) >= now else None

    def _sign(self, body: str) -> str:
        digest = hmac.digest(self._secret, _PURPOSE + body.encode("utf-8", "replace"), "sha256")
        return base64.urlsafe_b64encode(digest[:_BYTES]).decode()
