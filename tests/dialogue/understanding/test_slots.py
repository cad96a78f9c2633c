"""The abbreviations in lay phrases are written out."""

import pytest

from dialogue.understanding import Lexicon
from dialogue.understanding.slots import UnknownSlot, written_out
from policies.findings import Finding
from policies.problems import ContentError

SLOTS = {"hand": "hand|hands|(left hand)", "limb": "arm|<hand>"}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("cold hands", ["cold hands"]),
        ("cold <hand>", ["cold (hand|hands|(left hand))"]),
        ("weak <limb>", ["weak (arm|(hand|hands|(left hand)))"]),
        ("foot ~ cold", ["foot .. cold", "cold .. foot"]),
        ("foot ~~ cold", ["foot ... cold", "cold ... foot"]),
        ("a ~ b ~ c", ["a .. b .. c", "a .. c .. b", "b .. a .. c", "b .. c .. a", "c .. a .. b", "c .. b .. a"]),
    ],
)
def test_written_out(pattern: str, expected: list[str]) -> None:
    assert list(written_out(pattern, SLOTS)) == expected


def test_an_unknown_class_is_told() -> None:
    with pytest.raises(UnknownSlot, match="column 6 of 'weak <elbow>': there is no slot <elbow>"):
        list(written_out("weak <elbow>", SLOTS))
    with pytest.raises(ContentError, match="no slot <elbow>"):
        Lexicon.build({"weak": Finding(id="weak", label="Weak", phrases={"en": ("weak <elbow>",)})}, "en")
