"""A message as plain sentences that a sentence encoder can read: letters, shorthand and slips made ordinary."""

from dialogue.understanding.lexicon import Lexicon
from dialogue.understanding.words import ITEM, Words

LONGEST_TEXT = 4_000
MOST_SENTENCES = 8
SHORTEST, LONGEST = 3, 40
"""Shorter sentences (in words) mean nothing by themselves; of longer ones the beginning is enough."""

LIST = 3
"""So many denials in a sentence make it a list of what the patient does not have."""


def legible(text: str, lexicon: Lexicon) -> list[str]:
    """The message's first sentences of enough words, with spelling and shorthand corrected ("cant breath rn" → right
    now).

    Lists of what somebody does not have are left out: an encoder notices the dangers in them, and not the "no".
    """
    message = lexicon.reader.read(text[:LONGEST_TEXT])
    lexicon.speller.correct(message.words)
    starts = sorted(set(message.first))
    starts = [start for start in starts if not lists_denials(message, start, lexicon)]
    sentences = (message.words[start : message.last[start]][:LONGEST] for start in starts)
    return [" ".join(words) for words in sentences if len(words) >= SHORTEST][:MOST_SENTENCES]


def lists_denials(message: Words, start: int, lexicon: Lexicon) -> bool:
    """Whether the sentence is a list of denials: `No fever, no cough, no chest pain`."""
    opening = lexicon.language.negation.listing
    items = [start, *(at for at in range(start + 1, message.last[start]) if message.pauses[at] >= ITEM)]
    denials = [message.words[at] in opening for at in items]
    return denials[0] and sum(denials) >= max(LIST, 2 * len(items) / 3)
