"""Finds conversations by their code or id, from the names of keys alone. Slow: for the command line, not for a turn."""

from dialogue.engine import code_of
from storage.connection import Server, answer
from storage.keys import ALL_CONVERSATIONS, conversation_of


class Directory:
    def __init__(self, redis: Server) -> None:
        self._redis = redis

    async def named(self, code_or_id: str) -> list[str]:
        """The ids of the conversations with this code or id. Several may share a code by chance."""
        return sorted({each for each in await answer(self._redis, self._ids()) if code_or_id in (each, code_of(each))})

    async def _ids(self) -> list[str]:
        return [conversation_of(key) async for key in self._redis.scan_iter(match=ALL_CONVERSATIONS, count=1000)]
