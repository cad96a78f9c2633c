"""Caches the judgements of conversations, for as long as their objects are in memory.

A turn that finds nothing here computes it again, with the same result. Knows nothing about rules.
"""

from typing import NamedTuple
from weakref import ref

from dialogue.conversation import Conversation
from dialogue.judging import Judgement


class Cached(NamedTuple):
    """What the rules made of a conversation, and the keys of all messages in it."""

    judgement: Judgement
    keys: frozenset[str]


class JudgementCache:
    """The cache, by the identity of the conversation object."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[ref[Conversation], Cached]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, conversation: Conversation, cached: Cached) -> None:
        """Keeps it until nobody else refers to the conversation."""
        number, kept = id(conversation), self._kept
        kept[number] = ref(conversation, lambda _: kept.pop(number, None)), cached

    def of(self, conversation: Conversation) -> Cached | None:
        found = self._kept.get(id(conversation))
        return found[1] if found else None
