"""A cache of recent conversations, decrypted. Knows nothing about encryption or Redis.

Decrypting and parsing a version costs as much as everything else in a turn. A version that this process has just
written or read is used again, but only if the store still holds the same one: a load checks that by its digest, and so
does a commit.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from dialogue.conversation import Conversation
from storage.writing import Written


class _Kept(NamedTuple):
    digest: bytes
    conversation: Conversation
    written: Written | None
    size: int
    until: float


class Recent:
    """Conversations of at most `most` bytes of JSON together, each for `seconds` after its last use; a timer removes
    them even if nothing happens.

    A conversation takes three and a half times its JSON: finished, 50 KB, and all of them at most 60 MB.
    """

    def __init__(
        self, most: int = 16 * 1024 * 1024, seconds: float = 120.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._size = 0
        self._sweeping: asyncio.TimerHandle | None = None

    def get(self, conversation_id: str, digest: bytes) -> Conversation | None:
        """The version with this digest. Any other version of the conversation is outdated and dropped."""
        found = self._take(conversation_id)
        if found is None or found.digest != digest:
            return None
        self.put(digest, found.conversation, found.size, found.written)
        return found.conversation

    def at_hand(self, conversation_id: str) -> Conversation | None:
        """Whatever version is in the cache. The store may hold another one."""
        found = self._kept.get(conversation_id)
        return found.conversation if found else None

    def digest_before(self, conversation: Conversation) -> bytes:
        """The digest of the version that this one was made from; empty if that is no longer in the cache."""
        found = self._kept.get(conversation.id)
        if found is None or not found.conversation.log or len(conversation.log) < 2:
            return b""
        same = found.conversation.version == conversation.version - 1
        return found.digest if same and found.conversation.log[-1] is conversation.log[-2] else b""

    def put(self, digest: bytes, conversation: Conversation, size: int, written: Written | None = None) -> None:
        """`size` is the length of its JSON."""
        self._take(conversation.id)
        self._kept[conversation.id] = _Kept(digest, conversation, written, size, self._clock() + self._seconds)
        self._size += size
        self._sweep()

    def written(self, conversation_id: str) -> Written | None:
        """The JSON of some version of the conversation that this process wrote."""
        found = self._kept.get(conversation_id)
        return found.written if found else None

    def drop(self, conversation_id: str) -> None:
        self._take(conversation_id)
        self._sweep()

    def _take(self, conversation_id: str) -> _Kept | None:
        found = self._kept.pop(conversation_id, None)
        self._size -= found.size if found else 0
        return found

    def _sweep(self) -> None:
        now = self._clock()
        while self._kept and (self._size > self._most or next(iter(self._kept.values())).until <= now):
            self._take(next(iter(self._kept)))
        if self._kept and self._sweeping is None:
            wait = next(iter(self._kept.values())).until - now
            self._sweeping = asyncio.get_running_loop().call_later(wait, self._sweep_again)

    def _sweep_again(self) -> None:
        self._sweeping = None
        self._sweep()
