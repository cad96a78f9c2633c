"""Notes that travel through a browser: whatever is changed on the way, none is believed."""

from hypothesis import given
from hypothesis import strategies as st

from channels.console.signed import Signed
from tests.clock import SetClock

CLOCK = SetClock()
SIGNED = Signed(b"a server's own secret", CLOCK)
NOTE = {"name": "Kim Lee", "after": "/console"}


def test_a_note_comes_back_as_it_was_for_its_purpose_and_in_time() -> None:
    clock = SetClock()
    signed = Signed(b"secret", clock)
    text = signed.issue("password", NOTE, 300)
    assert signed.read("password", text) == NOTE
    assert signed.read("identity", text) is None
    assert Signed(b"another", clock).read("password", text) is None
    clock.at += 300
    assert signed.read("password", text) is None


def test_every_changed_character_is_noticed() -> None:
    text = SIGNED.issue("password", NOTE, 300)
    for at in range(len(text)):
        for other in "Aa0._-=~":
            if text[at] != other:
                assert SIGNED.read("password", text[:at] + other + text[at + 1 :]) is None
        assert SIGNED.read("password", text[:at]) is None
        assert SIGNED.read("password", text[:at] + text[at + 1 :]) is None


@given(st.text(max_size=200))
def test_nothing_that_somebody_makes_up_is_believed_or_fails(text: str) -> None:
    assert SIGNED.read("password", text) is None
