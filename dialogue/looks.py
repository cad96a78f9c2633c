"""What was found out about conversations, for as long as these very conversations stay in memory.

Knows nothing about rules. A turn that finds nothing here looks from the start, and comes to the same.
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
    """By conversation, the very object: its next turn begins from what this one ended with."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[ref[Conversation], Seen]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, conversation: Conversation, seen: Seen) -> None:
        """Until the conversation is let go by everybody else."""
        number, kept = id(conversation), self._kept
        kept[number] = ref(conversation, lambda _: kept.pop(number, None)), seen

    def of(self, conversation: Conversation) -> Seen | None:
        found = self._kept.get(id(conversation))
        return found[1] if found else None
