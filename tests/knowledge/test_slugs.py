import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.slugs import slug


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("When to be seen, and how soon?", "when-to-be-seen-and-how-soon"),
        ("Signes d'alerte sévères", "signes-d-alerte-severes"),
        ("sore_throat Adult", "sore-throat-adult"),
        ("сорное горло", "сорное-горло"),
        ("???", "section"),
        ("", "section"),
    ],
)
def test_slug(text: str, expected: str) -> None:
    assert slug(text) == expected


@given(st.text())
def test_a_slug_is_its_own_slug_and_holds_no_separator(text: str) -> None:
    made = slug(text)
    assert made and slug(made) == made
    assert not set(made) & set("# /\n")
