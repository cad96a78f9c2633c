"""The little language of lay phrases: what it matches, and where a malformed one is wrong."""

import pytest

from dialogue.understanding import Lexicon, understand
from dialogue.understanding.patterns import PatternError, variants
from policies.findings import Finding
from policies.problems import ContentError, Problem


def plain(pattern: str) -> set[str]:
    """The variants as text, a gap as dots."""
    found = variants(pattern, lambda word: [word], {})
    return {" ".join("." * step.gap + "|".join(sorted(step.words)) for step in steps) for steps in found}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("chest pain", {"chest pain"}),
        ("pain|ache", {"ache|pain"}),
        ("(pain|ache) inside", {"ache|pain inside"}),
        ("very? bad", {"bad", "very bad"}),
        ("(short of|hard to get) breath", {"short of breath", "hard to get breath"}),
        ("chest .. heavy", {"chest ...heavy"}),
        ("chest ... heavy", {"chest ......heavy"}),
    ],
)
def test_variants(pattern: str, expected: set[str]) -> None:
    assert plain(pattern) == expected


@pytest.mark.parametrize(
    ("pattern", "column"),
    [
        ("chest (pain", 7),
        ("stopped (shaking|fits?)", 18),
        ("chest pain)", 11),
        ("chest pain|ache", 11),
        ("Chest pain", 1),
        ("chest ..", 9),
        (".. chest", 1),
        ("chest . pain", 7),
        ("ch*", 1),
        ("chest | pain", 7),
        ("very?", 1),
        ("", 1),
    ],
)
def test_errors_have_their_column(pattern: str, column: int) -> None:
    with pytest.raises(PatternError) as caught:
        plain(pattern)
    assert caught.value.column == column


def test_all_malformed_patterns_are_told_at_once_with_their_place() -> None:
    broken = Finding(id="pain", label="Pain", phrases={"en": ("chest (pain", "very?")})
    with pytest.raises(ContentError) as caught:
        Lexicon.build({"pain": broken}, "en", {"finding pain": Problem("chest.yaml", 7, 3, "")})
    assert [(one.file, one.line) for one in caught.value.problems] == [("chest.yaml", 7)] * 2


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("chest pain", "chest is really a pain", True),
        ("chest pain", "chest of drawers, pain", False),
        ("chest .. heavy", "my chest has become heavy", True),
        ("chest .. heavy", "my chest. heavy rain", False),
        ("chest .. heavy", "my chest; heavy rain", False),
        ("chest .. heavy", "my chest but heavy bags", False),
        ("potassium .. 6.8", "my potassium came back at 6.8", True),
        ("potassium .. 6.8", "my potassium was 4.8", False),
        ("tight*", "tightness", True),
        ("tight*", "a tig", False),
    ],
)
def test_what_a_pattern_fits(pattern: str, text: str, fits: bool) -> None:
    lexicon = Lexicon.build({"it": Finding(id="it", label="It", phrases={"en": (pattern,)})}, "en")
    assert any(fact.finding == "it" for fact in understand(text, lexicon).facts) is fits
