"""Leaflets as PDF: what a nurse reads of them is what stands on their pages."""

import pytest

from knowledge.chunking import chunks_of
from knowledge.documents import document_of
from knowledge.formats.pdf import read_pdf
from knowledge.formats.text import Text, Unreadable
from tests.knowledge.pdfs import Words, lines, pdf, table

FRONT = {"title": "Urine", "source": "House rules", "review_date": "2026-03-01"}

ROWS = (
    ("Group", "Fever", "When", "Who"),
    ("Women 16 to 64", "no", "within 2 days", "nurse"),
    ("Women 16 to 64", "yes", "same day", "physician"),
    ("Pregnant", "any", "same day", "physician"),
    ("Men", "any", "same day", "physician"),
)


def read(content: bytes) -> Text:
    (text,) = read_pdf(content)
    return text


def test_larger_letters_are_headings_and_a_passage_knows_its_page() -> None:
    first = [Words("Urine infections", size=24), *lines("Call again with fever.", top=140)]
    second = [Words("Samples", size=18), *lines("Ask for a sample.", top=140)]
    text = read(pdf(first, second))
    chunks = chunks_of(document_of(text.body, "urine.pdf", "urine", FRONT, pages=text.pages))
    assert text.title == "Urine infections"
    assert [(chunk.heading, chunk.text, chunk.page) for chunk in chunks] == [
        ("Urine infections", "Call again with fever.", 1),
        ("Urine infections > Samples", "Ask for a sample.", 2),
    ]


def test_a_table_stays_one() -> None:
    body = read(pdf([*lines("Who is seen when.", "It depends."), *table(*ROWS), *lines("More below.", top=420)])).body
    rows = [f"| {' | '.join(row)} |" for row in ROWS]
    assert body.split("\n") == [
        *["Who is seen when.", "It depends.", ""],
        *[rows[0], "|---|---|---|---|", *rows[1:]],
        *["", "More below.", ""],
    ]


def test_a_cell_over_two_lines_stays_one_in_whatever_order_it_is_drawn() -> None:
    head = table(("Group", "What to do", "When"), lefts=(50, 180, 380))
    wrapped = [
        Words("Women 16 to 64", 50, 318),
        Words("a sample and a nurse who", 180, 318),
        Words("looks at it", 180, 332),
        Words("within 2 days", 380, 318),
    ]
    rest = table(
        ("Men", "a physician", "same day"), ("Pregnant", "a physician", "same day"), lefts=(50, 180, 380), top=350
    )
    body = read(pdf([*lines("Who is seen when."), *head, *wrapped, *rest, *lines("More below.", top=420)])).body
    assert "| Women 16 to 64 | a sample and a nurse who looks at it | within 2 days |" in body.split("\n")
    assert "| Men | a physician | same day |" in body.split("\n")
    assert body.split("\n")[-2:] == ["More below.", ""]


@pytest.mark.parametrize(
    "written",
    [
        table(("•", "Rest the knee"), ("•", "Raise it"), ("•", "Cool it"), lefts=(50, 70)),
        table(("1.", "Rest the knee"), ("2.", "Raise it"), ("3.", "Cool it"), lefts=(50, 70)),
        table(("Rest", "the knee"), ("Raise", "it")),
        lines("Rest the knee and", "raise it on a chair", "and cool it for a while"),
    ],
)
def test_a_list_or_prose_is_no_table(written: list[Words]) -> None:
    assert "|" not in read(pdf(written)).body


def test_what_stands_on_every_page_is_left_out() -> None:
    advice = ("Rest the knee.", "Raise it.", "Cool it.")
    pages = [[*lines("Riverside Clinic", each), Words(str(part), top=800)] for part, each in enumerate(advice)]
    assert read(pdf(*pages)).body.split() == " ".join(advice).split()


def test_a_page_without_text_is_named() -> None:
    assert "page 2" in read(pdf(lines("Words."), [])).note


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (pdf([]), "scan without text"),
        (pdf(*[lines(f"Riverside Clinic, page {part}") for part in range(4)]), "nothing else"),
        (pdf(lines("Words."), password="secret"), "encrypted"),
        (b"%PDF-1.7 nonsense", "not a PDF"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_pdf(content)
