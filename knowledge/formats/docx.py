"""A Word document → Markdown: headings by their style, lists, and tables whole. Runs no macro, follows no link."""

import io
import zipfile
from collections.abc import Iterator

from docx import Document as open_docx
from docx.document import Document as WordDocument
from docx.table import Table
from docx.text.paragraph import Paragraph

from knowledge.formats.text import Text, Unreadable

LARGEST_UNPACKED = 200_000_000

_OLD_WORD = b"\xd0\xcf\x11\xe0"


def read_docx(content: bytes) -> list[Text]:
    if content.startswith(_OLD_WORD):
        raise Unreadable("is encrypted or an old .doc; save it as .docx without a password")
    _refuse_bombs(content)
    try:
        document = open_docx(io.BytesIO(content))
        body = "\n\n".join(_blocks(document)).strip()
    except Exception as error:  # the library raises whatever its parts raise
        raise Unreadable("is not a Word document that can be read; save it anew as .docx") from error
    if not body:
        raise Unreadable("holds no text; pictures of text cannot be read")
    return [Text(body, (document.core_properties.title or "").strip() or _first_title(document))]


def _refuse_bombs(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
                raise Unreadable("unpacks to more than 200 MB; split it")
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable("is not a Word document that can be read; save it anew as .docx") from error


def _blocks(document: WordDocument) -> Iterator[str]:
    items: list[str] = []
    for block in document.iter_inner_content():
        line = _table(block) if isinstance(block, Table) else _paragraph(block)
        if line.startswith(("- ", "1. ")):
            items.append(line)
            continue
        if items:
            yield "\n".join(items)
        items = []
        if line:
            yield line
    if items:
        yield "\n".join(items)


def _paragraph(paragraph: Paragraph) -> str:
    words = " ".join(paragraph.text.split())
    style = (paragraph.style.name or "") if paragraph.style else ""
    if not words:
        return ""
    if style.startswith("Heading ") and style.removeprefix("Heading ").isdigit():
        return f"{'#' * min(6, int(style.removeprefix('Heading ')) + 1)} {words}"
    if style == "Title":
        return f"# {words}"
    if style.startswith("List Number"):
        return f"1. {words}"
    numbered = paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None
    return f"- {words}" if style.startswith("List") or numbered else words


def _table(table: Table) -> str:
    """A Markdown table; its first row is the head."""
    rows = [[" ".join(cell.text.split()).replace("|", "/") for cell in row.cells] for row in table.rows]
    if not rows:
        return ""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def _first_title(document: WordDocument) -> str:
    styles = ("Title", "Heading 1")
    return next((each.text.strip() for each in document.paragraphs if each.style and each.style.name in styles), "")
