"""Finds the tables in a PDF page's layout. Pure; knows nothing about PDF.

A PDF draws words at positions and does not say what is a table. Where at least three lines below each other have wide
gaps, and blank stripes run down through all of them, the stripes are taken as the borders between columns.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise

Cells = tuple[str, ...]

FEWEST_ROWS = 3

_WIDE_GAP = re.compile(r"\S {2,}\S")
_STRIPE = re.compile(r"(?<=x) +(?=x)")
_MARK = re.compile(r"\W*\w{0,2}[.)]?")
"""A bullet or an item's number: a list is not a table."""


def cells_by_words(layout: str) -> Mapping[str, Cells]:
    """The cells of each table line, by the line without its spaces. Lines outside tables are not in it."""
    found: dict[str, Cells] = {}
    for wide, lines in groupby(layout.split("\n"), key=lambda line: bool(_WIDE_GAP.search(line))):
        run = list(lines) if wide else []
        if len(run) >= FEWEST_ROWS:
            found |= {key_of(line): cells for line, cells in zip(run, _rows(run), strict=False)}
    return found


def key_of(line: str) -> str:
    return "".join(line.split())


def markdown(rows: Sequence[Cells]) -> Iterator[str]:
    """The rows as a Markdown table; the first row is its head."""
    head, *rest = [f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |" for cells in rows]
    yield from ("", head, f"|{'---|' * len(rows[0])}", *rest, "")


def _rows(lines: Sequence[str]) -> list[Cells]:
    """The cells of the lines; empty if the lines are a list, or no stripe divides them."""
    width = max(map(len, lines))
    padded = [line.ljust(width) for line in lines]
    inked = "".join("x" if any(line[place] != " " for line in padded) else " " for place in range(width))
    cuts = [0, *(stripe.end() for stripe in _STRIPE.finditer(inked)), width]
    columns = [[line[start:end].strip() for line in padded] for start, end in pairwise(cuts)]
    rows = list(zip(*_joined(columns), strict=True))
    listed = any(all(_MARK.fullmatch(cell) for cell in column) for column in zip(*rows, strict=True))
    return [] if listed or len(rows[0]) < 2 else rows


def _joined(columns: Sequence[Sequence[str]]) -> list[list[str]]:
    """Joins a column that is empty in most rows to the one before: there, spaces between words just happen to align."""
    joined: list[list[str]] = []
    for column in columns:
        if joined and sum(map(bool, column)) * 2 <= len(column):
            joined[-1] = [f"{before} {more}".strip() for before, more in zip(joined[-1], column, strict=True)]
        else:
            joined.append(list(column))
    return joined
