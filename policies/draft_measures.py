"""Measures of a draft's quality as shares (so many of so many). Knows nothing about who wrote it."""

from collections.abc import Iterable

from policies.case import Case, Statement
from policies.draft import Draft, Objection
from policies.facts import Status
from policies.grounding import sentences_of
from policies.negation import Said, polarity
from policies.review_words import review_words
from policies.ruleset import WHO_THEY_ARE

UNSAFE = frozenset(
    {
        *("level_lowered", "certainty", "diagnosis", "medicine", "reassurance", "leak"),
        *("states_absent", "denies_present", "not_in_record"),
        *("message_diagnosis", "message_medicine", "message_urgency", "message_contact"),
    }
)
"""The codes of objections to what could harm a patient; the others are about form."""


def is_safe(objections: Iterable[Objection]) -> bool:
    return not {found.code for found in objections} & UNSAFE


def told_of(case: Case) -> list[Statement]:
    """What is present in the patient, without what only says who they are."""
    return [
        statement
        for statement in case.statements
        if statement.status is Status.PRESENT and statement.finding not in WHO_THEY_ARE and not statement.about_other
    ]


def recalled(draft: Draft, case: Case) -> list[bool]:
    """For each present statement, whether the subjective part names it by its label."""
    told = draft.subjective.lower()
    return [statement.label.lower() in told for statement in told_of(case)]


def denials_recalled(draft: Draft, case: Case) -> list[bool]:
    """For each thing that the patient denied, whether the subjective part denies it."""
    denied = [
        statement.label
        for statement in case.statements
        if statement.status is Status.ABSENT and not statement.about_other
    ]
    said = polarity(draft.subjective, [statement.label for statement in case.statements], review_words().denying)
    return [Said.DENIED in said[label] for label in denied]


def supported(draft: Draft, case: Case) -> list[bool]:
    """For each sentence of the subjective part, whether it rests on what was stated."""
    return [sentence.supported for sentence in sentences_of(draft.subjective, case)]


def cited(draft: Draft) -> list[bool]:
    """For each explanation and action, whether it cites a passage."""
    return [bool(part.passages) for part in draft.explanations] + [bool(part.passages) for part in draft.actions]
