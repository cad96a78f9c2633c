"""What the store costs: CPU of a turn's load and commit beside a bare GET and SET of 4 KB, and bytes per conversation.

Run as: python -m benchmarks.store

Both rows run in this process, against the same embedded Valkey that writes each commit to disk before it answers.
CPU is that of this process (the server's is not in it), the best of five rounds.
"""

import asyncio
import os
import secrets
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import uvloop
from redis.asyncio import Redis

from benchmarks.sample_conversation import finished, versions
from dialogue.conversation import IN_JSON, Conversation
from dialogue.duties import Duty
from storage.connection import connect
from storage.conversations import ValkeyConversations
from storage.embedded import embedded_valkey
from storage.keys import shard_of
from storage.sealing import Sealer

ROUNDS = 5
CONVERSATIONS = 96  # a round; each of 18 turns
FLIGHTS = (1, 16)

Turn = Callable[[], Awaitable[object]]
Written = Sequence[tuple[Conversation, Sequence[Duty]]]


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with embedded_valkey(Path(folder)) as url:
            await compare(url)
            await sizes(url)
    sealing()


async def compare(url: str) -> None:
    """Measures both in alternate rounds, so that a busy machine disturbs both alike."""
    floor, ours = Redis.from_url(url), await connect(url)
    store = ValkeyConversations(ours, secrets.token_bytes(32))
    sample = list(versions("sample"))
    print(f"{'':<36}{'in flight':>10}{'CPU us/turn':>13}{'turns/s':>10}{'p50 ms':>9}{'p99 ms':>9}")
    for flight in FLIGHTS:
        rows: dict[str, list[Row]] = {"GET + SET 4 KB, redis.asyncio": [], "load + commit, sealed, with a duty": []}
        for _ in range(ROUNDS):
            for name, work in zip(rows, (bare(floor, len(sample)), turns(store, sample)), strict=True):
                rows[name].append(await run(work, flight))
        for name, rounds in rows.items():
            cpu, rate, p50, p99 = min(rounds)
            print(f"{name:<36}{flight:>10}{cpu:>13.0f}{rate:>10.0f}{p50:>9.2f}{p99:>9.2f}")
        base, full = (min(rounds)[0] for rounds in rows.values())
        print(f"{'beyond the floor':<36}{flight:>10}{full - base:>13.0f}  ({full / base:.2f}x)")
    await floor.aclose()
    await ours.aclose()


Row = tuple[float, float, float, float]


async def run(conversations: Sequence[Sequence[Turn]], flight: int) -> Row:
    """CPU microseconds a turn, turns a second, and the median and 99th percentile of a turn in milliseconds."""
    queue = list(conversations)
    taken: list[float] = []

    async def work() -> None:
        while queue:
            for turn in queue.pop():
                start = time.perf_counter()
                await turn()
                taken.append(time.perf_counter() - start)

    cpu, wall = time.process_time(), time.perf_counter()
    await asyncio.gather(*(work() for _ in range(flight)))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    taken.sort()
    p50, p99 = taken[len(taken) // 2], taken[len(taken) * 99 // 100]
    return cpu / len(taken) * 1e6, len(taken) / wall, p50 * 1e3, p99 * 1e3


def bare(redis: Redis, length: int) -> list[list[Turn]]:
    blob = os.urandom(4096)

    def turn(key: str) -> Turn:
        async def get_and_set() -> None:
            await redis.get(key)
            await redis.set(key, blob)

        return get_and_set

    return [[turn(f"floor:{number}")] * length for number in range(CONVERSATIONS)]


def turns(store: ValkeyConversations, sample: Written) -> list[list[Turn]]:
    """New conversations, each through all its versions."""

    def turn(conversation: Conversation, duties: Sequence[Duty]) -> Turn:
        async def load_and_commit() -> None:
            await store.load(conversation.id)
            await store.commit(conversation, duties)

        return load_and_commit

    def renamed(written: Written) -> list[Turn]:
        new = {"conversation": secrets.token_urlsafe(16)}
        return [
            turn(
                conversation.model_copy(update={"id": new["conversation"]}), [d.model_copy(update=new) for d in duties]
            )
            for conversation, duties in written
        ]

    return [renamed(sample) for _ in range(CONVERSATIONS)]


async def sizes(url: str) -> None:
    redis = await connect(url)
    store = ValkeyConversations(redis, secrets.token_bytes(32))
    name = secrets.token_urlsafe(16)
    for conversation, duties in versions(name):
        await store.commit(conversation, duties)
    key = shard_of(name).conversation(name)
    fields = await redis.hgetall(key)
    kept = sum(len(field) + len(value) for field, value in fields.items())
    print(
        f"a finished conversation of {finished(name).version} entries: {len(IN_JSON.dump_json(finished(name)))} bytes"
    )
    print(f"of JSON, {kept} bytes kept in one key ({await redis.memory_usage(key, samples=0)} with Valkey's own)")
    await redis.aclose()


def sealing() -> None:
    """The cost of sealing alone, for the finished conversation and for one half-way."""
    sealer = Sealer(secrets.token_bytes(32))
    everything = [conversation for conversation, _ in versions("sample")]
    for label, conversation in (("half-way", everything[8]), ("finished", everything[-1])):
        text = IN_JSON.dump_json(conversation)
        sealed = sealer.seal(text, "x")
        print(
            f"{label}: dump {cost(IN_JSON.dump_json, conversation):.0f}, seal {cost(sealer.seal, text, 'x'):.0f}, "
            f"open {cost(sealer.open, sealed.key, sealed.value, 'x'):.0f}, "
            f"validate {cost(IN_JSON.validate_json, text):.0f} us"
        )


def cost(work: Callable[..., object], *args: object) -> float:
    """CPU microseconds of one call, the best of five rounds of 300."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(300):
            work(*args)
        rounds.append((time.process_time() - start) / 300 * 1e6)
    return min(rounds)


if __name__ == "__main__":
    uvloop.run(main())
