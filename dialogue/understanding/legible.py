"""A message as plain sentences that a sentence encoder can read: letters, shorthand and slips made ordinary."""

from dialogue.understanding.lexicon import Lexicon

LONGEST_TEXT = 4_000
MOST_SENTENCES = 8
SHORTEST, LONGEST = 3, 40
"""Sentences of fewer words mean nothing by themselves; of longer ones the beginning is enough."""


def legible(text: str, lexicon: Lexicon) -> list[str]:
    """The first sentences of weight, in the words that the message was read as ("cant breath rn" → right now)."""
    message = lexicon.reader.read(text[:LONGEST_TEXT])
    lexicon.speller.correct(message.words)
    starts = sorted(set(message.first))
    sentences = (message.words[start : message.last[start]][:LONGEST] for start in starts)
    return [" ".join(words) for words in sentences if len(words) >= SHORTEST][:MOST_SENTENCES]
