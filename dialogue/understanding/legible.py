"""A message as plain sentences that a sentence encoder can read: letters, shorthand and slips made ordinary."""

from dialogue.understanding.lexicon import Lexicon
from dialogue.understanding.words import ITEM, Words

LONGEST_TEXT = 4_000
MOST_SENTENCES = 8
SHORTEST, LONGEST = 3, 40
"""Sentences of fewer words mean nothing by themselves; of longer ones the beginning is enough."""

LIST = 3
"""From so many denials on, a sentence is a list of what the patient has not."""


def legible(text: str, lexicon: Lexicon) -> list[str]:
    """The first sentences of weight, in the words that the message was read as ("cant breath rn" → right now).

    Without the lists of what somebody has not: an encoder hears the dangers in them, and not the "no".
    """
    message = lexicon.reader.read(text[:LONGEST_TEXT])
    lexicon.speller.correct(message.words)
    starts = sorted(set(message.first))
    starts = [start for start in starts if not lists_denials(message, start, lexicon)]
    sentences = (message.words[start : message.last[start]][:LONGEST] for start in starts)
    return [" ".join(words) for words in sentences if len(words) >= SHORTEST][:MOST_SENTENCES]


def lists_denials(message: Words, start: int, lexicon: Lexicon) -> bool:
    """`No fever, no cough, no chest pain`: most items of the sentence deny something, the first among them."""
    opening = lexicon.language.negation.listing
    items = [start, *(at for at in range(start + 1, message.last[start]) if message.pauses[at] >= ITEM)]
    denials = [message.words[at] in opening for at in items]
    return denials[0] and sum(denials) >= max(LIST, 2 * len(items) / 3)
