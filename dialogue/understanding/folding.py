"""Folds every way of writing a letter into the plain one, and keeps the places. Knows nothing about words."""

import unicodedata
from collections.abc import Mapping

QUOTES = "'’‘‛ʼ′`´"
LONG_DASHES = "–—―"
NEWLINES = "\n\x0b\x0c\x85\u2028\u2029"
INVISIBLE = {"Cc", "Cf", "Mn", "Me", "Cs", "Co", "Cn"}

LARGEST = 8192
"""How many characters a table remembers: enough for every living script, and a limit to its memory."""


class Folding(dict[int, str]):
    """A table for `str.translate` that learns each character when it first meets it.

    Whatever is dropped from within a word (curly quotes, zero-width characters, marks) becomes an apostrophe, because
    words lose their apostrophes later.
    """

    def __init__(self, lookalikes: Mapping[str, str]) -> None:
        super().__init__()
        self.lookalikes = lookalikes

    def __missing__(self, code: int) -> str:
        folded = self.fold(chr(code))
        if len(self) < LARGEST:
            self[code] = folded
        return folded

    def fold(self, char: str) -> str:
        if char in QUOTES:
            return "'"
        if char in NEWLINES:
            return "\n"
        if char in LONG_DASHES:
            return "—"
        if char == "…" or char.isspace():
            return char if char == "…" else " "
        if unicodedata.category(char) in INVISIBLE:
            return "'"
        return self.letter(char)

    def letter(self, char: str) -> str:
        """Compatibility form, no accents, lower case, digits of any script as 0-9, look-alikes as what they mimic."""
        char = self.lookalikes.get(char, char)
        plain = unicodedata.normalize("NFKD", char).casefold()
        kept = (c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
        return "".join(str(unicodedata.decimal(c, c)) for c in kept) or "'"


def fold(text: str, folding: Folding) -> tuple[str, list[int] | None]:
    """The folded text, and the place in `text` of each of its characters; None if the places are the same."""
    folded = text.translate(folding)
    if len(folded) == len(text):
        return folded, None
    places: list[int] = []
    for place, char in enumerate(text):
        places.extend([place] * len(folding[ord(char)]))
    return folded, places


def sound(text: str) -> str:
    """The text without lone surrogates, which UTF-8 cannot encode."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
