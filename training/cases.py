"""Synthetic cases, an endless stream from a seed. Each comes from a rule's or a protocol's own words.

The level, the facts and the rules that fired are what the real engine makes of the interview: right by construction.
Knows nothing about models.
"""

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dialogue.case import case_of
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, State
from policies.case import Case
from policies.facts import Record
from policies.findings import Applies
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

_WEIGHTS = {"plain": 45, "by_text": 15, "rambling": 15, "playing_down": 15, "giving_orders": 10}


class Synthetic(Record):
    """A case and where it comes from. `rule` is the one whose words it began with."""

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
    """Cases without end. `without` leaves protocols out, `only` takes no others; global rules belong to both."""
    luck = random.Random(seed)
    pools = _pools(clinic, without, only)
    number = 0
    while True:
        kind = luck.choices(list(KINDS), list(KINDS.values()))[0]
        seedling = luck.choice(pools[kind])
        voice = luck.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        person = _who(seedling, luck)
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
    """One that reached an assessor, by a protocol that may be used."""
    if conversation.state not in (State.ASSESSING, State.URGENT, State.NURSE_REVIEW):
        return False
    protocols = case_of(conversation, clinic).protocols
    return not set(protocols) & set(without) and (not only or bool(set(protocols) & set(only)))


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


def _who(seedling: _Seedling, luck: random.Random) -> Person:
    lowered = seedling.text.lower()
    child = any(word in lowered for word in ("my son", "my daughter", "my baby", "my child", "my kid", "week old"))
    child = child or (seedling.applies.max_age is not None and seedling.applies.max_age <= 18)
    return somebody(luck, child=child, sex=seedling.applies.sex or "")


def _turns(conversation: Conversation) -> Iterator[tuple[str, str]]:
    """(speaker, text) as a transcript."""
    for entry in conversation.log:
        text = getattr(entry.event, "text", "") or entry.chose
        if text:
            yield "patient", text
        for reply in entry.replies:
            yield "assistant", reply.text
