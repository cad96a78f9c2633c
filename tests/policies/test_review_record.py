"""The history in a draft is read as a patient's words are: what the record does not hold is found in any words."""

from collections.abc import Sequence

import pytest

from dialogue.case import reader_of
from policies.case import Case, Statement
from policies.draft import Draft
from policies.facts import Evidence, Status
from policies.review import review
from tests.cases import CASE, DRAFT, PASSAGES
from training.clinic import training_clinic


def statement(number: int, finding: str, status: Status, quote: str, value: str = "") -> Statement:
    label = training_clinic().ruleset.findings[finding].label
    return Statement(
        id=f"F{number}",
        finding=finding,
        label=label,
        status=status,
        value=value,
        evidence=Evidence(turn=number, quote=quote),
    )


HELD = CASE.model_copy(
    update={
        "statements": (
            statement(1, "sore_throat", Status.PRESENT, "sore throat for three days"),
            statement(2, "fever", Status.PRESENT, "a bit of fever"),
            statement(3, "breathlessness", Status.ABSENT, "no"),
            statement(4, "cannot_swallow_saliva", Status.ABSENT, "no"),
            statement(5, "rash", Status.UNKNOWN, "I don't know"),
            statement(6, "symptom_duration", Status.PRESENT, "sore throat for three days", "3 days"),
        )
    }
)
"""Sore throat and fever; breathlessness and drooling are denied; nobody knows of a rash; nothing else was asked."""


def objections(subjective: str, case: Case = HELD) -> Sequence[str]:
    draft: Draft = DRAFT.model_copy(update={"subjective": subjective})
    found = review(draft, case, PASSAGES, read=reader_of(training_clinic()))
    return [objection.detail for objection in found if objection.code == "not_in_record"]


@pytest.mark.parametrize(
    "text",
    [
        "34-year-old woman with a sore throat for three days and fever. Denies trouble breathing and drooling.",
        "She reports a sore throat and feeling feverish. She denies shortness of breath.",
        "Sore throat and fever, no breathlessness, not drooling.",
        "Reports: sore throat, fever. Denies: breathlessness, cannot swallow saliva.",
    ],
)
def test_what_the_record_holds_may_be_told_in_any_words(text: str) -> None:
    assert objections(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sore throat with crushing chest pain.", "chest pain, which nobody told"),
        ("Sore throat. She is short of breath.", "states breathlessness, which is absent"),
        ("Sore throat and a stiff neck since yesterday.", "states neck stiffness, which nobody told"),
        ("Sore throat. Denies chest pain.", "denies chest pain, which nobody denied"),
        ("Sore throat. Denies trouble breathing, drooling, coughing up blood.", "coughing blood, which nobody denied"),
        ("Sore throat without a high temperature.", "denies fever, which is present"),
        ("Sore throat. No rash.", "denies rash, which nobody denied"),
        ("Sore throat for three months.", "gives another number for symptom duration"),
    ],
)
def test_what_it_does_not_hold_is_found_in_any_words(text: str, found: str) -> None:
    assert any(found in each for each in objections(text)), objections(text)


def test_what_the_patient_only_typed_is_held() -> None:
    words = (*HELD.patient_words, Evidence(turn=2, quote="and my neck is stiff, no chest pain though"))
    case = HELD.model_copy(update={"patient_words": words})
    assert objections("Sore throat and a stiff neck. Denies chest pain.", case) == []


def test_without_a_reading_only_the_records_own_names_are_found() -> None:
    draft = DRAFT.model_copy(update={"subjective": "Sore throat. Denies chest pain."})
    assert not any(objection.code == "not_in_record" for objection in review(draft, HELD, PASSAGES))
