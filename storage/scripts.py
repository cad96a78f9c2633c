"""The Lua scripts, each sent once to a server and then called by its digest. Knows nothing about what they do."""

from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha1
from pathlib import Path
from typing import Any

from redis.exceptions import NoScriptError

from storage.connection import Server, answer
from storage.pipeline import Pipeline, Word
from storage.pipelines import Pipelines

FOLDER = Path(__file__).with_name("lua")


class Script:
    """One script. All its keys carry the same hash tag."""

    def __init__(self, name: str) -> None:
        self._source = (FOLDER / f"{name}.lua").read_text("utf-8")
        self._digest = sha1(self._source.encode(), usedforsecurity=False).hexdigest()

    async def run(self, redis: Server, keys: Sequence[str], *args: Word) -> Any:
        """Runs the script in one round trip; two after the server was restarted."""
        return await answer(redis, self._run(redis.execute_command, keys, args))

    async def run_among_others(self, pipeline: Pipeline | Pipelines, keys: Sequence[str], *args: Word) -> Any:
        """The same, over the connection that all turns share."""
        return await self._run(pipeline.ask, keys, args)

    async def _run(self, ask: Callable[..., Awaitable[Any]], keys: Sequence[str], args: Sequence[Word]) -> Any:
        try:
            return await ask("EVALSHA", self._digest, len(keys), *keys, *args)
        except NoScriptError:
            return await ask("EVAL", self._source, len(keys), *keys, *args)
