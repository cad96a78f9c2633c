"""Small guideline documents for tests."""

from pathlib import Path

from knowledge.chunking import chunks_of
from knowledge.documents import Document, parse_document
from knowledge.index import Entry

FRONT = """---
title: {title}
source: Public guidance, Section 1
review_date: 2026-01-31
protocols: [{protocols}]
---
"""

KNEE = "## Red flags\n\nA hot swollen knee with fever.\n\n## Care\n\nRest the knee and raise it.\n"
EAR = "## Red flags\n\nSwelling behind the ear.\n"
GENERAL = "## Escalate\n\nCall the physician on duty.\n"


def written(body: str, title: str = "Knee pain", protocols: str = "knee") -> str:
    return FRONT.format(title=title, protocols=protocols) + body


def document(name: str, body: str, title: str = "Knee pain", protocols: str = "knee") -> Document:
    return parse_document(written(body, title, protocols), f"{name}.md")


def entry(name: str, body: str, title: str = "Knee pain", protocols: str = "knee", origin: str = "/g") -> Entry:
    return Entry(name, origin, chunks_of(document(name, body, title, protocols)))


def three() -> list[Entry]:
    return [
        entry("knee", KNEE),
        entry("ear", EAR, title="Ear pain", protocols="ear"),
        entry("duty", GENERAL, title="On duty", protocols="general"),
    ]


def put(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, "utf-8")
    return path
