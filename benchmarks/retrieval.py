"""How well, how fast, and above which score the starter guidelines are found, in each index.

Run as: python -m benchmarks.retrieval ASSETS_FOLDER
Without the encoder's files in that folder, hashed words are measured instead.
"""

import asyncio
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from qdrant_client import AsyncQdrantClient

from app.assets import pinned
from knowledge.edge_index import EdgeIndex
from knowledge.embedding import Encoder, encoder_at
from knowledge.index import GuidelineIndex
from knowledge.memory_index import MemoryIndex
from knowledge.server_index import ServerIndex
from knowledge.starter import ensure_starter, starter_guidelines

QUESTIONS = Path(__file__).parents[1] / "tests" / "knowledge" / "questions.yaml"

Question = dict[str, Any]


async def measure(name: str, index: GuidelineIndex, encoder: Encoder, questions: Sequence[Question]) -> None:
    started = time.perf_counter()
    summary = await ensure_starter(index)
    took = time.perf_counter() - started
    print(f"\n{name}: {summary.passages} passages put in in {took:.2f} s")
    for kind in ("lay", "facts"):
        asked = [question for question in questions if question["kind"] == kind]
        for scoped in (True, False):
            ranks = [await rank(index, question, scoped) for question in asked]
            where = "own protocol" if scoped else "all protocols"
            print(f"  {kind:5} {where:13} " + quality(ranks))
    print(f"  a search takes {await milliseconds(index, encoder, questions):.2f} ms, the encoder's part left out")


async def rank(index: GuidelineIndex, question: Question, scoped: bool) -> int:
    """The place of the first passage of a right document; 0 for none in ten."""
    protocols = [question["protocol"]] if scoped else []
    found = await index.search(question["query"], protocols, limit=10)
    documents = [passage.id.split("#")[0] for passage in found]
    return next((place for place, name in enumerate(documents, 1) if name in question["documents"]), 0)


def quality(ranks: Sequence[int]) -> str:
    first, three = (sum(0 < rank <= most for rank in ranks) for most in (1, 3))
    reciprocal = sum(1 / rank for rank in ranks if rank) / len(ranks)
    return f"hit@1 {first}/{len(ranks)}  hit@3 {three}/{len(ranks)}  MRR {reciprocal:.3f}"


async def milliseconds(index: GuidelineIndex, encoder: Encoder, questions: Sequence[Question]) -> float:
    started = time.perf_counter()
    for question in questions:
        await index.search(question["query"], [question["protocol"]])
    whole = time.perf_counter()
    for question in questions:
        encoder.encode([question["query"]])
    return (2 * whole - started - time.perf_counter()) / len(questions) * 1000


def separation(encoder: Encoder, cases: dict[str, Any]) -> None:
    """The best cosine that right and foreign queries reach: the floor should lie between."""
    chunks = [chunk for entry in starter_guidelines().entries for chunk in entry.chunks]
    vectors = encoder.encode([chunk.searchable for chunk in chunks])
    queries = [question["query"] for question in cases["questions"]] + cases["nothing"]
    best = (encoder.encode(queries) @ vectors.T).max(axis=1).tolist()
    right, foreign = sorted(best[: -len(cases["nothing"])]), sorted(best[-len(cases["nothing"]) :])
    print("\nbest cosine of right queries, lowest first:", " ".join(f"{score:.2f}" for score in right[:8]))
    print("best cosine of foreign queries, highest first:", " ".join(f"{score:.2f}" for score in foreign[::-1]))
    for floor in (encoder.floor - 0.05, encoder.floor, encoder.floor + 0.05):
        answered = sum(score >= floor for score in right)
        refused = sum(score < floor for score in foreign)
        print(f"floor {floor:.2f}: {answered}/{len(right)} answered, {refused}/{len(foreign)} refused")


async def main() -> None:
    paths = {name: asset.path(Path(sys.argv[1])) for name, asset in pinned().items()}
    warnings.filterwarnings("ignore", message="Payload indexes have no effect in the local Qdrant")
    cases = yaml.safe_load(QUESTIONS.read_text("utf-8"))
    encoder = encoder_at(paths["encoder"], paths["tokenizer"])
    print(f"encoder {encoder.name}")
    with TemporaryDirectory() as folder:
        indexes: dict[str, GuidelineIndex] = {
            "dense alone, in memory": MemoryIndex(encoder),
            "dense and words, Qdrant's engine in process": EdgeIndex(Path(folder), encoder),
            "dense and words, qdrant-client's local mode": ServerIndex(AsyncQdrantClient(":memory:"), encoder),
        }
        for name, index in indexes.items():
            await measure(name, index, encoder, cases["questions"])
            await index.close()
    separation(encoder, cases)


if __name__ == "__main__":
    asyncio.run(main())
