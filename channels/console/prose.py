"""A guideline's Markdown as safe HTML: HTML inside it is shown as text. Knows no page."""

from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup

HEADINGS = {"h1": "p", "h2": "p", "h3": "p", "h4": "p", "h5": "p", "h6": "p"}
"""A page has its own outline, so a heading within a passage is a paragraph."""


def prose(text: str) -> Markup:
    tokens = _reader().parse(text)
    for token in tokens:
        token.tag = HEADINGS.get(token.tag, token.tag)
        if token.type == "table_open":
            token.attrSet("tabindex", "0")  # on a phone it scrolls sideways, by keyboard too
    return Markup(_reader().renderer.render(tokens, _reader().options, {}))  # noqa: S704  # html is off: all is escaped


@cache
def _reader() -> MarkdownIt:
    """A Markdown parser without pictures and links: they would lead out of the console."""
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "link", "autolink"])
