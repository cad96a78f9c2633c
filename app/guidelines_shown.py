"""Guidelines as the command line shows them: documents, passages, why a passage was found. Knows no engine."""

import datetime
import textwrap
from collections.abc import Sequence

from knowledge.index import Held, Hit, chunk_in
from knowledge.ingest import Summary
from knowledge.relevance import COMPANION
from policies.passages import Passage, warnings

EXCERPT = 300
"""Characters of a passage that a search shows."""


def summary(done: Summary) -> str:
    """What an ingest did, what it left out and why, and the counts."""
    lines = [f"{name:8} {each}" for name in ("added", "updated", "removed") for each in getattr(done, name)]
    for each in done.skipped:
        lines.append(f"{'skipped':8} {each.reason if each.document else f'{each.file}: {each.reason}'}")
    lines += [f"{'note':8} {note}" for note in done.notes]
    counts = {name: len(getattr(done, name)) for name in ("added", "updated", "unchanged", "removed", "skipped")}
    lines.append(", ".join(f"{count} {name}" for name, count in counts.items()) + ".")
    lines.append(f"Waiting for approval: {len(done.waiting)}. Passages held: {done.passages}.")
    return "\n".join(lines)


def document(held: Held, today: datetime.date) -> str:
    chunk = held.chunk
    by = f", {held.approval.by} {held.approval.on}" if held.approval.by else ""
    reviewer = chunk.reviewed_by or held.approval.by
    said = "; ".join(warnings(chunk.review_due, reviewer, today))
    return f"{held.approval.state:9} {held.document:40} due {chunk.review_due}{by}" + (f"  ({said})" if said else "")


def passage(found: Passage) -> str:
    excerpt = textwrap.shorten(found.text, EXCERPT, placeholder=" …")
    said = "; ".join([f"reviewed {found.review_date}", *found.warnings(datetime.date.today())])
    page = f", page {found.page}" if found.page else ""
    return (
        f"{found.score:.2f}  {found.id}\n      {found.title} > {found.heading}\n"
        + textwrap.indent(textwrap.fill(excerpt, 100), "      ")
        + f"\n      {found.source}{page} ({said})"
    )


def explained(hits: Sequence[Hit], floor: float) -> str:
    """Every candidate in fused order: its cosine, its place in each search, its fused score, and whether it is used."""
    best = max((hit.cosine for hit in hits), default=0.0)
    head = f"{'cosine':>6} {'dense':>6} {'words':>6} {'fused':>6}"
    lines = [f"{head}   (used: the best cosine at least {floor:.2f}, each other at least {floor * COMPANION:.2f})"]
    for hit in hits:
        used = best >= floor and hit.cosine >= floor * COMPANION
        places = " ".join(f"{place or '-':>6}" for place in (hit.dense_place, hit.lexical_place))
        lines.append(
            f"{hit.cosine:6.2f} {places} {hit.fused:6.4f} {' ' if used else 'x'} {chunk_in(hit.row.payload).id}"
        )
    return "\n".join(lines)
