"""The gate after an export: it opens only when what is served says what was trained, and the adapter is in use."""

import pytest

from training.parity import Parity, ParityBroken, alike, check

GOOD = Parity(prompt=0, merged=1.0, served=0.95, base=0.2)


def test_what_says_the_same_passes() -> None:
    check([GOOD, GOOD._replace(base=1.0), GOOD._replace(served=0.6)])


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (GOOD._replace(merged=0.99), "merged model answers otherwise"),
        (GOOD._replace(served=0.7), "shares 70%"),
        (GOOD._replace(served=0.4), "shares 40%"),
        (GOOD._replace(base=1.0), "adapter changes nothing"),
    ],
)
def test_what_does_not_is_named(broken: Parity, why: str) -> None:
    with pytest.raises(ParityBroken, match=why):
        check([broken])


def test_likeness_is_a_share_of_characters() -> None:
    assert alike("abc", "abc") == 1.0
    assert alike("abc", "xyz") == 0.0
