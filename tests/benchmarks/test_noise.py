"""Each perturbation does what its name says, the same way each time, and the text stays readable."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.noise import AFTER, BEFORE, PERTURBATIONS, beside, noisy

TEXT = "Please help, my neighbour's breathing is getting worse, 38.5 and 120/80. Are you there? He can't speak to me!"


@pytest.mark.parametrize("name", PERTURBATIONS)
def test_every_perturbation_is_described_and_repeatable(name: str) -> None:
    assert PERTURBATIONS[name].__doc__
    assert noisy(TEXT, name) == noisy(TEXT, name) != TEXT


@given(st.sampled_from(sorted(PERTURBATIONS)), st.text(), st.integers())
def test_any_text_survives_with_its_figures(name: str, text: str, seed: int) -> None:
    figures = re.findall(r"[0-9]+", text)
    spoilt = re.findall(r"[0-9]+", noisy(text, name, seed))
    assert name == "sms_shorthand" or spoilt == figures


def test_a_typo_is_a_neighbour_on_the_keyboard() -> None:
    for seed in range(50):
        spoilt = noisy("breathing", "keyboard_typos", seed)
        ((old, new),) = [(a, b) for a, b in zip("breathing", spoilt, strict=True) if a != b]
        assert new in beside(old)
    assert sorted(beside("g")) == list("bfhtvy")
    assert beside("é") == ""


def test_swapped_letters_stand_side_by_side_behind_the_first() -> None:
    for seed in range(50):
        spoilt = noisy("chest", "swapped_letters", seed)
        assert spoilt in {"cehst", "chset", "chets"}


def test_one_word_loses_its_vowels() -> None:
    assert noisy("my breathing", "dropped_vowels") == "my brthng"
    changed = [a for a, b in zip(TEXT.split(), noisy(TEXT, "dropped_vowels").split(), strict=True) if a != b]
    assert len(changed) == 1


def test_shorthand_replaces_whole_words_only() -> None:
    assert noisy("Are you there for the toe? PLEASE come to me because", "sms_shorthand") == (
        "r u there 4 da toe? pls come 2 me cuz"
    )


def test_marks_go_and_figures_keep_theirs() -> None:
    assert noisy("He can't, 38.5! Pulse 120/80. Why?", "no_punctuation") == "He cant 38.5 Pulse 120/80 Why"


def test_capitals() -> None:
    assert noisy("Can't Breathe", "lower_case") == "can't breathe"
    assert noisy("Can't Breathe", "upper_case") == "CAN'T BREATHE"


def test_lookalikes_are_of_another_alphabet() -> None:
    names = [unicodedata.name(char) for char in noisy("chest", "homoglyphs")]
    assert any(name.startswith("CYRILLIC") for name in names)
    assert any(name.startswith("LATIN") for name in names)


def test_characters_without_width_are_all_that_is_added() -> None:
    spoilt = noisy(TEXT, "zero_width_characters")
    assert "".join(char for char in spoilt if unicodedata.category(char) != "Cf") == TEXT


def test_chit_chat_keeps_every_word_of_the_message() -> None:
    spoilt = noisy(TEXT, "chit_chat")
    assert TEXT in spoilt
    assert spoilt.startswith(BEFORE)
    assert spoilt.endswith(AFTER)
