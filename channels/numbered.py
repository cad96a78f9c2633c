"""Offered answers as numbers, for doors where nothing can be tapped. Knows nothing about which door it is."""

import re
from functools import cache
from pathlib import Path

import yaml

from dialogue.asking import NONE
from dialogue.conversation import Option, QuestionKind
from dialogue.view import PatientQuestion
from policies.facts import Record

NOTHING = "0"

MOST, SHOWN = 20, 15
"""Of more answers than MOST only SHOWN are told, the last ("something else") among them: nobody reads a text of sixty
lines, and carriers cut it. What is not told can be said in words."""

_DIGITS = re.compile(r"\s*\d{1,2}(?:(?:\s*[,;.&+]\s*|\s+(?:and|y)\s+|\s+)\d{1,2})*\s*[.!]?\s*", re.IGNORECASE)


class NumberedWords(Record):
    """How to answer by number, in one language."""

    one: str
    many: str


@cache
def numbered_words() -> dict[str, NumberedWords]:
    found = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    return {language: NumberedWords.model_validate(words) for language, words in found.items()}


def numbers(question: PatientQuestion) -> dict[str, Option]:
    """The number of each offered answer; "none of these" is 0, where several may fit."""
    none = [option for option in question.choices if _is_none(question, option)]
    counted = [option for option in question.choices if option not in none]
    if len(counted) > MOST:
        counted = [*counted[: SHOWN - 1], counted[-1]]
    return dict(zip([*map(str, range(1, len(counted) + 1)), NOTHING], counted + none, strict=False))


def with_numbers(question: PatientQuestion, language: str) -> str:
    """Lines to put below the question: each answer with its number, and how to reply. Empty when none are offered."""
    if not question.choices:
        return ""
    words = numbered_words().get(language) or numbered_words()["en"]
    many = question.kind is QuestionKind.MULTI_CHOICE
    lines = [f"{number}. {option.label}" for number, option in numbers(question).items() if number != NOTHING]
    return "\n".join([*lines, words.many if many else words.one])


def picked(question: PatientQuestion | None, text: str) -> tuple[str, ...]:
    """The values that a reply of numbers alone chooses; empty when it is to be read as words.

    A number that is not on the list, or several where one fits, makes the whole reply words: it is asked again.
    "0" beside other numbers says nothing of its own. The patient's doubt ("I don't know") goes with no other.
    """
    if question is None or not question.choices or not _DIGITS.fullmatch(text):
        return ()
    offered = numbers(question)
    said = list(dict.fromkeys(str(int(digits)) for digits in re.findall(r"\d+", text)))
    if len(said) > 1:
        said = [number for number in said if number != NOTHING]
    chosen = tuple(offered[number].value for number in said if number in offered)
    if len(chosen) < len(said) or (len(chosen) > 1 and not _may_go_together(question, chosen)):
        return ()
    return chosen


def _is_none(question: PatientQuestion, option: Option) -> bool:
    return question.kind is QuestionKind.MULTI_CHOICE and option.value == NONE


def _may_go_together(question: PatientQuestion, chosen: tuple[str, ...]) -> bool:
    return question.kind is QuestionKind.MULTI_CHOICE and set(chosen) <= set(question.findings)
