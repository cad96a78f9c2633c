"""Expressions over findings and their three-valued (Kleene) truth. Knows nothing about how they are written.

    True     it holds, whatever the unknown findings turn out to be
    False    it does not hold, whatever the unknown findings turn out to be
    None     what is known does not decide it

A finding is *open* when nobody has asked about it yet, or when it was stated without the value that is needed. One
whose status is unknown was asked and not answered: it decides nothing, and is not asked again.

Every question about an expression is answered from what is *left* of it once the known facts are put in.
"""

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from policies.facts import Fact, Facts, Status

PRESENT, ABSENT, UNKNOWN = Status
Truth = bool | None

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}

NOTHING: frozenset[str] = frozenset()


class Needs(NamedTuple):
    """So many (`enough`) of `parts` must still come true; each of them can."""

    enough: int
    parts: tuple["Left", ...]


class Plain(NamedTuple):
    """So many (`enough`) of these findings must turn out present, or absent where the expression is to be false."""

    enough: int
    names: tuple[str, ...]


Left = bool | str | Plain | Needs
"""What it still takes for an expression to have the wanted truth: True when it has it already, False when no answer can
give it, else the open finding or findings that decide. Decided parts are left out."""


class Expression(ABC):
    """A node of the syntax tree. Nodes are frozen dataclasses, equal when they say the same."""

    __slots__ = ()

    @abstractmethod
    def left(self, want: bool, facts: Facts) -> Left:
        """What it still takes for the expression to be `want`."""

    @abstractmethod
    def grounds(self, want: bool, facts: Facts) -> Iterable[str]:
        """The findings that made the expression `want`; none where it is not."""

    def conditions(self, cost: Mapping[str, int]) -> list[frozenset[str]]:
        """Necessary conditions: whenever the expression is true, each of these sets has a finding that is present.

        Empty where no finding need be present. `cost` says how frequent each finding is in rules: rare ones are chosen.
        """
        return []

    def findings(self) -> Iterable[str]:
        """Every finding it mentions, in order, repeated as written."""
        return (name for part in self.inner() for name in part.findings())

    def inner(self) -> "tuple[Expression, ...]":
        """The expressions it is made of."""
        return ()


@dataclass(frozen=True, slots=True)
class Leaf(Expression):
    """A statement about one finding."""

    finding: str

    def grounds(self, want: bool, facts: Facts) -> Iterable[str]:
        return (self.finding,) if self.left(want, facts) is True else ()

    def conditions(self, cost: Mapping[str, int]) -> list[frozenset[str]]:
        return [frozenset((self.finding,))]

    def findings(self) -> Iterable[str]:
        return (self.finding,)


@dataclass(frozen=True, slots=True)
class Has(Leaf):
    """A yes/no finding is present."""

    def left(self, want: bool, facts: Facts) -> Left:
        fact = facts.get(self.finding)
        if fact is None:
            return self.finding
        return fact.status is (PRESENT if want else ABSENT)


class Valued(Leaf):
    """A statement about the value of one finding."""

    def left(self, want: bool, facts: Facts) -> Left:
        fact = facts.get(self.finding)
        if fact is None:
            return self.finding
        if fact.status is UNKNOWN:
            return False
        truth = self.holds(fact)
        return self.finding if truth is None else truth is want

    @abstractmethod
    def holds(self, fact: Fact) -> Truth:
        """Whether the stated fact makes it true; None where its value is missing."""


@dataclass(frozen=True, slots=True)
class Compare(Valued):
    """A number, duration or scale against `value`, which is in the finding's own unit."""

    comparison: str
    value: float

    def holds(self, fact: Fact) -> Truth:
        if fact.status is not PRESENT or not isinstance(fact.value, int | float):
            return None
        return COMPARISONS[self.comparison](fact.value, self.value)


@dataclass(frozen=True, slots=True)
class Is(Valued):
    """A choice is one of `values`. An absent fact with a value says only that it is not that one."""

    values: tuple[str, ...]

    def holds(self, fact: Fact) -> Truth:
        if fact.value is None:
            return None
        if fact.status is PRESENT:
            return fact.value in self.values
        return False if self.values == (fact.value,) else None


@dataclass(frozen=True, slots=True)
class Not(Expression):
    part: Expression

    def left(self, want: bool, facts: Facts) -> Left:
        return self.part.left(not want, facts)

    def grounds(self, want: bool, facts: Facts) -> Iterable[str]:
        return self.part.grounds(not want, facts)

    def inner(self) -> tuple[Expression, ...]:
        return (self.part,)


@dataclass(frozen=True, slots=True)
class Unless(Expression):
    """True unless `part` is known to hold. What nobody has spoken of does not stand in the way and is not asked."""

    part: Expression

    def left(self, want: bool, facts: Facts) -> Left:
        left = self.part.left(True, facts)
        return left is not True if want else left

    def grounds(self, want: bool, facts: Facts) -> Iterable[str]:
        return () if want else self.part.grounds(True, facts)

    def inner(self) -> tuple[Expression, ...]:
        return (self.part,)


@dataclass(frozen=True, slots=True)
class AtLeast(Expression):
    """At least `count` of `parts` hold. `a and b` is 2 of 2, `a or b` is 1 of 2."""

    count: int
    parts: tuple[Expression, ...]
    plain: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """The findings, where every part is just "this finding is present"; else empty."""

    def __post_init__(self) -> None:
        plain = tuple(part.finding for part in self.parts if isinstance(part, Has))
        object.__setattr__(self, "plain", plain if len(plain) == len(self.parts) else ())

    def needed(self, want: bool) -> int:
        """How many parts must be `want` for the whole to be `want`."""
        return self.count if want else len(self.parts) - self.count + 1

    def left(self, want: bool, facts: Facts) -> Left:
        needed = self.count if want else self.needed(False)
        if self.plain:
            return self.left_of_plain(needed, PRESENT if want else ABSENT, facts)
        spare = len(self.parts) - needed
        undecided: list[Left] = []
        for part in self.parts:
            left = part.left(want, facts)
            if left is True:
                needed -= 1
                if not needed:
                    return True
            elif left is not False:
                undecided.append(left)
            elif spare:
                spare -= 1
            else:
                return False
        return undecided[0] if len(undecided) == 1 else Needs(needed, tuple(undecided))

    def left_of_plain(self, needed: int, status: Status, facts: Facts) -> Left:
        """As `left` for parts that are plain findings, much faster: most lists are long and little of them is known."""
        known = [facts[name].status for name in self.plain if name in facts]
        needed -= known.count(status)
        if needed <= 0:
            return True
        if needed > len(self.plain) - len(known):
            return False
        undecided = tuple([name for name in self.plain if name not in facts])
        return undecided[0] if len(undecided) == 1 else Plain(needed, undecided)

    def grounds(self, want: bool, facts: Facts) -> Iterable[str]:
        agreeing = (part for part in self.parts if part.left(want, facts) is True)
        return (name for part in agreeing for name in part.grounds(want, facts))

    def conditions(self, cost: Mapping[str, int]) -> list[frozenset[str]]:
        """Every part's conditions where all parts must hold. Else one condition: of any `enough` parts at least one
        holds, so the union of the rarest condition of each."""
        each = [part.conditions(cost) for part in self.parts]
        enough = self.needed(False)
        if enough == 1:
            return [names for conditions in each for names in conditions]
        cheapest = sorted((rarest(conditions, cost) for conditions in each if conditions), key=total(cost))
        return [NOTHING.union(*cheapest[:enough])] if len(cheapest) >= enough else []

    def inner(self) -> tuple[Expression, ...]:
        return self.parts


def both(*parts: Expression) -> AtLeast:
    return AtLeast(len(parts), parts)


def either(*parts: Expression) -> AtLeast:
    return AtLeast(1, parts)


def total(cost: Mapping[str, float]) -> Callable[[Iterable[str]], float]:
    """A function that sums the cost of a set of findings."""
    of_one = cost.__getitem__
    return lambda names: sum(map(of_one, names))


def rarest(conditions: Iterable[frozenset[str]], cost: Mapping[str, float]) -> frozenset[str]:
    return min(conditions, key=total(cost))


def evaluate(expression: Expression, facts: Facts) -> Truth:
    """Three-valued truth: what is stated counts, everything else is unknown."""
    if expression.left(True, facts) is True:
        return True
    return False if expression.left(False, facts) is True else None


def helpful(left: Left) -> frozenset[str]:
    """The open findings whose answer could still help to make the expression true; empty once it is decided."""
    if isinstance(left, str):
        return frozenset((left,))
    if isinstance(left, Plain):
        return frozenset(left.names)
    return NOTHING.union(*map(helpful, left.parts)) if isinstance(left, Needs) else NOTHING


def gate(left: Left, cost: Mapping[str, float]) -> frozenset[str]:
    """The cheapest set of open findings of which at least one must be present for the expression to be true.

    These are asked first: if all are denied, the rest need not be asked. For "a and b" the cheaper of the two is
    enough; for "a or b" it takes both. Empty once the expression is decided.
    """
    if isinstance(left, str):
        return frozenset((left,))
    if isinstance(left, Plain):
        return frozenset(sorted(left.names, key=cost.__getitem__)[: len(left.names) - left.enough + 1])
    if not isinstance(left, Needs):
        return NOTHING
    gates = sorted([gate(part, cost) for part in left.parts], key=total(cost))
    return NOTHING.union(*gates[: len(gates) - left.enough + 1])


def supporting(expression: Expression, facts: Facts) -> tuple[str, ...]:
    """The findings whose facts made a true expression true, in the order it names them."""
    if expression.left(True, facts) is not True:
        return ()
    return tuple(dict.fromkeys(expression.grounds(True, facts)))


def mentioned(expression: Expression) -> tuple[str, ...]:
    """Every finding it names, once, in order."""
    return tuple(dict.fromkeys(expression.findings()))
