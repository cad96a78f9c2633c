"""Cases of conversations for the console's lists: each is made once for as long as its conversation is in memory.

A list shows the same fifty cases again and again, and making them was most of its cost. Knows nothing about pages.
"""

from typing import NamedTuple
from weakref import ref

from dialogue.case import case_of
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation
from policies.case import Case


class _Kept(NamedTuple):
    made_of: "ref[Conversation]"
    case: Case


class Cases:
    """Keeps no conversation alive: a case goes with the conversation that it was made of."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic
        self._kept: dict[str, _Kept] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def of(self, conversation: Conversation) -> Case:
        name, kept = conversation.id, self._kept
        found = kept.get(name)
        if found and found.made_of() is conversation:
            return found.case

        def forget(gone: "ref[Conversation]") -> None:
            if (last := kept.get(name)) and last.made_of is gone:
                del kept[name]

        made = kept[name] = _Kept(ref(conversation, forget), case_of(conversation, self._clinic))
        return made.case
