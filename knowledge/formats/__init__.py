"""What kinds of file a guideline may be. Knows nothing about what a document says of itself, nor about folders.

Every reader turns untrusted bytes into Markdown and runs nothing that is in them. The libraries that some of them need
are loaded with the first such file: a server that reads its guidelines from an index starts without them.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from knowledge.formats.text import Text, read_text

LARGEST_BYTES = 50_000_000

Reader = Callable[[bytes], list[Text]]
"""Reads a file's bytes into its documents, at least one. Raises Unreadable."""


def _html(content: bytes) -> list[Text]:
    from knowledge.formats.html import read_html

    return read_html(content)


def _pdf(content: bytes) -> list[Text]:
    from knowledge.formats.pdf import read_pdf

    return read_pdf(content)


def _docx(content: bytes) -> list[Text]:
    from knowledge.formats.docx import read_docx

    return read_docx(content)


def _health_topics(content: bytes) -> list[Text]:
    from knowledge.formats.medlineplus import read_health_topics

    return read_health_topics(content)


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".md": read_text,
        ".markdown": read_text,
        ".txt": read_text,
        ".html": _html,
        ".htm": _html,
        ".pdf": _pdf,
        ".docx": _docx,
        ".xml": _health_topics,
    }
)

KINDS = "Markdown (.md), text (.txt), HTML, PDF, Word (.docx) or MedlinePlus topics (.xml)"
