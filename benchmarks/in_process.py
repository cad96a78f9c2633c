"""A turn without HTTP, one at a time: the engine on a store in memory, on the real store, and the floor's two commands.

Knows nothing about servers or load.
"""

import os
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from redis.asyncio import Redis

from benchmarks.patient import Turn
from dialogue.engine import Engine

Step = Callable[[], Awaitable[object]]


class Timed(NamedTuple):
    """The cost of one turn: milliseconds, and CPU microseconds of this process."""

    p50: float
    p99: float
    cpu: float


async def timed(conversations: int, begin: Callable[[], Awaitable[Sequence[Step]]]) -> Timed:
    """Plays conversations. `begin` opens one and yields its turns; only the turns are timed."""
    taken: list[float] = []
    cpu = 0.0
    for _ in range(conversations):
        steps = await begin()
        cpu -= time.process_time()
        for step in steps:
            began = time.perf_counter()
            await step()
            taken.append(time.perf_counter() - began)
        cpu += time.process_time()
    taken.sort()
    p50, p99 = (taken[int(len(taken) * share)] * 1000 for share in (0.50, 0.99))
    return Timed(p50, p99, cpu / len(taken) * 1e6)


def of_engine(engine: Engine, turns: Sequence[Turn]) -> Callable[[], Awaitable[Sequence[Step]]]:
    async def begin() -> Sequence[Step]:
        conversation = await engine.start()

        def step(number: int, turn: Turn) -> Step:
            return lambda: engine.say(conversation.id, key=f"message-{number}", text=turn.text, choices=turn.choices)

        return [step(number, turn) for number, turn in enumerate(turns)]

    return begin


def of_floor(redis: Redis, length: int) -> Callable[[], Awaitable[Sequence[Step]]]:
    blob = os.urandom(4096)

    async def begin() -> Sequence[Step]:
        key = "floor:" + secrets.token_urlsafe(16)

        async def step() -> None:
            await redis.get(key)
            await redis.set(key, blob)

        return [step] * length

    return begin
