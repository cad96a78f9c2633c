"""Confidence intervals of scores, by resampling the same cases (bootstrap). Knows nothing about what was scored."""

import random
from collections.abc import Sequence

DRAWS = 2000
INSIDE = 0.95


def interval(values: Sequence[float], seed: int = 1) -> tuple[float, float]:
    """The 95 % interval of the mean of the values."""
    return _inner([_mean(draw) for draw in _draws(values, seed)])


def share_interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of the mean of values from 0 to 1.

    If all are 0 or all are 1, resampling finds no spread; the exact (Clopper–Pearson) bound is given instead.
    """
    beyond: float = ((1 - INSIDE) / 2) ** (1 / max(len(values), 1))
    if all(value == 1 for value in values):
        return beyond, 1.0
    if all(value == 0 for value in values):
        return 0.0, 1 - beyond
    return interval(values)


def paired(one: Sequence[float], other: Sequence[float], seed: int = 1) -> tuple[float, float, float]:
    """The mean difference `other` - `one` on the same cases, and its 95 % interval."""
    differences = [after - before for before, after in zip(one, other, strict=True)]
    return (_mean(differences), *interval(differences, seed))


def _draws(values: Sequence[float], seed: int) -> list[list[float]]:
    luck = random.Random(seed)
    return [luck.choices(values, k=len(values)) for _ in range(DRAWS)] if values else [[]]


def _inner(means: list[float]) -> tuple[float, float]:
    ordered = sorted(means)
    edge = int(len(ordered) * (1 - INSIDE) / 2)
    return ordered[edge], ordered[-edge - 1]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
