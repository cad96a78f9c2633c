"""The documents' generated parts are what the code and the content say now."""

from pathlib import Path

import pytest

from app.documents import PART, PARTS, UnknownPart, refreshed, table

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(DOCS.glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_up_to_date(page: Path) -> None:
    written = page.read_text("utf-8")
    assert refreshed(written) == written, "run scripts/docs"


def test_every_generated_part_is_used_in_a_page() -> None:
    asked = [name for page in PAGES for _, name, _ in PART.findall(page.read_text("utf-8"))]
    assert sorted(asked) == sorted(PARTS)


def test_handwritten_text_is_kept() -> None:
    page = "before\n<!-- generated: diagram -->\nold\n<!-- end -->\nafter\n"
    assert refreshed(page).startswith("before\n<!-- generated: diagram -->\n```mermaid\nstateDiagram-v2")
    assert refreshed(page).endswith("```\n<!-- end -->\nafter\n")


def test_an_unknown_part_is_an_error() -> None:
    with pytest.raises(UnknownPart, match="'weather'; there is: diagram"):
        refreshed("<!-- generated: weather -->\n<!-- end -->")


def test_a_table_escapes_what_would_break_it() -> None:
    assert table(["a"], [["x|y\nz"]]) == "| a |\n| --- |\n| x\\|y z |"
