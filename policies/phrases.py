"""Finds words and patterns in a text, whatever its typography. Knows nothing about which words matter."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

from policies.readability import words

_STRAIGHT = str.maketrans(dict(zip("’‘ʼ“”‐‑–—", "'''\"\"----", strict=True)))
_BLANKS = re.compile(r"[^\S\n]+")
_STEM = 5


def plain(text: str) -> str:
    """Lower case, compatibility forms and curly quotes made ordinary, invisible characters gone, single spaces."""
    if text.isascii():
        return _BLANKS.sub(" ", text.lower()).strip()
    folded = unicodedata.normalize("NFKC", text).translate(_STRAIGHT).casefold()
    visible = "".join(char for char in folded if unicodedata.category(char) != "Cf")
    return _BLANKS.sub(" ", visible).strip()


def any_word(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern for any of the phrases as whole words, longest first; it expects `plain` text."""
    longest_first = sorted({plain(phrase) for phrase in phrases}, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"(?<![\w])(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})(?![\w])")


def any_pattern(patterns: Sequence[re.Pattern[str]]) -> re.Pattern[str]:
    """One pattern for any of the patterns."""
    return re.compile("|".join(f"(?:{pattern.pattern})" for pattern in patterns) or "(?!)")


def sentences(plain_text: str) -> list[str]:
    """The text's sentences; a decimal point does not end one."""
    return [part for part in re.split(r"[.!?;](?=\s|$)|\n", plain_text) if part.strip()]


def foreign_letters(text: str, scripts: Sequence[str]) -> bool:
    """Whether any letter belongs to a script other than these, by Unicode name, e.g. ("LATIN",)."""
    letters = (char for char in unicodedata.normalize("NFKC", text) if char.isalpha())
    return any(not unicodedata.name(char, "").startswith(tuple(scripts)) for char in letters)


def stems(text: str, common: Collection[str] = ()) -> frozenset[str]:
    """The first letters of each content word, a crude stem; words of three letters and `common` ones are none."""
    return frozenset(word[:_STEM] for word in words(plain(text)) if len(word) > 3 and word not in common)
