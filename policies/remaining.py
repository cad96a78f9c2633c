"""What it still takes for an expression to become true or false, once the known facts are put in.

Tells which findings are worth asking for. Knows nothing about facts or how an expression is evaluated.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple, TypeVar

T = TypeVar("T")

NOTHING: frozenset[str] = frozenset()


class NeedsParts(NamedTuple):
    """So many (`enough`) of `parts` must still come true; each of them can."""

    enough: int
    parts: tuple["Remaining", ...]


class NeedsFindings(NamedTuple):
    """So many (`enough`) of these findings must turn out present, or absent where the expression is to be false."""

    enough: int
    names: tuple[str, ...]


Remaining = bool | str | NeedsFindings | NeedsParts
"""What it still takes for an expression to have the wanted truth: True when it has it already, False when no answer can
give it, else the open finding or findings that decide. Decided parts are left out."""


def helpful(remaining: Remaining) -> frozenset[str]:
    """The open findings whose answer could still help to reach the wanted truth; empty once it is decided."""
    return frozenset(_named(remaining))


def _named(remaining: Remaining) -> Iterable[str]:
    if isinstance(remaining, str):
        return (remaining,)
    if isinstance(remaining, NeedsFindings):
        return remaining.names
    return chain.from_iterable(map(_named, remaining.parts)) if isinstance(remaining, NeedsParts) else ()


def gate(remaining: Remaining, cost: Mapping[str, float]) -> frozenset[str]:
    """The cheapest set of open findings of which at least one must be present for the expression to be true.

    These are asked first: if all are denied, the rest need not be asked. For "a and b" the cheaper of the two is
    enough; for "a or b" it takes both. Empty once the expression is decided.
    """
    if isinstance(remaining, str):
        return frozenset((remaining,))
    if isinstance(remaining, NeedsFindings):
        return frozenset(_spared(remaining.enough - 1, remaining.names, cost.__getitem__))
    if not isinstance(remaining, NeedsParts):
        return NOTHING
    gates = [gate(part, cost) for part in remaining.parts]
    return NOTHING.union(*_spared(remaining.enough - 1, gates, total(cost)))


def _spared(count: int, ways: Sequence[T], cost: Callable[[T], float]) -> Sequence[T]:
    """The ways without so many of the dearest ones."""
    return sorted(ways, key=cost)[:-count] if count else ways


def total(cost: Mapping[str, float]) -> Callable[[Iterable[str]], float]:
    """A function that sums the cost of a set of findings."""
    of_one = cost.__getitem__
    return lambda names: sum(map(of_one, names))
