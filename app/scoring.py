"""Shares with exact intervals. Knows nothing about what is counted.

Method: C. J. Clopper, E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the
binomial", Biometrika 26 (1934).
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, lgamma, log

CONFIDENCE = 0.95
STEPS = 60


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`. Of nothing it has no value and the widest interval."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """The Clopper–Pearson interval at 95 %."""
        tail = (1 - CONFIDENCE) / 2
        low = 0.0 if self.count == 0 else solve(lambda p: 1 - at_most(self.count - 1, self.of, p), tail)
        high = 1.0 if self.count == self.of else solve(lambda p: 1 - at_most(self.count, self.of, p), 1 - tail)
        return low, high

    @property
    def short(self) -> str:
        return "–" if self.value is None else f"{self.value:.1%}"

    def __str__(self) -> str:
        if self.value is None:
            return "none to count"
        low, high = self.interval
        return f"{self.value:6.1%}  ({self.count}/{self.of}; {low:.1%} to {high:.1%})"


def at_most(count: int, of: int, chance: float) -> float:
    """The probability of `count` or fewer among `of`."""
    if chance <= 0:
        return 1.0
    if chance >= 1:
        return float(count >= of)
    return min(1.0, sum(exp(log_binomial(k, of, chance)) for k in range(count + 1)))


def log_binomial(k: int, of: int, chance: float) -> float:
    ways = lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1)
    return ways + k * log(chance) + (of - k) * log(1 - chance)


def solve(rising: Callable[[float], float], wanted: float) -> float:
    """Where a rising function of a chance reaches `wanted`."""
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return (low + high) / 2
