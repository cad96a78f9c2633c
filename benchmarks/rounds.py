"""Loads servers in turn, round after round, and tells the median of each figure. Knows nothing of what they serve."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from redis.asyncio import Redis

from benchmarks.contenders import Contender
from benchmarks.load import Plan
from benchmarks.serving import Measured, Serving, measure


@dataclass(frozen=True)
class Entrant:
    """One row of the table: its name, its server, and how that is loaded."""

    name: str
    contender: Contender
    server: Serving
    plan: Plan


@dataclass
class Rounds:
    """All rounds of one row; each figure is their median. Times in milliseconds, CPU in microseconds a turn."""

    all: list[Measured] = field(default_factory=list)

    def median(self, figure: Callable[[Measured], float]) -> float:
        return median(map(figure, self.all))

    def times(self, others: "Rounds", figure: Callable[[Measured], float]) -> float:
        """How many times the figure of the others this one is: the median of what each round says of itself.

        A busy machine changes both figures of a round alike, and their ratio little.
        """
        return median(figure(own) / figure(other) for own, other in zip(self.all, others.all, strict=True))


async def race(entrants: Sequence[Entrant], rounds: int, redis: Redis) -> list[Rounds]:
    """The rounds of each entrant. In each everybody runs once, in the order of the entrants: those that are compared
    should be neighbours."""
    run = [Rounds() for _ in entrants]
    for _ in range(rounds):
        for entrant, row in zip(entrants, run, strict=True):
            row.all.append(await measure(entrant.server, entrant.plan, redis))
    return run


@dataclass(frozen=True)
class Kept:
    """What the store keeps of one conversation: its keys, the bytes in them, and the memory they take."""

    keys: int
    content: int
    memory: int


async def kept(redis: Redis, pattern: str, conversation_id: str) -> Kept:
    """`pattern` names its keys; `{}` stands for its id."""
    keys = [key async for key in redis.scan_iter(match=pattern.format(conversation_id), count=10_000)]
    content = sum([await _content(redis, key) for key in keys])
    memory = sum([await redis.memory_usage(key, samples=0) or 0 for key in keys])
    return Kept(len(keys), content, memory)


async def _content(redis: Redis, key: bytes) -> int:
    match await redis.type(key):
        case b"string":
            return int(await redis.strlen(key))
        case b"hash":
            return sum(len(name) + len(value) for name, value in (await redis.hgetall(key)).items())
        case b"zset":
            return sum(len(member) + 8 for member in await redis.zrange(key, 0, -1))
    raise ValueError(f"nobody has said how to count the bytes of {key!r}")
