"""HTML → Markdown: headings, lists and tables stay; what a reader would not see goes. Fetches and runs nothing."""

import re

from bs4 import BeautifulSoup, Comment, Tag
from markdownify import MarkdownConverter

from knowledge.formats.text import Text, Unreadable

UNSEEN = (
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas", "form", "button",
    "nav", "footer", "aside", "head", "dialog",
)  # fmt: skip

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(\D|$)", re.I)


_CONVERTER = MarkdownConverter(
    heading_style="atx",
    bullets="-",
    strip=["a", "img", "b", "strong", "em", "i", "u"],  # words and their order, without links, pictures and stress
    escape_asterisks=False,
    escape_underscores=False,
    table_infer_header=True,
)


def read_html(content: bytes) -> list[Text]:
    soup = BeautifulSoup(content, "lxml")
    try:
        title = _words(soup.find("h1")) or _words(soup.find("title"))
        for gone in [*soup.find_all(UNSEEN), *soup.find_all(_unseen)]:
            gone.decompose()
        for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
            comment.extract()
        body = as_markdown(_main(soup))
    except RecursionError as error:
        raise Unreadable("is nested too deeply to be a guideline; save it as text") from error
    if not body:
        raise Unreadable("holds no text; a page that a script fills cannot be read: save it as PDF or text")
    return [Text(body, title)]


def as_markdown(part: Tag | BeautifulSoup) -> str:
    text = _CONVERTER.convert_soup(part)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def _main(soup: BeautifulSoup) -> Tag | BeautifulSoup:
    """The page's main part, if it is marked; else the whole page."""
    found = soup.find("main") or soup.find(role="main")
    articles = soup.find_all("article")
    return found or (articles[0] if len(articles) == 1 else soup.body or soup)


def _unseen(tag: Tag) -> bool:
    return (
        tag.has_attr("hidden") or tag.get("aria-hidden") == "true" or bool(_HIDDEN.search(str(tag.get("style") or "")))
    )


def _words(tag: Tag | None) -> str:
    return " ".join(tag.get_text(" ").split()) if tag else ""
