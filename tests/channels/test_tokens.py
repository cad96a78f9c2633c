import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.tokens import Tokens

TOKENS = Tokens(b"s" * 32)


@given(st.text(max_size=40))
def test_a_token_fits_its_own_conversation(conversation_id: str) -> None:
    assert TOKENS.fits(conversation_id, TOKENS.issue(conversation_id))


@given(st.text(max_size=40), st.text(max_size=60))
def test_nothing_else_fits(conversation_id: str, token: str) -> None:
    assert TOKENS.fits(conversation_id, token) == (token == TOKENS.issue(conversation_id))


def test_another_server_s_secret_makes_other_tokens() -> None:
    assert not Tokens(b"t" * 32).fits("a", TOKENS.issue("a"))


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Tokens(b"short")


@given(st.text(max_size=40))
def test_a_sender_names_its_conversation(conversation_id: str) -> None:
    assert TOKENS.conversation_of(TOKENS.sender(conversation_id)) == conversation_id


@pytest.mark.parametrize("sender", ["", ".", "a", "a.", f"b.{TOKENS.issue('a')}", TOKENS.issue("")])
def test_a_forged_sender_names_none(sender: str) -> None:
    assert TOKENS.conversation_of(sender) == ""
