"""Finds the tables in a PDF page's layout. Pure; knows nothing about PDF.

A PDF draws words at positions and does not say what is a table. Where at least three lines below each other have wide
gaps, and blank stripes run down through all of them, the stripes are taken as the borders between columns. A line is
the rest of the row above if each of its words would not have fitted there any more.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

Cells = tuple[str, ...]

FEWEST_ROWS = 3

_WIDE_GAP = re.compile(r"\S {2,}\S")
_STRIPE = re.compile(r"(?<=x) +(?=x)")
_MARK = re.compile(r"\W*\w{0,2}[.)]?")
"""A bullet or an item's number: a list is not a table."""

_FULL = 0.9
"""Of a column's width: the layout counts letters, which are not equally wide."""

_PROSE = 1.2
"""A line so many times as long as the longest cell before it is no cell."""


class _Row(NamedTuple):
    """A row, and the latest line of each of its cells."""

    cells: Cells
    latest: Cells

    def with_more(self, cells: Cells) -> "_Row":
        joined = tuple(f"{above} {more}".strip() for above, more in zip(self.cells, cells, strict=True))
        return _Row(joined, tuple(more or above for above, more in zip(self.latest, cells, strict=True)))


def tables(layout: str) -> Iterator[list[Cells]]:
    """The rows of each table, from the top of the page."""
    for run in _runs(layout.split("\n")):
        close = [table for lines in _parts(run) for table in _tables(lines)]
        yield from close or (table for table in _tables(run) if not any(_MARK.fullmatch(row[0]) for row in table))


def _parts(run: Sequence[str]) -> Iterator[list[str]]:
    """The lines between blank ones. Only where none of them is a table by itself may its rows stand apart."""
    for blank, lines in groupby(run, key=lambda line: not line.strip()):
        if not blank:
            yield list(lines)


def markdown(rows: Sequence[Cells]) -> Iterator[str]:
    """The rows as a Markdown table; the first row is its head."""
    head, *rest = [f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |" for cells in rows]
    yield from ("", head, f"|{'---|' * len(rows[0])}", *rest, "")


def _runs(lines: Sequence[str]) -> Iterator[list[str]]:
    """Lines that may be a table together: with wide gaps, or as short as a cell; one blank line may be between."""
    run: list[str] = []
    for line in lines:
        if _WIDE_GAP.search(line) or (run and _may_go_on(run, line)):
            run.append(line)
        elif run:
            yield run
            run = []
    yield run


def _may_go_on(run: Sequence[str], line: str) -> bool:
    if not line.strip():
        return bool(run[-1].strip())
    longest = max(len(piece) for each in run for piece in re.split(r" {2,}", each.strip()))
    return len(line.strip()) <= _PROSE * longest


def _tables(run: Sequence[str]) -> Iterator[list[Cells]]:
    wide = [line for line in run if _WIDE_GAP.search(line)]
    if len(wide) < FEWEST_ROWS:
        return
    cuts = _cuts(wide)
    rows, end = _rows(run, cuts)
    if len(rows) > 1 and len(cuts) > 1 and not _is_list(rows):
        yield rows
    if end < len(run):
        yield from _tables(run[end + 1 :])


def _is_list(rows: Sequence[Cells]) -> bool:
    """Whether a column holds nothing but items' marks; below a heading, bullets."""
    bullets = not any(letter.isalnum() for row in rows[1:] for letter in row[0])
    return bullets or any(all(_MARK.fullmatch(cell) for cell in column) for column in zip(*rows, strict=True))


def _cuts(wide: Sequence[str]) -> list[int]:
    """Where the columns begin. One that is empty in most rows is none: spaces between words just happen to align."""
    width = max(map(len, wide))
    inked = "".join("x" if any(line[place : place + 1].strip() for line in wide) else " " for place in range(width))
    cuts = [0, *(stripe.end() for stripe in _STRIPE.finditer(inked))]
    rows = [cells for line in wide if (cells := _split(line, cuts))[0]]
    if len(rows) < FEWEST_ROWS:
        rows = [_split(line, cuts) for line in wide]
    filled = [sum(bool(cells[place]) for cells in rows) for place in range(len(cuts))]
    return [cut for cut, count in zip(cuts, filled, strict=True) if cut == 0 or count * 2 > len(rows)]


def _split(line: str, cuts: Sequence[int]) -> Cells:
    return tuple(" ".join(line[start:end].split()) for start, end in pairwise([*cuts, max(len(line), cuts[-1])]))


def _rows(run: Sequence[str], cuts: Sequence[int]) -> tuple[list[Cells], int]:
    """The rows, and the place of the first line that is none of theirs."""
    rows: list[_Row] = []
    widths = [max(map(len, column)) for column in zip(*(_split(line, cuts) for line in run), strict=True)]
    begins = True
    for place, line in enumerate(run):
        cells, is_wide = _split(line, cuts), bool(_WIDE_GAP.search(line))
        if not line.strip():
            begins = True
        elif rows and not begins and _goes_on(rows[-1], cells, widths):
            rows[-1] = rows[-1].with_more(cells)
        elif is_wide:
            rows.append(_Row(cells, cells))
            begins = False
        else:
            return [row.cells for row in rows], place
    return [row.cells for row in rows], len(run)


def _goes_on(above: _Row, cells: Cells, widths: Sequence[int]) -> bool:
    """Whether the cells are the rest of those above: no first word would have fitted above, and some cells are empty or
    the first one goes on in small letters where the row began with a capital."""
    filled = [(over, cell, width) for over, cell, width in zip(above.latest, cells, widths, strict=True) if cell]
    small = above.cells[0][:1].isupper() and cells[0][:1].islower()
    return (len(filled) < len(cells) or small) and all(
        over and len(f"{over} {cell.split()[0]}") > _FULL * width for over, cell, width in filled
    )
