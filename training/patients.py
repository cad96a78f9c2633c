"""Simulated patients who answer questions at random, but in the same way for the same seed. Knows nothing about drafts.

Whatever they say is true of them: the real engine hears it, so that facts, rules and level follow from the rules.
"""

import random
from dataclasses import dataclass

from dialogue.advance import advance
from dialogue.choices import NotOffered
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Question, QuestionKind
from dialogue.engine import code_of
from dialogue.events import Said, Started
from dialogue.machine import ASKING
from dialogue.questions import NO, NONE, RIGHT, UNKNOWN, YES
from policies.findings import Finding
from policies.levels import Level
from policies.ruleset import RuleSet

MOST_TURNS = 40
HARMLESS, DANGEROUS, UNSURE = 0.25, 0.01, 0.06
"""How often somebody has what they are asked for: asked by no EMERGENCY rule, by one; and how often they are unsure."""
_OWN_WORDS = ("none", "nothing like that", "no", "I don't take anything")


@dataclass(frozen=True)
class Person:
    """The person it is about. `who` is the interview's word: "me", "my child", "someone else"."""

    who: str
    age: str
    sex: str

    @property
    def told(self) -> str:
        return f"{self.who}, {self.age}, {self.sex}"


def somebody(luck: random.Random, *, child: bool = False, sex: str = "") -> Person:
    """An adult who writes for themself, or a child whose parent writes. Older people are not rare."""
    sex = sex or luck.choice(("female", "male"))
    if child:
        age = luck.choice((f"{luck.randint(4, 23)} months", f"{luck.randint(2, 12)} years"))
        return Person("my child", age, sex)
    return Person(luck.choices(("me", "someone else"), (9, 1))[0], str(luck.choice((*range(18, 90),))), sex)


def played(opening: str, person: Person, luck: random.Random, clinic: Clinic, identity: str) -> Conversation:
    """The whole interview, until nothing more is asked."""
    conversation = Conversation(
        id=identity, code=code_of(identity), language="en", ruleset=clinic.ruleset.content_hash, created_at=0.0
    )
    conversation = advance(conversation, Started(at=0.0), clinic).conversation
    for _ in range(MOST_TURNS):
        if conversation.question is None or conversation.state not in ASKING:
            break
        text, choices = _answer(conversation.question, opening, person, luck, clinic)
        said = Said(at=0.0, key=str(conversation.version), text=text, choices=choices)
        try:
            conversation = advance(conversation, said, clinic).conversation
        except NotOffered:
            break
    return conversation


def _answer(
    question: Question, opening: str, person: Person, luck: random.Random, clinic: Clinic
) -> tuple[str, tuple[str, ...]]:
    if question.id == "consent":
        return "", (YES,)
    if question.id == "recap":
        return "", (RIGHT,)
    if question.id == "complaint":
        return (opening, ()) if not question.choices else ("", (luck.choice(question.choices).value,))
    if question.id.startswith("about_you"):
        return (person.told, ()) if question.asks_together else (_about(question, person), ())
    return _clinical(question, luck, clinic)


def _about(question: Question, person: Person) -> str:
    found = {"age": person.age, "sex": person.sex, "who": person.who}
    return next((found[name] for name in question.findings if name in found), "no")


def _clinical(question: Question, luck: random.Random, clinic: Clinic) -> tuple[str, tuple[str, ...]]:
    offered = [option.value for option in question.choices]
    match question.kind:
        case QuestionKind.MULTI_CHOICE:
            ticked = tuple(name for name in question.findings if luck.random() < _chance(name, clinic))
            return "", ticked or (NONE,)
        case QuestionKind.YES_NO if question.id == "confirm":
            return "", (NO,)
        case QuestionKind.YES_NO:
            if UNKNOWN in offered and luck.random() < UNSURE:
                return "", (UNKNOWN,)
            return "", (YES if luck.random() < _chance(question.findings[0], clinic) else NO,)
        case QuestionKind.CHOICE:
            return "", (luck.choice([value for value in offered if value != UNKNOWN] or offered),)
        case QuestionKind.TEXT:
            return luck.choice(_OWN_WORDS), ()
        case QuestionKind.SCALE:
            return str(luck.randint(1, 8)), ()
        case QuestionKind.DURATION:
            return luck.choice((f"{luck.randint(2, 13)} hours", f"{luck.randint(2, 6)} days", "two weeks")), ()
        case _:
            return _measured(clinic.ruleset.findings[question.findings[0]], luck), ()


def _chance(finding: str, clinic: Clinic) -> float:
    return DANGEROUS if finding in _of_emergencies(clinic.ruleset) else HARMLESS


def _of_emergencies(ruleset: RuleSet) -> frozenset[str]:
    if ruleset.content_hash not in _ASKED_BY_EMERGENCIES:
        rules = (rule for rule in ruleset.rules.values() if rule.level is Level.EMERGENCY)
        _ASKED_BY_EMERGENCIES[ruleset.content_hash] = frozenset(name for rule in rules for name in rule.findings)
    return _ASKED_BY_EMERGENCIES[ruleset.content_hash]


_ASKED_BY_EMERGENCIES: dict[str, frozenset[str]] = {}


def _measured(finding: Finding, luck: random.Random) -> str:
    """A reading as people take them at home; a patient without the device says so."""
    usual = {"celsius": (36.4, 39.2), "percent": (95, 99), "per_minute": (60, 105)}
    if finding.unit not in usual or luck.random() < 0.3:
        return "I don't know"
    low, high = usual[finding.unit]
    return f"{luck.uniform(low, high):.1f}"
