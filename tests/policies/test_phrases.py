"""Finding words whatever the typography."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.phrases import any_pattern, any_word, foreign_letters, plain, sentences


@pytest.mark.parametrize(
    "written",
    ["you’re fine", "You're\u00a0 FINE", "you\u200b're fi\u00adne", "ｙｏｕ're ﬁne", "you're\tfine"],
)
def test_plain_sees_through_typography(written: str) -> None:
    assert plain(written) == "you're fine"


def test_a_line_end_stays_a_line_end() -> None:
    assert plain("a \n b") == "a \n b"


@given(st.text())
def test_plain_twice_is_plain_once(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_whole_words_only_and_the_longest_first() -> None:
    found = any_word(["pain", "chest pain", "co-codamol"]).findall("chest pain, painter, co-codamol")
    assert found == ["chest pain", "co-codamol"]


def test_no_phrases_match_nothing() -> None:
    assert not any_word([]).search("anything")
    assert not any_pattern([]).search("anything")


def test_any_pattern_keeps_each_apart() -> None:
    assert any_pattern([re.compile("a|b"), re.compile("c")]).findall("xbc") == ["b", "c"]


def test_a_decimal_point_ends_no_sentence() -> None:
    assert sentences("it is 38.4 now. call us; or come") == ["it is 38.4 now", " call us", " or come"]


def test_foreign_letters() -> None:
    assert foreign_letters("yоu", ("LATIN",))  # the middle letter is Cyrillic
    assert not foreign_letters("señor, 38 °C!", ("LATIN",))
    assert not foreign_letters("β-hCG", ("LATIN", "GREEK"))
