"""Turns what was said to a patient into as few texts as possible, with at most one question in each. Knows no carrier.

A text has at most two segments. Short messages share one; a long message is split between sentences or lines.
"""

import re
from collections.abc import Iterable, Iterator

from channels.numbered import with_numbers
from channels.sms.segments import ONE, plain, segments
from dialogue.view import PatientMessage, PatientQuestion

MOST_SEGMENTS = 2
_LINES, _SENTENCES = re.compile(r"(?<=\n)"), re.compile(r"(?<=[.!?] )")
PIECE = ONE // 4


def texts(messages: Iterable[PatientMessage], question: PatientQuestion | None, language: str) -> list[str]:
    """The texts in order. A question's answers are listed below it by number, in a text of their own where that keeps
    them together. An emergency message has a text of its own."""
    said = [(message.kind, plain(message.text)) for message in messages]
    if question and said and question.choices:
        kind, words = said[-1]
        answers = plain(with_numbers(question, language))
        together = f"{words}\n{answers}"
        apart = segments(together) > MOST_SEGMENTS >= segments(answers)
        said[-1:] = [(kind, words), (kind, answers)] if apart else [(kind, together)]
    found: list[tuple[str, str]] = []
    for kind, words in said:
        before = found[-1] if found else ("", "")
        joined = f"{before[1]}\n{words}"
        if found and "emergency" not in (kind, before[0]) and segments(joined) == 1:
            found[-1] = (kind, joined)
        else:
            found += [(kind, part) for part in parted(words)]
    return [words for _, words in found]


def parted(text: str) -> list[str]:
    """The text in pieces of at most two segments, broken between lines or sentences, inside one only if it must."""
    if segments(text) <= MOST_SEGMENTS:
        return [text]
    found: list[str] = []
    for piece in _pieces(text):
        if found and segments((found[-1] + piece).strip()) <= MOST_SEGMENTS:
            found[-1] += piece
        else:
            found.append(piece)
    return [piece.strip() for piece in found if piece.strip()]


def _pieces(text: str) -> Iterator[str]:
    """Lines; of a line that is too long its sentences; of such a sentence whatever fits."""
    for line in _LINES.split(text):
        for sentence in [line] if segments(line) <= MOST_SEGMENTS else _SENTENCES.split(line):
            if segments(sentence) <= MOST_SEGMENTS:
                yield sentence
            else:
                yield from (sentence[start : start + PIECE] for start in range(0, len(sentence), PIECE))
