"""Replaces identifiers by typed, numbered placeholders: the same identifier of a record gets the same one."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from training.finding_identifiers import Found, name_words

OLDEST = 89
_YEAR = re.compile(r"(?<!\d)(?:18|19|20)\d\d(?!\d)")
_AGE = re.compile(
    r"(?i)\b(\d{1,3})(?=[\s-]{0,2}(?:years?|yrs?|y/?o|yo)\b[\s-]?(?:old\b)?)"
    r"|(?<=\baged )(\d{1,3})\b|(?<=\bage )(\d{1,3})\b"
)
_OLD = re.compile(r"(?i)\b(?:ninety|(?:one |a )?hundred)(?=[\s-](?:\w+[\s-])?years?\b)")


class Placeholders:
    """Remembers the placeholders of one record."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._numbers: dict[str, int] = {}

    def put(self, text: str, founds: Sequence[Found], bands: bool = False) -> str:
        made = []
        at = 0
        for found in founds:
            made += [text[at : found.start], self._for(text[found.start : found.end], found.type)]
            at = found.end
        return _ages("".join([*made, text[at:]]), bands)

    def _for(self, value: str, type_: str) -> str:
        if type_ == "AGE":
            return f"{OLDEST + 1}"
        if type_ == "DATE":
            return _year_of(value)
        keys = [f"{type_} {key.lower()}" for key in _keys(value, type_)]
        for key in keys:
            if key in self._known:
                break
        else:
            self._numbers[type_] = self._numbers.get(type_, 0) + 1
            self._known[keys[0]] = f"[{type_}_{self._numbers[type_]}]"
            key = keys[0]
        for other in keys:
            self._known.setdefault(other, self._known[key])
        return self._known[key]


def _keys(value: str, type_: str) -> list[str]:
    """The names under which a person is known, the last name first: "Mr. Smith" is John Smith."""
    words = list(name_words(value))[::-1] if type_ == "NAME" else []
    return words or [" ".join(value.split())]


def _year_of(date: str) -> str:
    """The year alone, unless it reveals an age over 89 (the year of a birth)."""
    year = _YEAR.search(date)
    if not year or int(year[0]) < datetime.now(UTC).year - OLDEST:
        return "[DATE]"
    return f"[DATE {year[0]}]"


def generalised(held: Any, bands: bool) -> Any:
    """The age of a case: 90 for everybody over 89; with bands, its decade."""
    if not isinstance(held, dict) or not isinstance(held.get("patient_profile"), dict):
        return held
    age = held["patient_profile"].get("age")
    if not isinstance(age, int | float):
        return held
    kept = OLDEST + 1 if age > OLDEST else int(age) // 10 * 10 if bands else age
    return {**held, "patient_profile": {**held["patient_profile"], "age": kept}}


def _ages(text: str, bands: bool) -> str:
    def kept(match: re.Match[str]) -> str:
        age = int(next(group for group in match.groups() if group))
        if age > OLDEST:
            return "90"
        return f"{age // 10 * 10}-{age // 10 * 10 + 9}" if bands else match[0]

    return _AGE.sub(kept, _OLD.sub("90", text))
