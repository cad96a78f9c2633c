"""The clinic's own replies, a text for each language; of two who change it at once one is told."""

import pytest
from redis.asyncio import Redis

from storage.replies import MemoryReplies, ValkeyReplies

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("kind", ["memory", "valkey"])
async def test_a_text_is_kept_for_each_language(kind: str, redis: Redis) -> None:
    kept = MemoryReplies() if kind == "memory" else ValkeyReplies(redis)
    assert await kept.all() == {}
    assert await kept.swap("en", "", "one")
    assert await kept.swap("es", "", "uno")
    assert not await kept.swap("en", "", "two"), "somebody else was first"
    assert await kept.swap("en", "one", "two")
    assert await kept.all() == {"en": "two", "es": "uno"}
