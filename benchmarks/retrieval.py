"""What a search of the guidelines costs in process, the query's embedding apart, and how that grows with the passages.

Run as: python -m benchmarks.retrieval [SIZE ...] [--folder FOLDER]
Made-up passages in the words of the starter guidelines, with vectors scattered around theirs, in Qdrant's engine as
the product uses it: both halves, filtered, fused, the best four. `exact` is the share of the truly nearest by vector
that the dense half finds: all, until a graph of neighbours takes over from comparing one by one. A million is measured
when it is asked for, which takes gigabytes and half an hour, and otherwise drawn on from the two largest sizes. With
a folder, what was built is kept there, and a run that was cut off goes on with the next size. How well is found what is
looked for: `previsit evaluate retrieval`.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator

from knowledge import edge_shard, known_vectors
from knowledge.approval import SHIPPED
from knowledge.edge_index import SHARD, EdgeIndex, fill
from knowledge.embedding import OnnxEncoder, Vectors
from knowledge.generations import Generations
from knowledge.index import DENSE, Entry, Row, Scope, payloads
from knowledge.starter import starter_guidelines
from policies.demographics import Demographics

SIZES = (1_000, 10_000, 30_000, 100_000)
BEYOND = 1_000_000
SEARCHES, WARM, CHECKED = 300, 5, 50
WORDS_A_PASSAGE, PASSAGES_A_DOCUMENT, AT_ONCE = 80, 6, 1_000
PROTOCOLS = 60
PATIENT = Demographics(40, False)
SCATTER = 0.7
"""How far from a real vector, whose length is 1: passages around the same one have a cosine of about 0.67."""

ONE, ALL = f"one complaint of {PROTOCOLS}", "all guidelines"
HEAD = f"  {'passages':>9}  {'among':21}" + "".join(
    f"{name:>9}{'×':>7}" for name in ("p50 ms", "p99 ms", "CPU p50", "CPU p99")
)
AIM_AT, AIM_MS = 10_000, 15.0


class ScatteredEncoder:
    """Gives any text, at once, a vector near that of some real passage; every one is good enough to be found."""

    name, size, floor = "scattered", OnnxEncoder.size, -1.0

    def __init__(self) -> None:
        self._chance = np.random.default_rng(0)
        with np.load(known_vectors.FILE, allow_pickle=False) as kept:
            self._real = _of_length_one(kept["vectors"].astype(np.float32))

    def encode(self, texts: Sequence[str]) -> Vectors:
        aside = _of_length_one(self._chance.standard_normal((len(texts), self.size), np.float32))
        return _of_length_one(self._real[self._chance.integers(len(self._real), size=len(texts))] + SCATTER * aside)


class Cost(NamedTuple):
    """Milliseconds of a search by the clock and of the processor, which a busy machine changes less."""

    p50: float
    p99: float
    cpu_p50: float
    cpu_p99: float


class Words:
    """The words of the starter guidelines by frequency, and payloads made of them."""

    def __init__(self, seed: int) -> None:
        written = [chunk for entry in starter_guidelines().entries for chunk in entry.chunks]
        self._words = np.array([word for chunk in written for word in chunk.text.split()])
        self._like = payloads(Entry("made-up", "made up", (written[0],), SHIPPED))[0]
        self._chance = np.random.default_rng(seed)

    def some(self, texts: int, length: int) -> list[str]:
        return [" ".join(row) for row in self._chance.choice(self._words, (texts, length))]

    def payload(self, number: int, text: str) -> dict[str, Any]:
        """Of a passage in a document for one of the complaints."""
        document, place = divmod(number, PASSAGES_A_DOCUMENT)
        name, protocols = f"made-up-{document}", [f"complaint_{document % PROTOCOLS}"]
        own = {"id": f"{name}#{place}", "document": name, "text": text, "protocols": protocols}
        chunk = {**self._like["chunk"], **own}
        return {**self._like, "document": name, "digest": name, "place": place, "protocols": protocols, "chunk": chunk}


def made_up(words: Words, vectors: Vectors) -> Iterator[Row]:
    for start in range(0, len(vectors), AT_ONCE):
        part = vectors[start : start + AT_ONCE]
        told(f"{len(vectors):,} passages: {start:,} put in")
        for place, (vector, text) in enumerate(zip(part, words.some(len(part), WORDS_A_PASSAGE), strict=True)):
            yield Row(vector.tolist(), words.payload(start + place, text))
    told(f"{len(vectors):,} passages: all put in, the engine makes its index")


async def measured(passages: int, keep: Path | None) -> tuple[dict[str, Cost], str]:
    """The costs by where is searched, and remarks on building the index."""
    words, encoder, chance = Words(passages), ScatteredEncoder(), np.random.default_rng(passages)
    vectors = vectors_of(encoder, passages)
    with nullcontext(keep / str(passages)) if keep else TemporaryDirectory() as folder:
        built = build(Generations(Path(folder)), words, encoder, vectors)
        told(f"{passages:,} passages: searching")
        index = EdgeIndex(Path(folder), encoder)
        costs = {where: await cost(index, words, where, chance) for where in (ONE, ALL)}
        await index.close()
        generation = Generations(Path(folder)).current()
        assert generation
        return costs, f"{built}, exact {exact(generation, vectors, encoder):.1%}"


def vectors_of(encoder: ScatteredEncoder, passages: int) -> Vectors:
    """A few at a time: a million would need several times their own memory."""
    vectors = np.empty((passages, encoder.size), np.float32)
    for start in range(0, passages, AT_ONCE):
        part = vectors[start : start + AT_ONCE]
        part[:] = encoder.encode([""] * len(part))
    return vectors


def build(generations: Generations, words: Words, encoder: ScatteredEncoder, vectors: Vectors) -> str:
    if generations.current():
        return "built before"
    began, worked = time.perf_counter(), time.process_time()
    with generations.writing() as generation:
        fill(generation, encoder, made_up(words, vectors))
    return f"built in {time.perf_counter() - began:.1f} s, CPU {time.process_time() - worked:.1f} s"


async def cost(index: EdgeIndex, words: Words, where: str, chance: Generator) -> Cost:
    queries = words.some(WARM + SEARCHES, 6)
    protocols = [[f"complaint_{chance.integers(PROTOCOLS)}"] if where == ONE else [] for _ in queries]
    await timed(index, queries[:WARM], protocols[:WARM])
    taken = await timed(index, queries[WARM:], protocols[WARM:])
    (p50, cpu_p50), (p99, cpu_p99) = np.quantile(taken, (0.5, 0.99), axis=0).tolist()
    return Cost(p50, p99, cpu_p50, cpu_p99)


async def timed(
    index: EdgeIndex, queries: Sequence[str], protocols: Sequence[Sequence[str]]
) -> list[tuple[float, float]]:
    """Milliseconds of each search by the clock and of the processor."""
    taken: list[tuple[float, float]] = []
    for query, where in zip(queries, protocols, strict=True):
        began, worked = time.perf_counter(), time.process_time()
        assert await index.search(query, where, patient=PATIENT)
        taken.append((1000 * (time.perf_counter() - began), 1000 * (time.process_time() - worked)))
    return taken


def exact(generation: Path, vectors: Vectors, encoder: ScatteredEncoder) -> float:
    shard, scope = edge_shard.load(generation / SHARD), Scope(patient=PATIENT, half=DENSE)
    found = nearest = 0
    for asked in encoder.encode([""] * CHECKED):
        rows = edge_shard.nearest(shard, "", asked, scope)
        least = np.sort(vectors @ asked)[-len(rows)] - 1e-5
        found += sum(float(np.dot(row.vector, asked)) >= least for row in rows)
        nearest += len(rows)
    return found / nearest


def beyond(costs: dict[int, Cost], passages: int) -> Cost:
    """The costs for more passages, extrapolated by the power law through the two largest sizes."""
    (small, before), (large, after) = sorted(costs.items())[-2:]

    def drawn_on(low: float, high: float) -> float:
        power = max(0.0, log(high / low) / log(large / small))
        return float(high * (passages / large) ** power)

    return Cost(*map(drawn_on, before, after))


def row(passages: int, where: str, cost: Cost, smallest: Cost, about: str) -> str:
    figures = "".join(f"{here:9.2f}{here / least:7.2f}" for here, least in zip(cost, smallest, strict=True))
    return f"  {passages:>9,}  {where:21}{figures}   {about}"


def told(doing: str) -> None:
    """On a terminal only: a log needs no counter."""
    if sys.stderr.isatty():
        print(f"\r{doing:78}", end="\r", file=sys.stderr, flush=True)


def _of_length_one(vectors: Vectors) -> Vectors:
    lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / lengths


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What a search of the guidelines costs in process.")
    parser.add_argument("sizes", type=int, nargs="*", metavar="SIZE", help="how many passages; several if you like")
    parser.add_argument("--folder", type=Path, help="keep what was built here, and go on from it")
    return parser.parse_args()


async def main() -> None:
    options = arguments()
    sizes = sorted(options.sizes) or SIZES
    print(
        f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f} before the start; one search at a time\n{HEAD}"
    )
    found: dict[str, dict[int, Cost]] = {ONE: {}, ALL: {}}
    for passages in sizes:
        costs, about = await measured(passages, options.folder)
        for where, of in found.items():
            of[passages] = costs[where]
            print(row(passages, where, of[passages], of[sizes[0]], about), flush=True)
    for where, of in found.items():
        if len(of) > 1 and SIZES[-1] <= sizes[-1] < BEYOND:
            print(row(BEYOND, where, beyond(of, BEYOND), of[sizes[0]], "drawn on, not measured"))
        if AIM_AT in of:
            verdict = "reached" if of[AIM_AT].p50 <= AIM_MS else "missed"
            print(f"  aim among {where}: p50 at most {AIM_MS:g} ms with {AIM_AT:,} passages: {verdict}")


if __name__ == "__main__":
    asyncio.run(main())
