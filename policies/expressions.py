"""Expressions over findings and their three-valued (Kleene) truth. Knows nothing about how they are written.

    True     it holds, whatever the unknown findings turn out to be
    False    it does not hold, whatever the unknown findings turn out to be
    None     what is known does not decide it

A finding is *open* when nobody has asked about it yet, or when it was stated without the value that is needed. One
whose status is unknown was asked and not answered: it decides nothing, and is not asked again.

Every question about an expression is answered from what *remains* of it once the known facts are put in.
"""

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from policies.facts import Fact, Facts, Status
from policies.remaining import NOTHING, NeedsFindings, NeedsParts, Remaining, total

PRESENT, ABSENT, UNKNOWN = Status
Truth = bool | None

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


class Expression(ABC):
    """A node of the syntax tree. Nodes are frozen dataclasses, equal when they say the same."""

    __slots__ = ()

    @abstractmethod
    def remaining(self, want: bool, facts: Facts) -> Remaining:
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
        return (self.finding,) if self.remaining(want, facts) is True else ()

    def conditions(self, cost: Mapping[str, int]) -> list[frozenset[str]]:
        return [frozenset((self.finding,))]

    def findings(self) -> Iterable[str]:
        return (self.finding,)


@dataclass(frozen=True, slots=True)
class Has(Leaf):
    """A yes/no finding is present."""

    def remaining(self, want: bool, facts: Facts) -> Remaining:
        fact = facts.get(self.finding)
        if fact is None:
            return self.finding
        return fact.status is (PRESENT if want else ABSENT)


class Valued(Leaf):
    """A statement about the value of one finding."""

    def remaining(self, want: bool, facts: Facts) -> Remaining:
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

    def remaining(self, want: bool, facts: Facts) -> Remaining:
        return self.part.remaining(not want, facts)

    def grounds(self, want: bool, facts: Facts) -> Iterable[str]:
        return self.part.grounds(not want, facts)

    def inner(self) -> tuple[Expression, ...]:
        return (self.part,)


@dataclass(frozen=True, slots=True)
class Unless(Expression):
    """True unless `part` is known to hold. What nobody has spoken of does not stand in the way and is not asked."""

    part: Expression

    def remaining(self, want: bool, facts: Facts) -> Remaining:
        remaining = self.part.remaining(True, facts)
        return remaining is not True if want else remaining

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

    def remaining(self, want: bool, facts: Facts) -> Remaining:
        needed = self.count if want else self.needed(False)
        if self.plain:
            return self.remaining_of_plain(needed, PRESENT if want else ABSENT, facts)
        spare = len(self.parts) - needed
        undecided: list[Remaining] = []
        for part in self.parts:
            remaining = part.remaining(want, facts)
            if remaining is True:
                needed -= 1
                if not needed:
                    return True
            elif remaining is not False:
                undecided.append(remaining)
            elif spare:
                spare -= 1
            else:
                return False
        return undecided[0] if len(undecided) == 1 else NeedsParts(needed, tuple(undecided))

    def remaining_of_plain(self, needed: int, status: Status, facts: Facts) -> Remaining:
        """As `remaining`, but much faster, for parts that are plain findings: lists are long and little is known."""
        known = [facts[name].status for name in self.plain if name in facts]
        needed -= known.count(status)
        if needed <= 0:
            return True
        if needed > len(self.plain) - len(known):
            return False
        undecided = tuple([name for name in self.plain if name not in facts])
        return undecided[0] if len(undecided) == 1 else NeedsFindings(needed, undecided)

    def grounds(self, want: bool, facts: Facts) -> Iterable[str]:
        agreeing = (part for part in self.parts if part.remaining(want, facts) is True)
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


def rarest(conditions: Iterable[frozenset[str]], cost: Mapping[str, float]) -> frozenset[str]:
    return min(conditions, key=total(cost))


def evaluate(expression: Expression, facts: Facts) -> Truth:
    """Three-valued truth: what is stated counts, everything else is unknown."""
    if expression.remaining(True, facts) is True:
        return True
    return False if expression.remaining(False, facts) is True else None


def supporting(expression: Expression, facts: Facts) -> tuple[str, ...]:
    """The findings whose facts made a true expression true, in the order it names them."""
    if expression.remaining(True, facts) is not True:
        return ()
    return tuple(dict.fromkeys(expression.grounds(True, facts)))


def mentioned(expression: Expression) -> tuple[str, ...]:
    """Every finding it names, once, in order."""
    return tuple(dict.fromkeys(expression.findings()))
