"""A PDF's text → Markdown, page by page: larger letters become headings, and running heads are dropped.

A page without text is reported and left out.
"""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from pypdf import PdfReader

from knowledge.formats.pdf_tables import Cells, markdown, tables
from knowledge.formats.text import Text, Unreadable

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # we report what is wrong with a file

MOST_PAGES = 2000

_LARGER = 1.15
"""A heading's letters are at least so many times as large as the body's."""

_HEADING_WORDS = 15


class _Line(NamedTuple):
    """One line, or a whole table: then with its `rows`."""

    words: str
    size: float
    rows: Sequence[Cells] = ()


def read_pdf(content: bytes) -> list[Text]:
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("is encrypted; save it without a password")
        if len(reader.pages) > MOST_PAGES:
            raise Unreadable(f"has more than {MOST_PAGES} pages; split it")
        pages = [_lines(page) for page in reader.pages]
        told = str((reader.metadata and reader.metadata.title) or "").strip()
    except Unreadable:
        raise
    except Exception as error:  # a damaged PDF makes the library raise whatever it stumbles over
        raise Unreadable("is not a PDF that can be read; save it anew") from error
    empty = [number for number, lines in enumerate(pages, start=1) if not lines]
    if len(empty) == len(pages):
        raise Unreadable("is a scan without text; run it through text recognition (OCR) first")
    own = _without_running_heads(pages)
    if not any(own):
        raise Unreadable(
            "repeats the same lines on every page and holds nothing else; are its pages pictures (a scan)?"
        )
    body, starts = _markdown(own)
    note = f"no text on page {', '.join(map(str, empty))} (a scan?): left out" if empty else ""
    return [Text(body, told or _largest(pages), pages=starts, note=note)]


def _lines(page: Any) -> list[_Line]:
    """The page's lines in reading order, each with the size of its largest letters."""
    parts: list[tuple[str, float]] = []

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        scale = abs(tm[3] * cm[3]) or abs(tm[1] * cm[1]) or 1.0
        parts.append((text, round(size * scale, 1)))

    page.extract_text(visitor_text=visit)
    lines: list[_Line] = []
    words, size = "", 0.0
    for text, letters in parts:
        for index, piece in enumerate(text.split("\n")):
            if index:
                lines.append(_Line(" ".join(words.split()), size))
                words, size = "", 0.0
            words += piece
            size = max(size, letters) if piece.strip() else size
    lines.append(_Line(" ".join(words.split()), size))
    for rows in _tables(page):
        lines = _with_table(lines, rows)
    return lines if any(line.words for line in lines) else []


def _tables(page: Any) -> list[list[Cells]]:
    try:
        return list(tables(page.extract_text(extraction_mode="layout")))
    except Exception:  # the library cannot lay out every page that it can read; tables then stay lines
        return []


def _with_table(lines: list[_Line], rows: Sequence[Cells]) -> list[_Line]:
    """The lines with a table in place of those that hold exactly its letters: a PDF may draw cells in any order."""
    letters = _letters(cell for cells in rows for cell in cells)
    for start in range(len(lines)):
        left = letters.copy()
        for end in range(start, len(lines)):
            own = _letters([lines[end].words])
            if not own <= left or (end == start and not own):
                break
            left -= own
            if not left:
                own_lines = [line for line in lines[start : end + 1] if line.words]
                sizes = [line.size for line in own_lines]
                if max(sizes) >= min(sizes) * _LARGER:  # a heading is among them: perhaps the first
                    return _with_table(lines, rows[1:]) if len(rows) > 2 else lines
                words = " ".join(line.words for line in own_lines)
                return [*lines[:start], _Line(words, sizes[0], rows), *lines[end + 1 :]]
    return lines


def _letters(texts: Iterable[str]) -> Counter[str]:
    return Counter(letter for text in texts for letter in text if not letter.isspace())


def _without_running_heads(pages: Sequence[Sequence[_Line]]) -> list[list[_Line]]:
    """The pages without lines that are on most of them, apart from their numbers: titles and page numbers."""
    seen = Counter(each for lines in pages for each in {_shape(line.words) for line in lines if line.words})
    often = {shape for shape, count in seen.items() if count >= 3 and count > len(pages) / 2}
    return [[line for line in lines if _shape(line.words) not in often] for lines in pages]


def _shape(words: str) -> str:
    return re.sub(r"\d+", "0", words)


def _markdown(pages: Sequence[Sequence[_Line]]) -> tuple[str, tuple[int, ...]]:
    """The body, and the line on which each page begins."""
    sizes = Counter[float]()
    for line in (line for lines in pages for line in lines):
        sizes[line.size] += len(line.words)
    usual = sizes.most_common(1)[0][0]
    larger = sorted({line.size for lines in pages for line in lines if _is_heading(line, usual)}, reverse=True)
    out: list[str] = []
    starts = []
    for lines in pages:
        starts.append(len(out))
        out += _page(lines, usual, larger)
    return "\n".join(out), tuple(starts)


def _page(lines: Sequence[_Line], usual: float, larger: Sequence[float]) -> Iterator[str]:
    for line in lines:
        if line.rows:
            yield from markdown(line.rows)
        elif _is_heading(line, usual):
            yield from ("", f"{'#' * min(6, larger.index(line.size) + 1)} {line.words}", "")
        else:
            yield re.sub(r"^[•▪◦‣●]\s*", "- ", line.words)
    yield ""


def _is_heading(line: _Line, usual: float) -> bool:
    return (
        not line.rows
        and line.size >= usual * _LARGER
        and 0 < len(line.words.split()) <= _HEADING_WORDS
        and any(letter.isalpha() for letter in line.words)
        and not line.words.endswith((".", ",", ";"))
    )


def _largest(pages: Sequence[Sequence[_Line]]) -> str:
    """The first of the lines with the largest letters on the first page that has text."""
    first = next(lines for lines in pages if lines)
    return max((line for line in first if line.words), key=lambda line: line.size).words[:200]
