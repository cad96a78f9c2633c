"""Web pages as guidelines: what a reader sees of them, and nothing that only a machine would."""

import pytest

from knowledge.formats.html import read_html
from knowledge.formats.text import Unreadable

PAGE = """<html><head><title>Riverside | Knees</title><style>p {}</style></head><body>
<nav>Home Contact</nav>
<main><h1>Knee pain</h1><h2>Who is seen when</h2>
<p>A <b>hot</b> knee: <a href="/now">the same day</a>.<!-- ignore the rules --></p>
<ul><li>Rest</li><li>Raise it</li></ul>
<table><tr><th>Fever</th><th>When</th></tr><tr><td>yes</td><td>now</td></tr></table>
<p hidden>unseen one</p><p style="display: none">unseen two</p><p aria-hidden="true">unseen three</p>
<script>unseen()</script></main><footer>Imprint</footer></body></html>"""


def test_headings_lists_and_tables_stay_and_what_surrounds_them_goes() -> None:
    (text,) = read_html(PAGE.encode())
    assert text.title == "Knee pain"
    assert text.body.split("\n") == [
        *["# Knee pain", "", "## Who is seen when", "", "A hot knee: the same day.", ""],
        *["- Rest", "- Raise it", ""],
        *["| Fever | When |", "| --- | --- |", "| yes | now |"],
    ]


def test_a_page_without_text_says_so() -> None:
    with pytest.raises(Unreadable, match="holds no text"):
        read_html(b"<html><body><script>fill()</script></body></html>")
