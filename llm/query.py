"""What is searched for in the guidelines: the facts, in the clinic's words. Knows nothing about the index.

The patient's own words are left out on purpose: searching with them finds less, and keeps them out of another system.
"""

from llm.patient import clinical
from policies.case import Case
from policies.facts import Status

_LONGEST = 12


def retrieval_query(case: Case) -> str:
    """Labels of what is present now in the patient, after the complaint's protocols; empty when nothing is known."""
    protocols = [protocol.replace("_", " ").replace("-", " ") for protocol in case.protocols]
    present = [
        known.label
        for known in clinical(case.statements)
        if known.status is Status.PRESENT and not known.about_other and not known.in_past
    ]
    return ", ".join(list(dict.fromkeys([*protocols, *present]))[:_LONGEST])
