"""Makes synthetic cases, an endless stream from a seed. Each begins with the words of a rule or a protocol.

Level, facts and fired rules are what the real engine makes of the interview, so they are right by construction. Knows
nothing about models.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from dialogue.case import case_of
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, State
from policies.case import Case
from policies.facts import Record, Status
from policies.findings import EVERYBODY, Applies, Finding
from policies.levels import Level
from policies.rules import Rule
from training.patients import Person, played, somebody
from training.registers import REGISTERS

UNCLEAR = (
    "I just don't feel like myself lately",
    "Something is off, I can't say what",
    "I don't know how to explain it, I feel bad",
    "Not feeling great, that's all",
)
KINDS = {"ordinary": 35, "same_day": 35, "emergency": 22, "unclear": 8}
"""What a case begins with, by share: an everyday complaint, a HIGH rule's words, an EMERGENCY rule's, hardly any."""

_AGE = re.compile(r"\b(\d+)[ -](day|week|month|year)s?[ -]old\b")
_CHILD = re.compile(
    r"\b(?:my|our|the) (?:\d+ \w+ old |little |baby |newborn |toddler )?"
    r"(?P<who>son|boy|daughter|girl|baby|toddler|child|kid|newborn)\b"
)
_ADULT = re.compile(
    r"^(?:my|our) "
    r"(?P<who>wife|mum|mother|grandma|gran|sister|girlfriend|husband|dad|father|grandad|brother|boyfriend)\b"
)
_SEX = {
    **dict.fromkeys(("daughter", "girl", "wife", "mum", "mother", "grandma", "gran", "sister", "girlfriend"), "female"),
    **dict.fromkeys(("son", "boy", "husband", "dad", "father", "grandad", "brother", "boyfriend"), "male"),
}

_WEIGHTS = {"plain": 45, "by_text": 15, "rambling": 15, "playing_down": 15, "giving_orders": 10}


class Synthetic(Record):
    """A case and its origin. `rule` is the one whose words it began with."""

    id: str
    kind: str
    voice: str
    rule: str
    person: str
    case: Case
    turns: tuple[tuple[str, str], ...]


class _Seedling(NamedTuple):
    text: str
    rule: str
    applies: Applies


def synthetic_cases(
    seed: int, clinic: Clinic, *, without: Sequence[str] = (), only: Sequence[str] = ()
) -> Iterator[Synthetic]:
    """Endless cases. `without` leaves protocols out, `only` takes no others; global rules belong to both.

    Raises ValueError for an unknown protocol: it would silently leave out, or test on, nothing.
    """
    if unknown := sorted({*without, *only} - set(clinic.ruleset.protocols)):
        raise ValueError(f"There is no protocol {', '.join(unknown)}.")
    return _cases(seed, clinic, without, only)


def _cases(seed: int, clinic: Clinic, without: Sequence[str], only: Sequence[str]) -> Iterator[Synthetic]:
    luck = random.Random(seed)
    pools = _pools(clinic, without, only)
    number = 0
    while True:
        kind = luck.choices(list(KINDS), list(KINDS.values()))[0]
        seedling = luck.choice(pools[kind])
        voice = luck.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        person = who_says(seedling.text, luck, seedling.applies)
        identity = f"s{seed}-{number}"
        number += 1
        opening = REGISTERS[voice](seedling.text, luck)
        conversation = played(opening, person, luck, clinic, identity)
        if usable(conversation, without, only, clinic):
            case = case_of(conversation, clinic).model_copy(update={"partial": ""})
            yield Synthetic(
                id=identity,
                kind=kind,
                voice=voice,
                rule=seedling.rule,
                person=person.told,
                case=case,
                turns=tuple(_turns(conversation)),
            )


def usable(conversation: Conversation, without: Sequence[str], only: Sequence[str], clinic: Clinic) -> bool:
    """Whether it reached an assessor, by a protocol that may be used, about a patient who can exist."""
    if conversation.state not in (State.ASSESSING, State.URGENT, State.NURSE_REVIEW):
        return False
    case = case_of(conversation, clinic)
    if set(case.protocols) & set(without) or (only and not set(case.protocols) & set(only)):
        return False
    return possible(case, clinic.ruleset.findings)


def possible(case: Case, findings: Mapping[str, Finding]) -> bool:
    """Whether everything present can be true of a person of this age and sex.

    The words of a rule may not fit the person who was drawn, and the engine believes what a patient says.
    """
    mine = (known for known in case.statements if known.status is Status.PRESENT and not known.about_other)
    return all(findings[known.finding].applies.to(case.age_years, case.sex) for known in mine)


def _pools(clinic: Clinic, without: Sequence[str], only: Sequence[str]) -> dict[str, list[_Seedling]]:
    rules = [rule for rule in clinic.ruleset.rules.values() if _allowed(rule.protocol, without, only)]
    return {
        "ordinary": [
            _Seedling(text, rule.id, rule.applies)
            for rule in rules
            if rule.protocol
            for text in (rule.must_not_fire if rule.level > Level.MEDIUM else rule.must_fire)
        ],
        "same_day": _firing(rules, Level.HIGH),
        "emergency": _firing(rules, Level.EMERGENCY),
        "unclear": [_Seedling(text, "", Applies()) for text in UNCLEAR],
    }


def _firing(rules: Sequence[Rule], level: Level) -> list[_Seedling]:
    return [_Seedling(text, rule.id, rule.applies) for rule in rules if rule.level is level for text in rule.must_fire]


def _allowed(protocol: str, without: Sequence[str], only: Sequence[str]) -> bool:
    return protocol not in without and (not only or not protocol or protocol in only)


def who_says(text: str, luck: random.Random, applies: Applies = EVERYBODY) -> Person:
    """A person whom the words can be about: of the age that they say, and of the sex of a son or a wife."""
    lowered = text.lower()
    child, adult, age = _CHILD.search(lowered), _ADULT.search(lowered), _AGE.search(lowered)
    young = applies.max_age is not None and applies.max_age <= 18
    young = young or child is not None or (age is not None and (age[2] != "year" or int(age[1]) < 18))
    relative = child or adult
    sex = _SEX.get(relative["who"], "") if relative else ""
    person = somebody(luck, child=young, sex=sex or applies.sex or "")
    if age:
        person = replace(person, age=f"{age[1]} {age[2]}s")
    return replace(person, who="someone else") if adult and not young else person


def _turns(conversation: Conversation) -> Iterator[tuple[str, str]]:
    """(speaker, text) as a transcript."""
    for entry in conversation.log:
        text = getattr(entry.event, "text", "") or entry.chose
        if text:
            yield "patient", text
        for reply in entry.replies:
            yield "assistant", reply.text
