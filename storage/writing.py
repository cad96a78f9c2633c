"""Conversations as JSON, for the price of what is new: facts and log mostly grow at their end, and no record changes.

Knows nothing about where the text goes.
"""

from collections.abc import Sequence
from operator import is_
from typing import NamedTuple

from pydantic_core import PydanticSerializationError

from dialogue.conversation import Conversation
from policies.facts import Record

GROWING = {"facts", "log"}


class Written(NamedTuple):
    """A conversation in JSON: its facts and its log, which the next version's most often begin with, and the rest."""

    conversation: Conversation
    facts: bytes
    log: bytes
    rest: bytes

    @property
    def text(self) -> bytes:
        """All of it, as the conversation's model reads it."""
        return b'%b,"facts":[%b],"log":[%b]}' % (self.rest[:-1], self.facts, self.log)


def write(conversation: Conversation, before: Written | None = None) -> Written:
    """`before` is any version of it; TypeError for a value of the wrong type, which is not quoted."""
    earlier, facts, log = (before.conversation, before.facts, before.log) if before else (conversation, b"", b"")
    try:
        return Written(
            conversation,
            _grown(earlier.facts, facts, conversation.facts),
            _grown(earlier.log, log, conversation.log),
            _json(conversation, exclude=GROWING),
        )
    except PydanticSerializationError:
        raise TypeError(f"Conversation {conversation.id} holds a value of the wrong type.") from None


def _grown(before: Sequence[Record], text: bytes, now: Sequence[Record]) -> bytes:
    """What was written is used again only for the very same records."""
    kept = len(before)
    if not text or kept > len(now) or not all(map(is_, before, now)):
        return _list(now)
    return b",".join((text, _list(now[kept:]))) if kept < len(now) else text


def _list(records: Sequence[Record]) -> bytes:
    return b",".join([_json(record) for record in records])


def _json(record: Record, exclude: set[str] | None = None) -> bytes:
    """Refuses a value of the wrong type here, where pydantic would warn of it and quote it."""
    return record.__pydantic_serializer__.to_json(record, exclude=exclude, warnings="error")
