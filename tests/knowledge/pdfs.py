"""Makes small PDFs: words at places, as word processors draw them."""

import io
from collections.abc import Sequence
from typing import NamedTuple

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

WIDE, HIGH = 595, 842


class Words(NamedTuple):
    """From the left and from the top, in points."""

    text: str
    left: float = 50
    top: float = 100
    size: float = 12


def pdf(*pages: Sequence[Words], password: str = "", title: str = "") -> bytes:
    writer = PdfWriter()
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
    helvetica = DictionaryObject({NameObject(name): NameObject(value) for name, value in font.items()})
    for words in pages:
        page = writer.add_blank_page(WIDE, HIGH)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): helvetica})}
        )
        stream = DecodedStreamObject()
        stream.set_data("\n".join(map(_drawn, words)).encode("cp1252"))
        page[NameObject("/Contents")] = stream
    if title:
        writer.add_metadata({"/Title": title})
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def lines(*texts: str, top: float = 100, size: float = 12) -> list[Words]:
    return [Words(text, top=top + 16 * place, size=size) for place, text in enumerate(texts)]


def table(*rows: Sequence[str], lefts: Sequence[float] = (50, 180, 260, 380), top: float = 300) -> list[Words]:
    return [
        Words(cell, left, top + 18 * place)
        for place, row in enumerate(rows)
        for cell, left in zip(row, lefts, strict=False)
    ]


def _drawn(words: Words) -> str:
    text = words.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F1 {words.size} Tf {words.left} {HIGH - words.top} Td ({text}) Tj ET"
