"""Slips of the keyboard and words without vowels are read, ordinary words are left alone."""

import pytest

from dialogue.understanding import Lexicon
from dialogue.understanding.spelling import Speller
from policies.loading import load_ruleset

LEXICON = Lexicon.build(load_ruleset().findings, "en")


def read(text: str) -> str:
    words = LEXICON.reader.read(text).words
    LEXICON.speller.correct(words)
    return " ".join(words)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("breathong", "breathing"),
        ("breqthe", "breath"),
        ("brthng", "breathing"),
        ("hanginh", "hanging"),
        ("confusex", "confused"),
        ("uellow", "yellow"),
        ("stoppde", "stopped"),
        ("cnanot", "cant"),
        ("colkur", "color"),
        ("sezure", "seizure"),
        ("hrad", "hard"),
        ("fce", "face"),
    ],
)
def test_a_misspelt_word_is_corrected(written: str, meant: str) -> None:
    assert read(written) == meant


ORDINARY = "what is your opinion of the price of fresh bread, Steve? my sister Chloe has a stroller and a choir"


@pytest.mark.parametrize("text", [ORDINARY.lower(), "hrt and nhs and mri", "she lent me a flask, brackets, chess"])
def test_an_ordinary_word_is_not_corrected(text: str) -> None:
    words = LEXICON.reader.read(text).words
    assert read(text).split() == words


def test_a_word_that_may_be_either_of_two_is_doubtful() -> None:
    speller = Speller(["bleeding", "blending", "seizure"], [], keyboard=("qwertyuiop", "asdfghjkl", "zxcvbnm"))
    words = ["blzeding", "bleding", "seizurr"]
    slips = speller.correct(words)
    assert words[2] == "seizure"
    assert 2 in slips.sure
    assert 1 in slips.doubtful
