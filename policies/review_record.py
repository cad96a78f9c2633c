"""Whether the history in a draft says what the record does not hold, in whatever words. Judges nothing else of it.

The text is read as a patient's words are, by the clinic's own understanding, which is passed in. Names of the record's
own statements are taken out first: `policies.review` judges those by themselves, and long lists of them read badly.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from policies.case import Case, Statement
from policies.facts import Fact, Status
from policies.negation import Denials, clauses
from policies.phrases import any_word, plain
from policies.ruleset import WHO_THEY_ARE

Read = Callable[[str], Iterable[Fact]]
"""The facts that a text states."""

_ITEMS = re.compile(r",|\bor\b|\band\b|\bnor\b")
_BEFORE, _BEHIND = r"(?:^|[,.;:(]|\b(?:reports|denies|and|no|with)\b)", r"\s*(?:[,.;:()]|and\b|for\b|$)"
"""What stands around an item of a list."""
_WORD = re.compile(r"[^\W\d_]{3}")


def nothing(text: str) -> tuple[Fact, ...]:
    return ()


class Told(NamedTuple):
    """What one phrase names: several findings if it may mean any of them; and the number that it gives, if any."""

    findings: frozenset[str]
    denied: bool
    value: float | None = None


class Record:
    """What the case holds of each finding: by its statements, and by how their words and the patient's are read."""

    def __init__(self, case: Case, read: Read) -> None:
        self._case = case
        self._read = read
        self.present = _with(case, Status.PRESENT)
        self.absent = _with(case, Status.ABSENT)

    def against(self, told: Told) -> str:
        """What is wrong with it; empty if nothing is. Names findings by their ids, and never quotes."""
        names = ", ".join(sorted(name.replace("_", " ") for name in told.findings))
        if told.denied:
            if told.findings & (self.absent | self._denied_in_words):
                return ""
            return f"denies {names}, which {'is present' if told.findings & self.present else 'nobody denied'}"
        if not told.findings & (self.present | self._said_in_words):
            return f"states {names}, which {'is absent' if told.findings & self.absent else 'nobody told'}"
        if told.value is not None and not self._gives(told.value, told.findings):
            return f"gives another number for {names} than the record"
        return ""

    def _gives(self, value: float, findings: frozenset[str]) -> bool:
        """Whether the number is among those told, about as exactly as people round."""
        own = [each for each in self._case.statements if each.finding in findings]
        if _is_near(value, _numbers((fact for each in own for fact in self._read(each.evidence.quote)), findings)):
            return True
        told = _numbers(self._in_words, findings)
        return not told or _is_near(value, told)

    @cached_property
    def _said_in_words(self) -> frozenset[str]:
        return frozenset(fact.finding for fact in self._in_words if fact.status is Status.PRESENT)

    @cached_property
    def _denied_in_words(self) -> frozenset[str]:
        return frozenset(fact.finding for fact in self._in_words if fact.status is Status.ABSENT)

    @cached_property
    def _in_words(self) -> tuple[Fact, ...]:
        return tuple(fact for text in _texts(self._case) for fact in self._read(text))


def _numbers(facts: Iterable[Fact], findings: frozenset[str]) -> list[float]:
    return [fact.value for fact in facts if fact.finding in findings and isinstance(fact.value, float)]


def _is_near(value: float, told: Iterable[float]) -> bool:
    return any(abs(value - each) <= 0.05 * abs(each) for each in told)


def untold(text: str, case: Case, denials: Denials, read: Read) -> Iterator[str]:
    """What the text says against the record, or beyond it, each once."""
    record = Record(case, read)
    found = (record.against(told) for told in _told(_without_names(plain(text), case.statements), denials, read))
    yield from dict.fromkeys(each for each in found if each)


def _told(text: str, denials: Denials, read: Read) -> Iterator[Told]:
    """A denial covers the rest of its clause, item by item; all else is as it is read.

    A kind of thing names the thing too, but its denial does not deny it: "no coughing up blood" and a cough.
    """
    for clause in clauses(text, denials):
        denial = denials.before.search(clause)
        if denial is None or not _WORD.search(clause, denial.end()):
            yield from _stated(clause, read)
            continue
        yield from _stated(clause[: denial.start()], read)
        for item in _ITEMS.split(clause[denial.end() :]):
            named = frozenset(fact.finding for fact in _own(item, read) if _is_plain_yes(fact))
            if named:
                yield Told(named & _denied(f"{denial[0]} {item}", read) or named, denied=True)


def _stated(text: str, read: Read) -> Iterator[Told]:
    for fact in _own(text, read):
        value = fact.value if isinstance(fact.value, float) else None
        yield Told(frozenset({fact.finding}), fact.status is Status.ABSENT, value)


def _denied(text: str, read: Read) -> frozenset[str]:
    return frozenset(fact.finding for fact in _own(text, read) if fact.status is Status.ABSENT)


def _is_plain_yes(fact: Fact) -> bool:
    return fact.status is Status.PRESENT and fact.value is None


def _own(text: str, read: Read) -> Iterator[Fact]:
    """The facts about the patient, now and stated with certainty, without those that only say who they are."""
    return (fact for fact in read(text) if fact.counts and fact.finding not in WHO_THEY_ARE)


def _without_names(text: str, statements: Iterable[Statement]) -> str:
    """The text without the labels of what was told or denied; one of a single word only where it stands by itself,
    since it may be a part of something else's name."""
    known = (statement for statement in statements if statement.status is not Status.UNKNOWN)
    names = {label for statement in known if len(label := plain(statement.label)) > 2}
    long = {name for name in names if " " in name}
    text = any_word(long).sub(" , ", text)
    return re.sub(rf"({_BEFORE}\s*){any_word(names - long).pattern}(?={_BEHIND})", r"\1 , ", text)


def _with(case: Case, status: Status) -> frozenset[str]:
    return frozenset(statement.finding for statement in case.statements if statement.status is status)


def _texts(case: Case) -> Iterator[str]:
    yield case.complaint
    for statement in case.statements:
        yield statement.evidence.quote
        if statement.status is Status.PRESENT:
            yield statement.label
            yield f"{statement.label}: {statement.value}"
    yield from (evidence.quote for evidence in case.patient_words)
