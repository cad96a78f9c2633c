"""What kinds of file a guideline may be. Knows nothing about what a document says of itself, nor about folders.

Every reader turns untrusted bytes into Markdown and runs nothing that is in them.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from knowledge.formats.docx import read_docx
from knowledge.formats.html import read_html
from knowledge.formats.medlineplus import read_health_topics
from knowledge.formats.pdf import read_pdf
from knowledge.formats.text import Text, read_text

LARGEST_BYTES = 50_000_000

Reader = Callable[[bytes], list[Text]]

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".md": read_text,
        ".markdown": read_text,
        ".txt": read_text,
        ".html": read_html,
        ".htm": read_html,
        ".pdf": read_pdf,
        ".docx": read_docx,
        ".xml": read_health_topics,
    }
)

KINDS = "Markdown (.md), text (.txt), HTML, PDF, Word (.docx) or MedlinePlus topics (.xml)"
