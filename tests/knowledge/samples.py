"""Small guideline documents for tests."""

import datetime
from pathlib import Path

from knowledge.approval import SHIPPED, State, decided
from knowledge.chunking import chunks_of
from knowledge.documents import Document, parse_document
from knowledge.index import Entry, GuidelineIndex

DAY = datetime.date(2026, 11, 25)

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
    """Approved, so that it is found."""
    return Entry(name, origin, chunks_of(document(name, body, title, protocols)), SHIPPED)


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


async def names(index: GuidelineIndex) -> set[str]:
    """Of the documents held."""
    return {each.document for each in await index.documents()}


async def approve_all(index: GuidelineIndex) -> None:
    """What waits is taken into use, as a doctor does."""
    for each in await index.documents():
        if each.approval.state is State.PENDING:
            await index.decide(each.document, each.digest, decided(State.APPROVED, "Dr Ana Ruiz", DAY))
