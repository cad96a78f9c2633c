"""Offered answers as numbers, for channels without buttons. Knows nothing about which channel it is."""

import re
from functools import cache
from pathlib import Path

import yaml

from dialogue.conversation import Option, QuestionKind
from dialogue.questions import NONE
from dialogue.view import PatientQuestion
from policies.facts import Record

NOTHING = "0"

MOST, SHOWN = 20, 15
"""If there are more answers than MOST, only SHOWN of them are listed, and the last ("something else") is one of them:
nobody reads a text of sixty lines, and carriers cut it. The others can still be given in words."""

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
    """The values that a reply of numbers chooses; empty when the reply must be read as words.

    It is read as words, and asked again, if a number is not on the list, or if there are several where one fits. "0"
    (none) beside other numbers is ignored. "I don't know" cannot be chosen together with another answer.
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
