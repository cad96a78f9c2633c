"""Plays a whole conversation against a scripted patient who answers from two texts only. Deterministic, no server."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypedDict

from pydantic import BaseModel, ConfigDict

from app.offline import Suspects, is_paged, opened, said, unsuspecting
from app.screening import Decision, FiredRule, Sex, Years, decision, rules
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Question, QuestionKind, State
from dialogue.machine import ASKING
from dialogue.questions import NO, NONE, RIGHT, UNKNOWN, YES
from dialogue.understanding import legible, understand
from policies.facts import Evidence, Fact, Status, counting
from policies.implications import with_implied
from policies.ruleset import AGE, CHILD, SEX, WHO, YEAR

MAX_TURNS = 60
"""Stops a conversation that would never end. Reaching it is a fault, which `stopped` reports."""

CHILD_YEARS = 13.0


class Script(BaseModel):
    """One line of the input: the first message, and everything that is true and untrue of the patient."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: str | int
    opening: str
    age_years: Years
    sex: Sex
    present: str = ""
    absent: str = ""

    @property
    def everything(self) -> str:
        """All that is true of the patient, as one text."""
        return f"{self.opening.rstrip(' .')}. {self.present}"


class ScriptedPatient:
    """Answers from its script only; "I don't know" to anything else."""

    def __init__(self, script: Script, clinic: Clinic, language: str) -> None:
        self._script = script
        self._clinic, self._language = clinic, language
        self._known = _known(script, clinic, language)
        words = clinic.words(language)
        options, self._units = words.options, words.units
        self._unknown, self._nothing = options[UNKNOWN], options[NO]

    def answer(self, question: Question) -> tuple[str, tuple[str, ...]]:
        """Text or choices for this question."""
        if question.id == "consent":
            return "", (YES,)
        if question.id == "recap":
            return "", (RIGHT,)
        if question.id == "complaint":
            return self._complaint(question)
        if question.kind is QuestionKind.MULTI_CHOICE:
            return "", tuple(name for name in question.findings if self._has(name)) or (NONE,)
        return self._single(question)

    def _has(self, finding: str) -> bool:
        fact = self._known.get(finding)
        return fact is not None and fact.status is Status.PRESENT

    def _complaint(self, question: Question) -> tuple[str, tuple[str, ...]]:
        if not question.choices:
            return self._script.opening, ()
        offered = [option.value for option in question.choices]
        return "", (next((value for value in offered if self._has(value)), offered[-1]),)

    def _single(self, question: Question) -> tuple[str, tuple[str, ...]]:
        if question.findings[0] in self._clinic.ruleset.interview.open_question:
            return self._script.present or self._nothing, ()
        if question.asks_together:
            return ", ".join(filter(None, map(self._told, question.findings))), ()
        fact = self._known.get(question.findings[0])
        offered = {option.value for option in question.choices}
        if question.kind is QuestionKind.YES_NO:
            known = fact is not None and fact.status is not Status.UNKNOWN
            if not known:
                return "", (UNKNOWN if UNKNOWN in offered else NO,)
            return "", (YES if self._has(question.findings[0]) else NO,)
        if fact is None or fact.value is None:
            return ("", (UNKNOWN,)) if UNKNOWN in offered else (self._unknown, ())
        if fact.value in offered:
            return "", (str(fact.value),)
        return self._in_words(fact, question), ()

    def _told(self, finding: str) -> str:
        """What the script says about the finding, in a few words; "" if nothing."""
        fact = self._known.get(finding)
        if fact is None or fact.value is None:
            return ""
        if isinstance(fact.value, float):
            return in_time(fact.value, self._units)
        choices = self._clinic.ruleset.findings[finding].choices
        return next((choice.label[self._language] for choice in choices if choice.value == fact.value), fact.value)

    def _in_words(self, fact: Fact, question: Question) -> str:
        if not isinstance(fact.value, float):
            return fact.value or ""
        return in_time(fact.value, self._units) if question.kind is QuestionKind.DURATION else f"{fact.value:g}"


def in_time(days: float, units: Mapping[str, str]) -> str:
    """A time as people say it: an infant's age in days or weeks, an adult's in years; `units` are a catalogue's."""
    for name, length in (("years", YEAR), ("weeks", 7.0), ("days", 1.0)):
        if days >= 2 * length:
            return f"{days / length:g} {units[name]}"
    return f"{days * 24:g} {units['hours']}"


def _known(script: Script, clinic: Clinic, language: str) -> Mapping[str, Fact]:
    """The facts of the script: what the opening and `present` state, and what `absent` mentions, as denied.

    They are read knowing who the patient is, as in the conversation, so that "sister has diabetes" is the sister's.
    """
    lexicon = clinic.lexicons[language]
    who = CHILD if script.age_years < CHILD_YEARS else "me"
    told: dict[str, float | str] = {AGE: script.age_years * YEAR, WHO: who}
    if script.sex:
        told[SEX] = script.sex
    evidence = Evidence(turn=0, quote="")
    about = tuple(Fact(finding=n, status=Status.PRESENT, value=v, evidence=evidence) for n, v in told.items())
    stated = understand(script.everything, lexicon, facts=about).facts
    denied = (
        replace(fact, status=Status.ABSENT, value=None, certain=True)
        for fact in understand(script.absent, lexicon, facts=(*about, *stated)).facts
    )
    return with_implied(clinic.ruleset, counting((*denied, *stated, *about)))


class RecordedFact(TypedDict):
    """A fact at the end of the conversation, with the patient's words."""

    id: str
    status: str
    value: float | str | None
    quote: str


class Interview(TypedDict):
    """One line of the output. `stopped` says why the conversation ended: `complete`, `red_flag`, ..."""

    id: str | int
    level: str | None
    decision: Decision
    rules: list[FiredRule]
    turns: int
    questions: list[str]
    facts: list[RecordedFact]
    stopped: str


def interview(script: Script, clinic: Clinic, language: str, suspects: Suspects = unsuspecting) -> Interview:
    """The result of the whole conversation."""
    conversation, questions = _played(script, clinic, language, suspects)
    return {
        "id": script.id,
        "level": conversation.level.name if conversation.level else None,
        "decision": decision(conversation),
        "rules": rules(conversation, clinic),
        "turns": len(questions),
        "questions": questions,
        "facts": [
            {"id": f.finding, "status": f.status.value, "value": f.value, "quote": f.evidence.quote}
            for f in conversation.facts
        ],
        "stopped": _why(conversation),
    }


def interviewed(script: Script, clinic: Clinic, language: str, suspects: Suspects = unsuspecting) -> Conversation:
    """The conversation at its end."""
    return _played(script, clinic, language, suspects)[0]


def _played(script: Script, clinic: Clinic, language: str, suspects: Suspects) -> tuple[Conversation, list[str]]:
    """The conversation at its end, and the questions that were asked."""
    patient, conversation = ScriptedPatient(script, clinic, language), opened(clinic, language, str(script.id))
    questions: list[str] = []
    while conversation.question is not None and len(questions) < MAX_TURNS:
        questions.append(conversation.question.prompt)
        text, choices = patient.answer(conversation.question)
        conversation = said(conversation, clinic, text, choices, suspects(legible(text, clinic.lexicons[language])))
    return conversation, questions


def _why(conversation: Conversation) -> str:
    if is_paged(conversation):
        return "red_flag"
    if conversation.state is State.ASSESSING:
        return "complete"
    return "too_long" if conversation.state in ASKING else conversation.partial or conversation.state.value
