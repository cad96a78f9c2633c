"""The query for the guidelines: the facts in clinical words. Knows no index.

The patient's own words are left out on purpose: searching with them finds less, and so they reach no other system.
"""

from llm.patient import clinical
from llm.port import Guidelines
from policies.case import Case
from policies.demographics import demographics_of
from policies.facts import Status
from policies.passages import Passage

PASSAGES = 4
"""The most passages of one assessment."""

_LONGEST = 12


async def passages_for(case: Case, guidelines: Guidelines, limit: int = PASSAGES) -> list[Passage]:
    """The passages for a case; none if nothing is known of it."""
    query = retrieval_query(case)
    return await guidelines.search(query, case.protocols, limit, demographics_of(case)) if query else []


def retrieval_query(case: Case) -> str:
    """The names of the open protocols, then the labels of what the patient has now; empty if nothing is known."""
    protocols = [protocol.replace("_", " ").replace("-", " ") for protocol in case.protocols]
    present = [
        statement.label
        for statement in clinical(case.statements)
        if statement.status is Status.PRESENT and not statement.about_other and not statement.in_past
    ]
    return ", ".join(list(dict.fromkeys([*protocols, *present]))[:_LONGEST])
