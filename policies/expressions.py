"""Expressions over findings and their three-valued (Kleene) truth. Knows nothing about how they are written.

    True     whatever is still unknown turns out to be, it holds
    False    whatever is still unknown turns out to be, it does not
    None     what is known does not decide it

A finding is *open* when nobody has asked about it yet, or when it was stated without the value that is
needed. One whose status is unknown was asked and not answered: it decides nothing, asking again is no use.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from policies.facts import Fact, Facts, Status

Truth = bool | None

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}

NOTHING: frozenset[str] = frozenset()


class Expression:
    """A node of the tree. Nodes are frozen dataclasses, equal when they say the same."""

    __slots__ = ()

    def truth(self, facts: Facts) -> Truth:
        """What is known, decides."""
        raise NotImplementedError

    def could_be(self, want: bool, facts: Facts) -> bool:
        """Whether answers to the open findings could make it `want`."""
        raise NotImplementedError

    def towards(self, want: bool, facts: Facts) -> frozenset[str]:
        """The open findings an answer to which could help to make it `want`."""
        raise NotImplementedError

    def gate(self, want: bool, facts: Facts, cost: Mapping[str, float]) -> frozenset[str] | None:
        """The open findings that, all answered against it, keep it from ever being `want`, at the least cost.

        Empty when it cannot be `want` as it stands; None when no answer can keep it from being so.
        """
        raise NotImplementedError

    def grounds(self, want: bool, facts: Facts) -> Iterable[str]:
        """The findings that made it `want`, where it is."""
        raise NotImplementedError

    def triggers(self, cost: Mapping[str, int]) -> frozenset[str] | None:
        """Findings of which one is present whenever it is true, at the least cost; None if none need be."""
        return None

    def findings(self) -> Iterable[str]:
        """Every finding it mentions, in order, repeated as written."""
        return (name for part in self.inner() for name in part.findings())

    def inner(self) -> "tuple[Expression, ...]":
        """The expressions it is made of."""
        return ()


@dataclass(frozen=True)
class Leaf(Expression):
    """A statement about one finding."""

    finding: str

    def truth(self, facts: Facts) -> Truth:
        fact = facts.get(self.finding)
        return None if fact is None or fact.status is Status.UNKNOWN else self.holds(fact)

    def holds(self, fact: Fact) -> Truth:
        """Its truth by a fact that was stated."""
        raise NotImplementedError

    def open(self, facts: Facts) -> bool:
        fact = facts.get(self.finding)
        return fact is None or (fact.status is not Status.UNKNOWN and self.holds(fact) is None)

    def could_be(self, want: bool, facts: Facts) -> bool:
        return self.truth(facts) is want or self.open(facts)

    def towards(self, want: bool, facts: Facts) -> frozenset[str]:
        return frozenset((self.finding,)) if self.open(facts) else NOTHING

    def gate(self, want: bool, facts: Facts, cost: Mapping[str, float]) -> frozenset[str] | None:
        if self.truth(facts) is want:
            return None
        return self.towards(want, facts)

    def grounds(self, want: bool, facts: Facts) -> Iterable[str]:
        return (self.finding,) if self.truth(facts) is want else ()

    def triggers(self, cost: Mapping[str, int]) -> frozenset[str] | None:
        return frozenset((self.finding,))

    def findings(self) -> Iterable[str]:
        return (self.finding,)


@dataclass(frozen=True)
class Has(Leaf):
    """A yes/no finding is present."""

    def holds(self, fact: Fact) -> Truth:
        return fact.status is Status.PRESENT


@dataclass(frozen=True)
class Compare(Leaf):
    """A number, duration or scale against `value`, which is in the finding's own unit."""

    comparison: str
    value: float

    def holds(self, fact: Fact) -> Truth:
        if fact.status is not Status.PRESENT or not isinstance(fact.value, int | float):
            return None
        return COMPARISONS[self.comparison](fact.value, self.value)


@dataclass(frozen=True)
class Is(Leaf):
    """A choice is one of `values`. An absent fact with a value says only that it is not that one."""

    values: tuple[str, ...]

    def holds(self, fact: Fact) -> Truth:
        if fact.value is None:
            return None
        if fact.status is Status.PRESENT:
            return fact.value in self.values
        return False if self.values == (fact.value,) else None


@dataclass(frozen=True)
class Not(Expression):
    part: Expression

    def truth(self, facts: Facts) -> Truth:
        truth = self.part.truth(facts)
        return None if truth is None else not truth

    def could_be(self, want: bool, facts: Facts) -> bool:
        return self.part.could_be(not want, facts)

    def towards(self, want: bool, facts: Facts) -> frozenset[str]:
        return self.part.towards(not want, facts)

    def gate(self, want: bool, facts: Facts, cost: Mapping[str, float]) -> frozenset[str] | None:
        return self.part.gate(not want, facts, cost)

    def grounds(self, want: bool, facts: Facts) -> Iterable[str]:
        return self.part.grounds(not want, facts)

    def inner(self) -> tuple[Expression, ...]:
        return (self.part,)


@dataclass(frozen=True)
class AtLeast(Expression):
    """At least `count` of `parts` hold. `a and b` is 2 of 2, `a or b` is 1 of 2."""

    count: int
    parts: tuple[Expression, ...]

    def needed(self, want: bool) -> int:
        """How many parts must be `want` for the whole to be `want`."""
        return self.count if want else len(self.parts) - self.count + 1

    def truth(self, facts: Facts) -> Truth:
        true, false = self.count, len(self.parts) - self.count + 1
        for part in self.parts:
            truth = part.truth(facts)
            if truth is True:
                true -= 1
            elif truth is False:
                false -= 1
            if not true or not false:
                return not true
        return None

    def could_be(self, want: bool, facts: Facts) -> bool:
        return sum(part.could_be(want, facts) for part in self.parts) >= self.needed(want)

    def towards(self, want: bool, facts: Facts) -> frozenset[str]:
        if not self.could_be(want, facts):
            return NOTHING
        undecided = (part for part in self.parts if part.truth(facts) is None and part.could_be(want, facts))
        return NOTHING.union(*(part.towards(want, facts) for part in undecided))

    def gate(self, want: bool, facts: Facts, cost: Mapping[str, float]) -> frozenset[str] | None:
        """As many of its parts' gates as must hold, the cheapest ones: of "a and b" one, of "a or b" both."""
        if not self.could_be(want, facts):
            return NOTHING
        if self.truth(facts) is want:
            return None
        gates = [gate for part in self.parts if (gate := part.gate(want, facts, cost)) is not None]
        gates.sort(key=lambda names: sum(cost[name] for name in names))
        enough = self.needed(not want)
        return NOTHING.union(*gates[:enough]) if len(gates) >= enough else None

    def grounds(self, want: bool, facts: Facts) -> Iterable[str]:
        agreeing = (part for part in self.parts if part.truth(facts) is want)
        return (name for part in agreeing for name in part.grounds(want, facts))

    def triggers(self, cost: Mapping[str, int]) -> frozenset[str] | None:
        """Of any parts that are one more than may fail, one holds: those that cost least."""
        known = [names for part in self.parts if (names := part.triggers(cost)) is not None]
        known.sort(key=lambda names: sum(cost[name] for name in names))
        enough = self.needed(False)
        return frozenset().union(*known[:enough]) if len(known) >= enough else None

    def inner(self) -> tuple[Expression, ...]:
        return self.parts


def both(*parts: Expression) -> AtLeast:
    return AtLeast(len(parts), parts)


def either(*parts: Expression) -> AtLeast:
    return AtLeast(1, parts)


def evaluate(expression: Expression, facts: Facts) -> Truth:
    """Three-valued truth: what is stated counts, everything else is unknown."""
    return expression.truth(facts)


def could_be_true(expression: Expression, facts: Facts) -> bool:
    """Whether it is true, or answers to its open findings could make it so."""
    return expression.could_be(True, facts)


def helpful(expression: Expression, facts: Facts) -> frozenset[str]:
    """The open findings that could help to make it true: what is worth asking. Empty once it is decided."""
    return NOTHING if expression.truth(facts) is not None else expression.towards(True, facts)


def gate(expression: Expression, facts: Facts, cost: Mapping[str, float]) -> frozenset[str]:
    """The open findings without any of which it can never be true, the cheapest such set: what is worth asking first.

    Of "a and b" one will do, as the other matters only if it is there. Empty once it is decided.
    """
    return NOTHING if expression.truth(facts) is not None else expression.gate(True, facts, cost) or NOTHING


def undecided(expression: Expression, facts: Facts) -> frozenset[str]:
    """The open findings that could still decide it, either way. Empty once it is decided."""
    if expression.truth(facts) is not None:
        return NOTHING
    return expression.towards(True, facts) | expression.towards(False, facts)


def supporting(expression: Expression, facts: Facts) -> tuple[str, ...]:
    """The findings whose facts made a true expression true, in the order it names them."""
    if expression.truth(facts) is not True:
        return ()
    return tuple(dict.fromkeys(expression.grounds(True, facts)))


def mentioned(expression: Expression) -> tuple[str, ...]:
    """Every finding it names, once, in order."""
    return tuple(dict.fromkeys(expression.findings()))
