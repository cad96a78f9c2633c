"""Cuts a message into clauses. Knows nothing about what they say.

There are three kinds of part. A *stretch* ends at a strong pause or a word such as "but". A *clause* also ends where a
new one begins with "i", "my", "there" and the like. A *phrase* is a stretch cut at commas and before "i" or "my" after
an "and".
"""

from dataclasses import dataclass

from dialogue.languages.sections import Clauses as ClauseWords
from dialogue.understanding.words import CLAUSE, ITEM, Words


@dataclass(frozen=True, slots=True)
class Clauses:
    """For each word, the number of its stretch, clause and phrase."""

    stretch: list[int]
    clause: list[int]
    phrase: list[int]


class Cutter:
    """Cuts messages by one language's words."""

    def __init__(self, words: ClauseWords) -> None:
        self.ends, self.starts, self.joins, self.holding = words.ends, words.starts, words.joins, words.holding

    def cut(self, text: Words) -> Clauses:
        stretches: list[int] = []
        clauses: list[int] = []
        phrases: list[int] = []
        stretch = clause = phrase = 0
        before, held = "", False
        for word, pause in zip(text.words, text.pauses, strict=True):
            if pause >= CLAUSE or word in self.ends:
                stretch, clause, phrase = stretch + 1, clause + 1, phrase + 1
            else:
                starts = word in self.starts
                if self.holding:
                    held = starts and (held or before in self.holding)
                    starts = starts and not held
                clause += starts
                phrase += pause == ITEM or (starts and before in self.joins)
            stretches.append(stretch)
            clauses.append(clause)
            phrases.append(phrase)
            before = word
        return Clauses(stretches, clauses, phrases)


def bounds(numbers: list[int], start: int, end: int) -> tuple[int, int]:
    """Words `start` up to `end`, extended to whole parts: words with the same number belong to one part."""
    while start and numbers[start - 1] == numbers[start]:
        start -= 1
    while end < len(numbers) and numbers[end] == numbers[end - 1]:
        end += 1
    return start, end
