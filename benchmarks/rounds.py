"""Loads servers in turn, round after round, and keeps the best of each figure. Knows nothing of what they serve."""

from collections.abc import Sequence
from dataclasses import dataclass, field

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
class Best:
    """The best of the rounds for each figure. Times in milliseconds, CPU in microseconds a turn."""

    rounds: list[Measured] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return max(each.rate for each in self.rounds)

    @property
    def p50(self) -> float:
        return min(each.load.p50 for each in self.rounds)

    @property
    def p99(self) -> float:
        return min(each.load.p99 for each in self.rounds)

    @property
    def server_cpu(self) -> float:
        return min(each.server_cpu for each in self.rounds)

    @property
    def store_cpu(self) -> float:
        return min(each.store_cpu for each in self.rounds)

    @property
    def round_trips(self) -> float:
        return min(each.round_trips for each in self.rounds)


async def race(entrants: Sequence[Entrant], rounds: int, redis: Redis) -> list[Best]:
    """One Best for each entrant. In each round everybody runs once, so that a busy machine disturbs all alike."""
    best = [Best() for _ in entrants]
    for _ in range(rounds):
        for entrant, kept in zip(entrants, best, strict=True):
            kept.rounds.append(await measure(entrant.server, entrant.plan, redis))
    return best


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
