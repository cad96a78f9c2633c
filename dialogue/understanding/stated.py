"""A fact that a message states, and its words. Knows nothing about how it was found."""

from dataclasses import replace
from typing import NamedTuple

from policies.facts import Fact, Subject
from policies.findings import Finding


class Stated(NamedTuple):
    """A fact and its words, `start` up to `end`.

    A `final` fact takes back what was said before it. With `slip`, a misspelt word had to be guessed.
    """

    start: int
    end: int
    fact: Fact
    final: bool = False
    slip: bool = False


def as_other_persons(fact: Fact, name: str, sure: bool = True) -> Fact:
    """The same fact, about another person of this name."""
    return replace(fact, subject=Subject.OTHER, person=name, certain=sure)


def plausible(value: float | str, finding: Finding) -> bool:
    if isinstance(value, str):
        return not finding.choices or any(choice.value == value for choice in finding.choices)
    above = finding.minimum is None or value >= finding.minimum
    return above and (finding.maximum is None or value <= finding.maximum)
