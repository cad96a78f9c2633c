"""Payloads as an earlier previsit kept them → as they are kept now. Knows no engine.

Before there was an approval, every guideline that was held was in use; it is in use still, approved by nobody named.
"""

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from knowledge.approval import SHIPPED
from knowledge.chunking import Chunk
from knowledge.errors import KnowledgeUnavailable
from knowledge.front_matter import REVIEW_EVERY
from knowledge.index import Entry, payloads
from policies.whom import AgeBand, Pregnancy

LAYOUT = "2"
"""Of the payloads written now; the first one bore no number."""


def modern(kept: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """All payloads of an index of the first layout, in the same order."""
    try:
        places: Counter[str] = Counter()
        found = []
        for each in kept:
            entry = Entry(each["document"], each["origin"], (_chunk(each["chunk"]),), SHIPPED)
            shared = {"digest": each["digest"], "parts": each["parts"], "place": places[each["document"]]}
            found.append({**payloads(entry)[0], **shared})
            places[each["document"]] += 1
        return found
    except (KeyError, TypeError, ValueError) as error:
        raise KnowledgeUnavailable("The guideline index holds something that previsit did not write.") from error


def _chunk(old: Mapping[str, Any]) -> Chunk:
    due = datetime.date.fromisoformat(old["review_date"]) + REVIEW_EVERY
    new = {
        "review_due": due.isoformat(),
        "reviewed_by": "",
        "page": None,
        "age_band": [band.value for band in AgeBand],
        "pregnancy": Pregnancy.ANY.value,
        "publisher": "",
        "licence": "",
        "edition": "",
        "audience": "nurse",
    }
    return Chunk.model_validate({**new, **old})
