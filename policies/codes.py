"""Enumerations of words that are stored and sent. Knows nothing about what they mean."""

from enum import StrEnum, nonmember
from operator import attrgetter


class Code(StrEnum):
    """A `StrEnum` that is written to JSON in less than half the time.

    Each member is asked for its `value` then, and the enumeration's own is a function in Python.
    """

    value = nonmember(property(attrgetter("_value_")))
