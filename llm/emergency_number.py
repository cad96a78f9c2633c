"""Puts the clinic's emergency number into a draft's message to the patient. A model never writes the number itself: it
writes "the emergency number", which is replaced here once the draft has passed the review.
"""

import re

from policies.draft import MESSAGE_CHARACTERS, Draft

_SPOKEN = re.compile(r"\b(?:(?:the|your|your local) emergency number|número de emergencias)\b", re.IGNORECASE)
"""How the emergency number is mentioned in the languages of the drafts' messages."""


def with_number(draft: Draft, number: str) -> Draft:
    """The draft with the number in its message; unchanged if no number is known or the message would get too long."""
    message = _SPOKEN.sub(lambda _: number, draft.patient_message) if number else draft.patient_message
    if len(message) > MESSAGE_CHARACTERS:
        return draft
    return draft.model_copy(update={"patient_message": message})
