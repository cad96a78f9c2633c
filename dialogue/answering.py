"""What a patient's answer to the question of a stage does, or a command instead of one ("go back", "why?").

Danger was looked for before this. Knows nothing about wording.
"""

from typing import Any

from dialogue.asking import PATIENCE, sure
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Mark, Question, QuestionKind, State
from dialogue.heard import Heard, Hearing
from dialogue.judging import judge
from dialogue.machine import Signal
from dialogue.understanding.meaning import Command
from policies.facts import Evidence, Fact, Status
from policies.ruleset import AGE

OPEN = {Command.DONT_KNOW, Command.SKIP}
"""Commands that say that there is no answer. They were understood, so no "sorry" is said."""

HOW_TO_ANSWER = {
    QuestionKind.YES_NO: "unclear_yes_no",
    QuestionKind.NUMBER: "unclear_number",
    QuestionKind.SCALE: "unclear_number",
    QuestionKind.DURATION: "unclear_duration",
}


def asked(hearing: Hearing) -> Heard:
    """The effect of an answer or a command, in a stage that asks."""
    act = COMMANDS.get(hearing.understood.command) if hearing.understood.command else None
    return act(hearing) if act else _answer(hearing)


def _answer(hearing: Hearing) -> Heard:
    state = hearing.before.state
    if state is State.CONSENT:
        return _consent(hearing)
    if state is State.COMPLAINT:
        return _complaint(hearing)
    if state is State.RECAP:
        return _recap(hearing)
    return _finding(hearing)


def _consent(hearing: Hearing) -> Heard:
    if hearing.understood.affirmed:
        return hearing.heard(Signal.AGREED, misses=0)
    if hearing.new:
        return hearing.heard(Signal.ANSWERED, "noted_first")
    return hearing.heard(Signal.REFUSED) if hearing.understood.affirmed is False else _missed(hearing)


def _complaint(hearing: Hearing) -> Heard:
    if judge(hearing.now, hearing.clinic, hearing.judgement).view.active:
        return hearing.heard(Signal.ANSWERED, misses=0, marks=_marked(hearing.before))
    return _missed(hearing, Signal.ANSWERED)


def _recap(hearing: Hearing) -> Heard:
    """The answer to the recap. After a "no" the patient is asked what is wrong; after PATIENCE tries, a person has
    to ask."""
    if _corrects(hearing):
        return hearing.heard(Signal.ANSWERED, "corrected", misses=0)
    if hearing.understood.affirmed:
        return hearing.heard(Signal.AGREED, misses=0)
    if hearing.understood.affirmed is False:
        return _missed(hearing, Signal.REFUSED)
    return _missed(hearing)


def _corrects(hearing: Hearing) -> bool:
    """Whether the message states anything new."""
    known = {fact.finding: _said(fact) for fact in hearing.before.facts if fact.certain}
    return any(known.get(fact.finding) != _said(fact) for fact in hearing.understood.facts if fact.certain)


def _changes(hearing: Hearing) -> bool:
    """Whether the message contradicts a known fact."""
    known = {fact.finding: _said(fact) for fact in hearing.before.facts if fact.certain}
    return any(known.get(fact.finding, _said(fact)) != _said(fact) for fact in hearing.understood.facts if fact.certain)


def _said(fact: Fact) -> tuple[object, ...]:
    return fact.status, fact.value, fact.subject, fact.when


def _finding(hearing: Hearing) -> Heard:
    """The answer to a question about findings. Taken if it settles one of them; left open after PATIENCE tries."""
    question = hearing.question
    asked = question.findings if question else ()
    if hearing.new & set(asked):
        return _taken(hearing)
    if _corrects(hearing):
        return hearing.heard(Signal.UNCLEAR, "wrote_down")
    if hearing.before.misses + 1 > PATIENCE:
        return _left_open(hearing, "skipped")
    return _missed(hearing)


def _taken(hearing: Hearing, *say: str) -> Heard:
    """Takes the answer.

    Findings that it leaves open are asked again. Those of a group that is asked one by one are asked until the first
    yes.
    """
    question = hearing.question
    answered = (name for name in (question.findings if question else ()) if name in hearing.new)
    asked = (*hearing.before.asked, *answered)
    misses = PATIENCE if hearing.before.misses >= PATIENCE and hearing.understood.affirmed is False else 0
    return hearing.heard(Signal.ANSWERED, *say, asked=asked, misses=misses, marks=_marked(hearing.before))


def _left_open(hearing: Hearing, *say: str) -> Heard:
    """Marks the findings of the question as unknown, so that the nurse sees that they were asked."""
    question, turn = hearing.question, hearing.before.version
    evidence = Evidence(turn=turn, quote="")
    unknown = tuple(
        Fact(finding=name, status=Status.UNKNOWN, evidence=evidence)
        for name in (question.findings if question else ())
        if name not in hearing.new
    )
    now = hearing.now.model_copy(update={"facts": (*hearing.now.facts, *unknown)})
    new = hearing.new.union(fact.finding for fact in unknown)
    return _taken(hearing._replace(now=now, new=new), *say)


def _missed(hearing: Hearing, passing: Signal = Signal.UNCLEAR) -> Heard:
    misses = hearing.before.misses + 1
    if misses > PATIENCE and hearing.before.state in (State.CONSENT, State.COMPLAINT, State.RECAP):
        return hearing.heard(Signal.LOST)
    return hearing.heard(passing, *_not_understood(hearing, misses), misses=misses)


def _not_understood(hearing: Hearing, misses: int) -> tuple[str, ...]:
    """What is said before the question is repeated; from the second time on, how to answer it."""
    question = hearing.question
    if question is None:
        return ()
    if hearing.understood.asks and not hearing.understood.facts and question.id != "recap":
        return ("for_the_nurse",)
    if question.id == "complaint":
        return ("no_words",) if hearing.understood.command in OPEN else ("unclear",)
    if question.id == "consent" and misses == 1:
        return ("unclear_consent",)
    if question.id == "recap":
        return ("nothing_changed",) if hearing.new else ("unclear",) if hearing.understood.affirmed is None else ()
    if any(fact.certain for fact in hearing.understood.facts):
        return ("wrote_down",)
    if question.asks_together:
        return ("one_by_one",)
    if question.kind is QuestionKind.MULTI_CHOICE and misses >= PATIENCE:
        return ("one_by_one",)
    if question.kind is QuestionKind.MULTI_CHOICE and hearing.understood.affirmed:
        return ("which_of_these",)
    how = "unclear_age" if question.findings == (AGE,) else HOW_TO_ANSWER.get(question.kind, "unclear_choose")
    return ("unclear",) if misses == 1 else (how,)


def _marked(before: Conversation) -> tuple[Mark, ...]:
    return (*before.marks, Mark(state=before.state, facts=len(before.facts), asked=len(before.asked)))


def _back(hearing: Hearing) -> Heard:
    before = hearing.before
    if not before.marks:
        return hearing.heard(Signal.REPAIRED, "cannot_go_back")
    mark = before.marks[-1]
    undone: dict[str, Any] = {
        "facts": before.facts[: mark.facts],
        "asked": before.asked[: mark.asked],
        "marks": before.marks[:-1],
    }
    return hearing.heard(Signal.REPAIRED, "went_back", **undone, state=mark.state, misses=0)


def _how_to_answer(question: Question | None) -> str:
    return "how_to_choose" if question and question.choices else "how_to_say"


def _open_question(hearing: Hearing) -> Heard:
    """ "I don't know" or "skip": the findings become unknown. Consent, complaint and recap need an answer."""
    together = hearing.question is not None and hearing.question.asks_together
    if together or hearing.before.state in (State.CONSENT, State.COMPLAINT, State.RECAP):
        return _missed(hearing)
    skipped = hearing.understood.command is Command.SKIP
    return _left_open(hearing, *(["skipped"] if skipped else []))


def _correct(hearing: Hearing) -> Heard:
    if hearing.new:
        asked = hearing.question.findings if hearing.question else ()
        if hearing.before.state is State.RECAP or hearing.new & set(asked):
            return _answer(hearing)
        return hearing.heard(Signal.REPAIRED, "corrected") if _changes(hearing) else _answer(hearing)
    return hearing.heard(Signal.REPAIRED, "what_to_change")


def _stop(hearing: Hearing) -> Heard:
    return hearing.heard(Signal.STOPPED if has_told(hearing.now, hearing.clinic) else Signal.LEFT)


def has_told(conversation: Conversation, clinic: Clinic) -> bool:
    """Whether there is anything for a nurse to read besides who the patient is."""
    about = set(clinic.ruleset.about_you)
    tried = conversation.state is State.COMPLAINT and conversation.misses > 0
    return tried or any(fact.finding not in about for fact in conversation.facts)


COMMANDS = {
    Command.BACK: _back,
    Command.REPEAT: lambda hearing: hearing.heard(Signal.REPAIRED, misses=0),
    Command.REPHRASE: lambda hearing: hearing.heard(Signal.REPAIRED, "explained", _how_to_answer(hearing.question)),
    Command.WHY: lambda hearing: hearing.heard(Signal.REPAIRED, "explained"),
    Command.WHO_ASKS: lambda hearing: hearing.heard(Signal.REPAIRED, "who_asks"),
    Command.HOW_LONG: lambda hearing: hearing.heard(Signal.REPAIRED, "how_long"),
    Command.DONT_KNOW: _open_question,
    Command.SKIP: _open_question,
    Command.PERSON: lambda hearing: hearing.heard(Signal.PERSON),
    Command.STOP: _stop,
    Command.START_OVER: lambda hearing: hearing.heard(
        Signal.REPAIRED, overlay=sure(hearing.before, hearing.clinic, "restart")
    ),
    Command.CORRECT: _correct,
}
