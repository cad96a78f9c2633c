"""The latest test of the ways to page, and whose turn the next one is. Implements `dialogue.paging_ports.WayTrials`."""

import math
from typing import Any

from dialogue.ports import Clock
from policies.way_trials import TrialRound
from storage.connection import Server, answer

LATEST = "previsit:way-trials"
TURN = "previsit:way-trials:turn"


class ValkeyWayTrials:
    def __init__(self, redis: Server) -> None:
        self._redis = redis

    async def begin(self, seconds: float) -> bool:
        taken = await answer(self._redis, self._redis.set(TURN, 1, nx=True, ex=max(1, math.floor(seconds))))
        return bool(taken)

    async def note(self, done: TrialRound) -> None:
        await answer(self._redis, self._redis.set(LATEST, done.model_dump_json()))

    async def latest(self) -> TrialRound | None:
        held: Any = await answer(self._redis, self._redis.get(LATEST))
        return TrialRound.model_validate_json(held) if held else None


class MemoryWayTrials:
    """The same in this process's memory."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._free_at = -math.inf
        self._latest: TrialRound | None = None

    async def begin(self, seconds: float) -> bool:
        if self._clock.now() < self._free_at:
            return False
        self._free_at = self._clock.now() + seconds
        return True

    async def note(self, done: TrialRound) -> None:
        self._latest = done

    async def latest(self) -> TrialRound | None:
        return self._latest
