"""Cuts out the patient's own words that state a fact. Knows nothing about what they state."""

from dialogue.understanding.clauses import bounds
from dialogue.understanding.message import Message

LONGEST = 80


def quote(message: Message, start: int, end: int) -> str:
    """The words from `start` up to `end` with the clause around them, as written, at most LONGEST characters."""
    text = message.words
    if not text.words:  # signs only, such as 🤒
        return text.text.strip()[:LONGEST]
    first, last = clause(message, start, end)
    if text.ends[last - 1] - text.starts[first] <= LONGEST:
        return text.quote(first, last)
    left, right = start, end
    while left > first and text.ends[right - 1] - text.starts[left - 1] <= LONGEST:
        left -= 1
    while right < last and text.ends[right] - text.starts[left] <= LONGEST:
        right += 1
    return text.quote(left, right)[:LONGEST]


def clause(message: Message, start: int, end: int) -> tuple[int, int]:
    """The bounds of the clause around the words, without an "and" or "but" at its edges."""
    first, last = bounds(message.clauses.clause, start, end)
    words, joins = message.words.words, message.lexicon.language.clauses.joins
    ends = message.lexicon.language.clauses.ends
    while first < start and (words[first] in joins or words[first] in ends):
        first += 1
    while last > end and (words[last - 1] in joins or words[last - 1] in ends):
        last -= 1
    return first, last
