"""Stated or denied, clause by clause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.negation import Said, polarity
from policies.review_words import review_words
from tests.cases import LABELS

LABEL_LIST = ["Fever", "Cough", "Chest pain", "Pain", "Not drinking", "Pain on swallowing"]


def said(text: str, label: str) -> Said:
    return polarity(text, LABEL_LIST, review_words().denying)[label]


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("Reports fever.", "Fever", Said.STATED),
        ("Denies fever, cough and chest pain.", "Chest pain", Said.DENIED),
        ("No fever but a cough.", "Cough", Said.STATED),
        ("No fever but a cough.", "Fever", Said.DENIED),
        ("Fever is absent.", "Fever", Said.DENIED),
        ("Fever: no. Cough: yes.", "Fever", Said.DENIED),
        ("Fever: no. Cough: yes.", "Cough", Said.STATED),
        ("The patient does not have a fever; cough for days.", "Cough", Said.STATED),
        ("Without any fever", "Fever", Said.DENIED),
        ("Has a cough. No fever. Later fever.", "Fever", Said.STATED | Said.DENIED),
        ("No chest pain.", "Pain", Said.NOT_AT_ALL),
        ("Reports not drinking, fever.", "Fever", Said.STATED),
        ("Reports not drinking, fever.", "Not drinking", Said.STATED),
        ("Reports cough (no better), fever.", "Fever", Said.STATED),
        ("Reports cough (no fever).", "Fever", Said.DENIED),
        ("Denies that he has fever", "Fever", Said.STATED),
        ("Feverish", "Fever", Said.NOT_AT_ALL),
        ("", "Fever", Said.NOT_AT_ALL),
    ],
)
def test_polarity(text: str, label: str, expected: Said) -> None:
    assert said(text, label) is expected


@given(st.lists(LABELS, unique=True), st.text())
def test_every_label_gets_an_answer_whatever_the_text(labels: list[str], text: str) -> None:
    assert set(polarity(text, labels, review_words().denying)) == set(labels)


@given(st.lists(LABELS, min_size=1, unique=True))
def test_a_list_behind_denies_is_denied_and_behind_reports_stated(labels: list[str]) -> None:
    listed = ", ".join(label.lower() for label in labels)
    denied = polarity(f"Denies: {listed}.", labels, review_words().denying)
    stated = polarity(f"Reports: {listed}.", labels, review_words().denying)
    assert set(denied.values()) == {Said.DENIED}
    assert set(stated.values()) == {Said.STATED}
