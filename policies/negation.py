"""Whether a text states a thing or denies it, clause by clause. Knows nothing about which things or whose text.

Simple on purpose: a denial covers the rest of its clause; a clause ends at a stop, a bracket or a word such as "but".
"""

import re
from collections.abc import Sequence
from enum import Flag
from typing import NamedTuple

from policies.phrases import any_word, plain, sentences

_MARK = "\ue000"
_MARKED = re.compile(rf"{_MARK}(\d+){_MARK}")


class Said(Flag):
    """How a text speaks of a thing: it may state it in one place and deny it in another, or not mention it at all."""

    NOT_AT_ALL = 0
    STATED = 1
    DENIED = 2


class Denials(NamedTuple):
    """Patterns of denial: words before the thing, words right behind it, and words at which a denial's scope ends."""

    before: re.Pattern[str]
    behind: re.Pattern[str]
    ends: re.Pattern[str]

    @classmethod
    def of(cls, before: Sequence[str], behind: Sequence[str], ends: Sequence[str]) -> "Denials":
        return cls(
            any_word(before),
            re.compile(rf"\s*(?::|-|is|was|are|were)?\s*{any_word(behind).pattern}"),
            any_word(ends),
        )


def polarity(text: str, labels: Sequence[str], denials: Denials) -> dict[str, Said]:
    """How `text` speaks of each label. A label inside a longer one counts as the longer one only."""
    names = [name for label in labels if len(name := plain(label)) > 2]
    said = dict.fromkeys(names, Said.NOT_AT_ALL)
    for clause in clauses(_mark(plain(text), names), denials):
        for found in _MARKED.finditer(clause):
            denied = denials.before.search(clause[: found.start()]) or denials.behind.match(clause[found.end() :])
            said[names[int(found[1])]] |= Said.DENIED if denied else Said.STATED
    return {label: said.get(plain(label), Said.NOT_AT_ALL) for label in labels}


def _mark(text: str, names: Sequence[str]) -> str:
    """The text with a mark in place of each label, so that a "no" or a full stop inside a label is not read as one."""
    numbers = {name: number for number, name in enumerate(names)}
    unmarked = text.replace(_MARK, " ")
    return any_word(names).sub(lambda found: f"{_MARK}{numbers[found[0]]}{_MARK}", unmarked)


def clauses(text: str, denials: Denials) -> list[str]:
    """The parts of a plain text over which a denial reaches."""
    found: list[str] = []
    for sentence in sentences(text):
        inside = re.findall(r"\(([^()]*)\)", sentence)
        outside = re.sub(r"\([^()]*\)", " ", sentence)
        found += [part for piece in (outside, *inside) for part in denials.ends.split(piece)]
    return found
