"""Word documents as guidelines: headings, lists and tables as their author made them."""

import io
import zipfile

import docx
import pytest

from knowledge.formats.docx import read_docx
from knowledge.formats.text import Unreadable


def written(title: str = "") -> bytes:
    document = docx.Document()
    document.core_properties.title = title
    document.add_heading("Cough in children", 0)
    document.add_heading("When to be seen", 1)
    document.add_paragraph("Under three months: the same day.")
    document.add_paragraph("Drinks little", style="List Bullet")
    document.add_paragraph("Breathes fast", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for place, text in enumerate(("Breaths a minute", "What to do", "over 60", "emergency | now")):
        table.rows[place // 2].cells[place % 2].text = text
    return saved(document)


def saved(document: "docx.document.Document") -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def packed(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def test_headings_lists_and_tables_stay() -> None:
    (text,) = read_docx(written())
    assert text.title == "Cough in children"
    assert text.body.split("\n") == [
        *["# Cough in children", "", "## When to be seen", "", "Under three months: the same day.", ""],
        *["- Drinks little", "- Breathes fast", ""],
        *["| Breaths a minute | What to do |", "|---|---|", "| over 60 | emergency / now |"],
    ]


def test_the_title_that_its_author_gave_goes_first() -> None:
    assert read_docx(written("House rules"))[0].title == "House rules"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xd0\xcf\x11\xe0 old", "encrypted or an old .doc"),
        (b"hello", "not a Word document"),
        (packed("word/document.xml", b"<p>"), "not a Word document"),
        (saved(docx.Document()), "holds no text"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_docx(content)


def test_what_unpacks_to_far_too_much_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.formats.docx.LARGEST_UNPACKED", 1_000)
    with pytest.raises(Unreadable, match="unpacks to more than"):
        read_docx(packed("word/document.xml", bytes(1_001)))
