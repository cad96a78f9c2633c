"""The clinic's emergency number in a draft's message to the patient. A model is never asked to write a number down:
it and the rules say "the emergency number", which is told here, once the draft has passed its review.
"""

import re

from policies.draft import MESSAGE_CHARACTERS, Draft

_SPOKEN = re.compile(r"\b(?:(?:the|your|your local) emergency number|número de emergencias)\b", re.IGNORECASE)
"""In the languages that drafts tell patients something in."""


def with_number(draft: Draft, number: str) -> Draft:
    """The same draft where no number is known, or where the message would grow beyond what a draft may hold."""
    message = _SPOKEN.sub(lambda _: number, draft.patient_message) if number else draft.patient_message
    if len(message) > MESSAGE_CHARACTERS:
        return draft
    return draft.model_copy(update={"patient_message": message})
