"""Answers by number: a number chooses what a tap would, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.numbered import SHOWN, numbered_words, numbers, picked, with_numbers
from dialogue.conversation import Option, QuestionKind
from dialogue.view import PatientQuestion


def question(kind: QuestionKind, *values: str) -> PatientQuestion:
    choices = tuple(Option(value=value, label=value.capitalize()) for value in values)
    findings = tuple(value for value in values if value != "none")
    return PatientQuestion(id="history:x", kind=kind, findings=findings, choices=choices, why="")


GROUP = question(QuestionKind.MULTI_CHOICE, "fever", "cough", "rash", "none")
YES_NO = question(QuestionKind.YES_NO, "yes", "no", "unknown")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1", ("fever",)),
        ("1 3", ("fever", "rash")),
        ("3,1", ("rash", "fever")),
        ("1 and 2.", ("fever", "cough")),
        ("1 y 2", ("fever", "cough")),
        (" 2 & 2 ", ("cough",)),
        ("01", ("fever",)),
        ("0", ("none",)),
        ("0 2", ("cough",)),
        ("4", ()),
        ("13", ()),
        ("1 9", ()),
        ("1 fever", ()),
        ("no", ()),
        ("", ()),
    ],
)
def test_numbers_of_a_group_choose_what_they_stand_for(text: str, values: tuple[str, ...]) -> None:
    assert picked(GROUP, text) == values


def test_one_number_answers_yes_or_no_and_two_are_no_answer() -> None:
    assert picked(YES_NO, "2") == ("no",)
    assert picked(YES_NO, "1 2") == ()


def test_a_number_where_nothing_is_offered_is_a_number() -> None:
    assert picked(question(QuestionKind.NUMBER), "2") == ()
    assert picked(None, "2") == ()


def test_the_list_says_how_to_answer_and_none_of_these_is_zero() -> None:
    assert with_numbers(GROUP, "en").splitlines() == ["1. Fever", "2. Cough", "3. Rash", numbered_words()["en"].many]
    assert with_numbers(question(QuestionKind.TEXT), "en") == ""


@given(st.text(max_size=30))
def test_nothing_is_chosen_that_was_not_offered(text: str) -> None:
    for asked in (GROUP, YES_NO):
        assert set(picked(asked, text)) <= {option.value for option in numbers(asked).values()}


def test_of_a_long_list_the_first_few_and_the_last_are_told() -> None:
    many = question(QuestionKind.CHOICE, *(f"a{number}" for number in range(60)), "other")
    lines = with_numbers(many, "en").splitlines()
    assert len(lines) == SHOWN + 1
    assert lines[-2] == f"{SHOWN}. Other"
    assert picked(many, str(SHOWN)) == ("other",)
    assert picked(many, "1") == ("a0",)
    assert picked(many, str(SHOWN + 1)) == ()
