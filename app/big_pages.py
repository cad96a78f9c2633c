"""Moves what the process holds into big pages, where the system has them. Knows nothing about what that is.

Content is spread over 100 MB, and a turn touches it here and there: with pages of 4 KB the processor spends a
twentieth of a turn finding out where they are.
"""

import ctypes
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

COLLAPSE = 25
"""Linux's MADV_COLLAPSE, since 6.1; an older kernel refuses it, and everything stays where it was."""
BIG = 2 * 1024 * 1024


def use_big_pages() -> None:
    maps = Path("/proc/self/maps")
    if sys.platform != "linux" or not maps.exists():
        return
    advise = ctypes.CDLL(None).madvise
    advise.argtypes = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
    for start, end in own(maps.read_text().splitlines()):
        advise(start, end - start, COLLAPSE)


def own(maps: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where memory of our own is that has room for a big page: begin and end of each stretch."""
    for line in maps:
        stretch, rights, _, _, _, *name = line.split(maxsplit=5)
        start, end = (int(edge, 16) for edge in stretch.split("-"))
        if rights == "rw-p" and end - start >= BIG and name in ([], ["[heap]"]):
            yield start, end
