"""Caches what was found out about conversations, for as long as their objects are in memory.

A turn that finds nothing here computes it again, with the same result. Knows nothing about rules.
"""

from typing import NamedTuple
from weakref import ref

from dialogue.conversation import Conversation
from dialogue.judging import Look


class Seen(NamedTuple):
    """What the rules made of a conversation, and the keys of all messages in it."""

    look: Look
    keys: frozenset[str]


class Looks:
    """The cache, by the identity of the conversation object."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[ref[Conversation], Seen]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, conversation: Conversation, seen: Seen) -> None:
        """Keeps it until nobody else refers to the conversation."""
        number, kept = id(conversation), self._kept
        kept[number] = ref(conversation, lambda _: kept.pop(number, None)), seen

    def of(self, conversation: Conversation) -> Seen | None:
        found = self._kept.get(id(conversation))
        return found[1] if found else None
