import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from channels.problems import Problem
from channels.web.incoming import MAX_TEXT, NewMessage, clean


def message(text: str | None = None, choices: list[str] | None = None) -> NewMessage:
    return NewMessage(client_message_id="m1", text=text, choices=choices)


def test_line_breaks_stay_and_invisible_characters_go() -> None:
    assert clean(message("  sore\r\nthroat\x00\x1b[31m\u202e\u200b ")) == ("sore\nthroat[31m", ())


def test_emoji_and_joined_letters_stay() -> None:
    assert clean(message("🤒👩‍⚕️ نمی\u200cخواهم"))[0] == "🤒👩‍⚕️ نمی\u200cخواهم"


@pytest.mark.parametrize("text", [None, "", "   ", "\x00\u200b"])
def test_an_empty_message_is_refused(text: str | None) -> None:
    with pytest.raises(Problem, match="empty_message"):
        clean(message(text))


def test_a_text_may_be_long_but_not_too_long() -> None:
    assert clean(message("a" * MAX_TEXT))[0] == "a" * MAX_TEXT
    with pytest.raises(Problem, match="text_too_long"):
        clean(message("a" * (MAX_TEXT + 1)))


def test_text_and_choices_together_are_a_problem() -> None:
    with pytest.raises(Problem, match="text_or_choices"):
        clean(message("yes", ["yes"]))


def test_a_choice_made_twice_counts_once() -> None:
    assert clean(message(choices=["a", "b", "a"])) == ("", ("a", "b"))


@pytest.mark.parametrize("key", ["", "a b", "x" * 65, "é"])
def test_a_message_id_is_short_and_plain(key: str) -> None:
    with pytest.raises(ValidationError):
        NewMessage(client_message_id=key, text="hello")


def test_an_error_does_not_repeat_what_was_sent() -> None:
    with pytest.raises(ValidationError) as error:
        NewMessage.model_validate({"client_message_id": "my secret", "text": 5})
    assert "secret" not in str(error.value)


@given(st.text(max_size=200))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    try:
        once, _ = clean(message(text))
    except Problem:
        return
    assert clean(message(once))[0] == once
