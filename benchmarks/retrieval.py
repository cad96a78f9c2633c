"""What a search of the guidelines costs in process, the query's embedding apart, and how that grows with the passages.

Run as: python -m benchmarks.retrieval [SIZE ...]
Made-up passages with random vectors, the hardest for an index of neighbours, in Qdrant's engine as the product uses it:
both halves, filtered, fused, the best four. The last row is not measured but drawn on from the two largest sizes.
How well is found what is looked for: `previsit evaluate retrieval`.
"""

import asyncio
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from knowledge.approval import SHIPPED
from knowledge.chunking import Chunk
from knowledge.edge_index import EdgeIndex
from knowledge.embedding import OnnxEncoder, Vectors
from knowledge.index import Entry
from knowledge.starter import starter_guidelines
from policies.whom import Whom

SIZES = (1_000, 10_000, 100_000)
BEYOND = 1_000_000
SEARCHES, WARM = 300, 5
PASSAGES_A_DOCUMENT = 6
PROTOCOLS = 60
ONE, ALL = f"among those of one complaint of {PROTOCOLS}", "among all guidelines"
WHERE = (ONE, ALL)
HEAD = "".join(f"{name:>9}{'×':>7}" for name in ("p50 ms", "p99 ms", "CPU ms"))
AIM_AT, AIM_MS = 10_000, 15.0


class RandomEncoder:
    """Any vector for any text, at once; each is good enough."""

    name, size, floor = "random", OnnxEncoder.size, -1.0

    def __init__(self) -> None:
        self._random = np.random.default_rng(0)

    def encode(self, texts: Sequence[str]) -> Vectors:
        drawn = self._random.standard_normal((len(texts), self.size)).astype(np.float32)
        lengths: Vectors = np.linalg.norm(drawn, axis=1, keepdims=True)
        return drawn / lengths


class Cost(NamedTuple):
    """Milliseconds of a search, by the clock and of the processor, which others at work lengthen less; and seconds to
    put everything in."""

    p50: float
    p99: float
    cpu: float
    filling: float = 0.0


def made_up(passages: int, chance: random.Random) -> Iterator[Entry]:
    """Documents in the words of the starter guidelines, shuffled, each for one of the complaints."""
    written = [chunk for entry in starter_guidelines().entries for chunk in entry.chunks]
    words = [word for chunk in written for word in chunk.text.split()]
    for number in range(passages // PASSAGES_A_DOCUMENT + 1):
        count = min(PASSAGES_A_DOCUMENT, passages - number * PASSAGES_A_DOCUMENT)
        chunks = tuple(_chunk(written[0], number, place, chance.choices(words, k=80)) for place in range(count))
        if chunks:
            yield Entry(f"made-up-{number}", "made up", chunks, SHIPPED)


def _chunk(like: Chunk, number: int, place: int, words: Sequence[str]) -> Chunk:
    return like.model_copy(
        update={
            "id": f"made-up-{number}#{place}",
            "document": f"made-up-{number}",
            "text": " ".join(words),
            "protocols": (f"complaint_{number % PROTOCOLS}",),
        }
    )


async def measured(passages: int) -> dict[str, Cost]:
    """By where is looked."""
    chance = random.Random(passages)
    entries = list(made_up(passages, chance))
    words = [word for entry in entries[:50] for chunk in entry.chunks for word in chunk.text.split()]
    with TemporaryDirectory() as folder:
        index = EdgeIndex(Path(folder), RandomEncoder())
        began = time.perf_counter()
        await index.update(entries)
        filling = time.perf_counter() - began
        costs: dict[str, Cost] = {}
        for where in WHERE:
            protocols = [[f"complaint_{chance.randrange(PROTOCOLS)}"] if where == ONE else [] for _ in range(SEARCHES)]
            queries = [" ".join(chance.sample(words, 6)) for _ in range(SEARCHES)]
            await timed(index, queries[:WARM], protocols[:WARM])
            worked = time.process_time()
            taken = await timed(index, queries, protocols)
            cpu = 1000 * (time.process_time() - worked) / SEARCHES
            p50, p99 = (float(np.quantile(taken, share)) for share in (0.5, 0.99))
            costs[where] = Cost(p50, p99, cpu, filling)
        await index.close()
    return costs


async def timed(index: EdgeIndex, queries: Sequence[str], protocols: Sequence[Sequence[str]]) -> list[float]:
    taken: list[float] = []
    for query, where in zip(queries, protocols, strict=True):
        began = time.perf_counter()
        assert await index.search(query, where, whom=Whom(40, False))
        taken.append(1000 * (time.perf_counter() - began))
    return taken


def beyond(costs: dict[int, Cost], passages: int) -> Cost:
    """On along the power of the size by which the two largest differ."""
    (small, before), (large, after) = sorted(costs.items())[-2:]

    def drawn_on(low: float, high: float) -> float:
        power = max(0.0, log(high / low) / log(large / small))
        return float(high * (passages / large) ** power)

    return Cost(*(drawn_on(low, high) for low, high in zip(before[:3], after[:3], strict=True)))


def row(passages: int, cost: Cost, smallest: Cost, about: str) -> str:
    pairs = zip(cost[:3], smallest[:3], strict=True)
    return f"  {passages:>9,} " + "".join(f"{here:9.2f}{here / least:7.2f}" for here, least in pairs) + f"   {about}"


async def main() -> None:
    sizes = sorted(int(each) for each in sys.argv[1:]) or SIZES
    print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} before the start; one search at a time")
    found = {passages: await measured(passages) for passages in sizes}
    for where in WHERE:
        print(f"\nA search {where}\n  {'passages':>9} {HEAD}")
        costs = {passages: of[where] for passages, of in found.items()}
        for passages, cost in costs.items():
            print(row(passages, cost, costs[sizes[0]], f"put in in {cost.filling:.1f} s"))
        if len(costs) > 1 and sizes[-1] >= SIZES[-1]:
            print(row(BEYOND, beyond(costs, BEYOND), costs[sizes[0]], "drawn on, not measured"))
        if AIM_AT in costs:
            verdict = "reached" if costs[AIM_AT].p50 <= AIM_MS else "missed"
            print(f"  aim: p50 at most {AIM_MS:g} ms with {AIM_AT:,} passages: {verdict}")


if __name__ == "__main__":
    asyncio.run(main())
