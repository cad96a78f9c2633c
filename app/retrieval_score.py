"""How well rankings of documents answer judged questions. Knows no index and no encoder.

nDCG with exponential gain: K. Järvelin, J. Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20
(2002). Intervals: the percentile bootstrap over questions, paired where two ways are compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import NamedTuple

import numpy as np

from app.retrieval_corpora import Question
from app.scoring import CONFIDENCE, Share

DEPTH, FIRST = 10, 5
"""Of nDCG, and of recall."""

RESAMPLES = 2000

WORDS, DENSE, HYBRID, PLAIN = "BM25 alone", "dense alone", "hybrid", "plain chunks"
"""The ways of searching: the product is the third; the last is the source material's: 500 characters, no heading."""


class Answered(NamedTuple):
    """The rankings of documents by way of searching, best first, and the documents that an assessment would show."""

    question: Question
    rankings: Mapping[str, Sequence[str]]
    shown: Sequence[str]


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over questions. Over none it has no value and the widest interval."""

    values: tuple[float, ...]

    @property
    def value(self) -> float | None:
        return sum(self.values) / len(self.values) if self.values else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval, by resampling with a fixed seed: the same values always give the same interval."""
        if not self.values:
            return 0.0, 1.0
        drawn = np.random.default_rng(0).choice(np.array(self.values), (RESAMPLES, len(self.values)))
        tail = (1 - CONFIDENCE) / 2
        low, high = np.quantile(drawn.mean(axis=1), (tail, 1 - tail))
        return float(low), float(high)

    @property
    def short(self) -> str:
        return "–" if self.value is None else f"{self.value:.3f}"

    def __str__(self) -> str:
        return f"{self}"

    def __format__(self, sign: str) -> str:
        """`+` for a difference."""
        if self.value is None:
            return "none to count"
        low, high = self.interval
        return f"{self.value:{sign}.3f} ({low:{sign}.3f} to {high:{sign}.3f})"


def ndcg(ranking: Sequence[str], gains: Mapping[str, int], depth: int = DEPTH) -> float:
    """The nDCG of the first `depth` places: 1 if they are the best documents in the best order."""
    ideal = _gained(sorted(gains.values(), reverse=True)[:depth])
    return _gained([gains.get(name, 0) for name in ranking[:depth]]) / ideal if ideal else 0.0


def _gained(gains: Sequence[int]) -> float:
    return sum((2.0**gain - 1) / log2(place + 1) for place, gain in enumerate(gains, start=1))


def recall(ranking: Sequence[str], gains: Mapping[str, int], depth: int = FIRST) -> float:
    """The share of right documents among the first `depth`, of as many as fit there."""
    right = rightest(gains)
    return len(right & set(ranking[:depth])) / min(len(right), depth) if right else 0.0


def reciprocal_rank(ranking: Sequence[str], gains: Mapping[str, int]) -> float:
    """1 for a right document at the first place, 1/2 at the second, 0 for none."""
    right = rightest(gains)
    return next((1 / place for place, name in enumerate(ranking, start=1) if name in right), 0.0)


def rightest(gains: Mapping[str, int]) -> set[str]:
    """The documents of the highest gain: they answer the question itself, not only its topic."""
    return {name for name, gain in gains.items() if gain == max(gains.values())}


MEASURES = {f"nDCG@{DEPTH}": ndcg, f"recall@{FIRST}": recall, "MRR": reciprocal_rank}


def values(answered: Sequence[Answered], measure: str, way: str) -> tuple[float, ...]:
    """The measure for each question that has an answer."""
    score = MEASURES[measure]
    return tuple(score(one.rankings[way], one.question.gains) for one in answerable(answered))


def differences(answered: Sequence[Answered], measure: str, way: str, other: str) -> Mean:
    """By how much one way is better than another, for each question."""
    pairs = zip(values(answered, measure, way), values(answered, measure, other), strict=True)
    return Mean(tuple(one - two for one, two in pairs))


def ways(answered: Sequence[Answered]) -> list[str]:
    return list(answered[0].rankings) if answered else []


def answerable(answered: Sequence[Answered]) -> list[Answered]:
    return [one for one in answered if one.question.gains]


def shares(answered: Sequence[Answered]) -> dict[str, Share]:
    """What an assessment would show, its threshold included: something right, or nothing if nothing is right."""
    foreign, meant = [one for one in answered if not one.question.gains], answerable(answered)
    right = [one for one in meant if rightest(one.question.gains) & set(one.shown)]
    return {
        "out of scope: nothing shown": Share(sum(not one.shown for one in foreign), len(foreign)),
        "in scope: something shown": Share(sum(bool(one.shown) for one in meant), len(meant)),
        "in scope: a right one shown": Share(len(right), len(meant)),
    }
