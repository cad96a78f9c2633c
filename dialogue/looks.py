"""What the rules made of conversations, for as long as these very conversations stay in memory.

Knows nothing about rules. A turn that finds nothing here looks from the start, and comes to the same.
"""

from weakref import ref

from dialogue.conversation import Conversation
from dialogue.judging import Look


class Looks:
    """By conversation, the very object: its next turn begins from the look that this one ended with."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[ref[Conversation], Look]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, conversation: Conversation, look: Look) -> None:
        """Until the conversation is let go by everybody else."""
        number, kept = id(conversation), self._kept
        kept[number] = ref(conversation, lambda _: kept.pop(number, None)), look

    def of(self, conversation: Conversation) -> Look | None:
        found = self._kept.get(id(conversation))
        return found[1] if found else None
