"""Stores the clinic's own ready-made replies, one text for each language. Knows nothing about the texts."""

from collections.abc import Mapping
from typing import Any

from storage.connection import Server, answer
from storage.keys import REPLIES
from storage.pipelines import Shared, pipeline_to
from storage.scripts import Script

SWAP = Script("swap")


class ValkeyReplies:
    """Implements `OwnReplies`."""

    def __init__(self, redis: Server, pipeline: Shared | None = None) -> None:
        self._redis = redis
        self._pipeline = pipeline or pipeline_to(redis)

    async def all(self) -> Mapping[str, str]:
        found: Any = await answer(self._redis, self._redis.hgetall(REPLIES))
        return {language.decode(): text.decode() for language, text in found.items()}

    async def swap(self, language: str, before: str, after: str) -> bool:
        return bool(await SWAP.run_among_others(self._pipeline, [REPLIES], language, before, after))


class MemoryReplies:
    """The same in this process's memory."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    async def all(self) -> Mapping[str, str]:
        return dict(self._kept)

    async def swap(self, language: str, before: str, after: str) -> bool:
        if self._kept.get(language, "") != before:
            return False
        self._kept[language] = after
        return True
