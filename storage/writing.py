"""Conversations as JSON, for the price of what is new: facts, marks and log mostly grow at their end, and no
record changes.

What is as it is by default is left out, of the facts and of all but the log: it is much of the text, and a version of
previsit that lacks a new field can read the conversations that do not use it. So a default never changes its meaning.

Knows nothing about where the text goes.
"""

import re
import warnings
from collections.abc import Sequence
from operator import is_
from typing import NamedTuple

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError, SchemaSerializer

from dialogue.conversation import IN_JSON, Conversation, Entry, Mark
from policies.facts import Fact

ELSEWHERE = {"facts", "marks", "log", "schema_version"}
FACTS, MARKS = TypeAdapter(tuple[Fact, ...]).serializer, TypeAdapter(tuple[Mark, ...]).serializer
ENTRIES = TypeAdapter(tuple[Entry, ...]).serializer

MISTYPED = "Pydantic serializer warnings"
REFUSED = ("error", re.compile(MISTYPED, re.IGNORECASE), UserWarning, None, 0)
"""The filter that `filterwarnings` makes of it."""


class Written(NamedTuple):
    """A conversation in JSON: its facts, marks and log, with which the next version's mostly begin, and the rest."""

    conversation: Conversation
    facts: bytes
    marks: bytes
    log: bytes
    rest: bytes

    @property
    def text(self) -> bytes:
        """All of it, as the conversation's model reads it."""
        rest, version = self.rest[:-1], self.conversation.schema_version
        lists = self.facts, self.marks, self.log
        return b'%b,"schema_version":%d,"facts":[%b],"marks":[%b],"log":[%b]}' % (rest, version, *lists)


def write(conversation: Conversation, before: Written | None = None) -> Written:
    """`before` is any version of it; TypeError for a value of the wrong type, which is not quoted."""
    earlier, facts, marks, log, _ = before or Written(conversation, b"", b"", b"", b"")
    _refuse_wrong_types()
    try:
        return Written(
            conversation,
            _grown(FACTS, earlier.facts, facts, conversation.facts),
            _grown(MARKS, earlier.marks, marks, conversation.marks),
            _grown(ENTRIES, earlier.log, log, conversation.log),
            _rest(conversation),
        )
    except (PydanticSerializationError, UserWarning):
        raise TypeError(f"Conversation {conversation.id} holds a value of the wrong type.") from None


def _grown(serializer: SchemaSerializer, before: Sequence[object], text: bytes, now: Sequence[object]) -> bytes:
    """What was written is used again only for the very same records. Gives the inside of a JSON list."""
    kept = len(before)
    if not text or kept > len(now) or not all(map(is_, before, now)):
        return _list(serializer, now)
    return b",".join((text, _list(serializer, now[kept:]))) if kept < len(now) else text


def _list(serializer: SchemaSerializer, records: Sequence[object]) -> bytes:
    # An event's type is its default, and says which event it is.
    return serializer.to_json(records, exclude_defaults=serializer is not ENTRIES)[1:-1]


def _rest(conversation: Conversation) -> bytes:
    return IN_JSON.serializer.to_json(conversation, exclude=ELSEWHERE, exclude_defaults=True)


def _refuse_wrong_types() -> None:
    """From now on pydantic refuses a value of the wrong type, where it would warn of it and quote it.

    To say so in each call (`warnings="error"`) took as long as to write a fact, a mark and an entry.
    """
    if REFUSED not in warnings.filters[:1]:
        warnings.filterwarnings("error", MISTYPED, UserWarning)
