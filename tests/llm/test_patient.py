"""Who the patient is, in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm.patient import age_in_words, clinical, patient_in_words
from tests.cases import CASE, statement


@pytest.mark.parametrize(
    ("years", "words"),
    [
        (0, "0-day-old"),
        (9 / 365.25, "9-day-old"),
        (49 / 365.25, "7-week-old"),
        (8 / 12, "8-month-old"),
        (1.5, "18-month-old"),
        (2, "2-year-old"),
        (34.9, "34-year-old"),
        (101, "101-year-old"),
    ],
)
def test_age(years: float, words: str) -> None:
    assert age_in_words(years) == words


@given(st.floats(0, 130))
def test_any_age(years: float) -> None:
    assert age_in_words(years).endswith("-old")


def test_what_is_not_known_is_said() -> None:
    assert patient_in_words(CASE) == "34-year-old female"
    assert patient_in_words(CASE.model_copy(update={"age_years": None, "sex": "other"})) == "patient, age not known"


def test_age_and_sex_are_no_clinical_statements() -> None:
    kept = clinical((statement(1, "Age", "present", "34"), statement(2, "Fever", "present")))
    assert [known.id for known in kept] == ["F2"]
