"""The Lua scripts, each sent once to a server and then called by its digest. Knows nothing about what they do."""

from collections.abc import Sequence
from hashlib import sha1
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from storage.connection import answer

FOLDER = Path(__file__).with_name("lua")


class Script:
    """One script. All its keys carry the same hash tag."""

    def __init__(self, name: str) -> None:
        self._source = (FOLDER / f"{name}.lua").read_text("utf-8")
        self._digest = sha1(self._source.encode(), usedforsecurity=False).hexdigest()

    async def run(self, redis: Redis, keys: Sequence[str], *args: str | bytes | float) -> Any:
        """One round trip; two after the server was restarted."""
        return await answer(redis, self._run(redis, keys, args))

    async def _run(self, redis: Redis, keys: Sequence[str], args: Sequence[str | bytes | float]) -> Any:
        try:
            return await redis.evalsha(self._digest, len(keys), *keys, *args)
        except NoScriptError:
            return await redis.eval(self._source, len(keys), *keys, *args)
