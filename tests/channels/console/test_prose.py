"""What a guideline's text becomes on a page: paragraphs, lists and tables, and never anybody's script or link."""

import pytest

from channels.console.prose import prose


def test_lines_become_paragraphs_lists_and_tables() -> None:
    shown = prose("### Ask\n\nOne line\nand its end.\n\n- first\n- second\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    assert "<p>Ask</p>" in shown
    assert "<p>One line\nand its end.</p>" in shown
    assert "<li>first</li>" in shown and "<td>2</td>" in shown
    assert '<table tabindex="0">' in shown, "wider than a phone, it is scrolled by keyboard, too"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "Rest. <img src=x onerror=alert(1)>",
        "[here](javascript:alert(1))",
        "![x](https://elsewhere.example/x.png)",
        "<https://elsewhere.example>",
    ],
)
def test_html_and_links_are_shown_as_text(text: str) -> None:
    shown = prose(text)
    assert not any(tag in shown for tag in ("<script", "<img", "<a "))
