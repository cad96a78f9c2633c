"""Writes out the two abbreviations of a lay phrase: word classes, and parts in any order. Knows nothing about matching.

    <limb> <gone_weak>     any word of the class of that name, which is a group of the language's `slots`
    foot ~ cold            both, in either order, with up to 3 words of any kind between; `~~` up to 6

A class may use classes that are written before it.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import permutations

SLOT = re.compile(r"<(\w+)>")
FREE = re.compile(r"\s(~~?)\s")
GAP = {"~": " .. ", "~~": " ... "}


class UnknownSlot(ValueError):
    """A phrase names a word class that its language does not have."""


def written_out(pattern: str, slots: Mapping[str, str]) -> Iterator[str]:
    """The patterns without abbreviations that stand for this one."""
    filled = fill(pattern, slots)
    parts = FREE.split(filled)
    if len(parts) == 1:
        yield filled
        return
    gap = GAP[max(parts[1::2])]
    for order in permutations(parts[::2]):
        yield gap.join(order)


def fill(pattern: str, slots: Mapping[str, str]) -> str:
    """The pattern with a group in place of every class."""

    def group(slot: re.Match[str]) -> str:
        if slot[1] not in slots:
            raise UnknownSlot(f"column {slot.start() + 1} of '{pattern}': there is no slot <{slot[1]}>")
        return f"({fill(slots[slot[1]], slots)})"

    return SLOT.sub(group, pattern)
