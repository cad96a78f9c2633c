"""What a patient sends, checked and cleaned. Knows nothing about what it means."""

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from channels.problems import Kind, Problem

MAX_BODY_BYTES = 64 * 1024
MAX_TEXT = 4000
MAX_CHOICES = 20

EMPTY_MESSAGE = Kind(422, "empty_message", "There is nothing in this message.")
TEXT_TOO_LONG = Kind(422, "text_too_long", f"A message can have at most {MAX_TEXT} characters.")
TEXT_OR_CHOICES = Kind(422, "text_or_choices", "Send either text or choices, not both.")

# Line breaks and tabs stay. Bidirectional overrides and zero-width marks could make a nurse read something else.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


class NewMessage(BaseModel):
    """`client_message_id` is the client's own; sending it again gives the first answer again."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    client_message_id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    text: str | None = None
    choices: list[Annotated[str, Field(min_length=1, max_length=200)]] | None = Field(None, max_length=MAX_CHOICES)


def strip_invisible(text: str) -> str:
    """Without control and direction marks; line breaks as one character."""
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean(message: NewMessage) -> tuple[str, tuple[str, ...]]:
    """The text, without invisible characters, or the choices. Raises a problem unless there is exactly one of them."""
    if message.text is not None and message.choices is not None:
        raise Problem(TEXT_OR_CHOICES)
    if message.choices:
        return "", tuple(dict.fromkeys(message.choices))
    text = strip_invisible(message.text or "").strip()
    if not text:
        raise Problem(EMPTY_MESSAGE)
    if len(text) > MAX_TEXT:
        raise Problem(TEXT_TOO_LONG)
    return text, ()
