"""What a patient's answer to the question of a stage does, or a command instead of one ("go back", "why?").

Danger was looked for before this. Knows nothing about wording.
"""

from typing import Any

from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Mark, Question, QuestionKind, State
from dialogue.effect import Effect, PatientTurn
from dialogue.judging import judge
from dialogue.machine import Signal
from dialogue.questions import PATIENCE, confirm_action
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


def effect_of_answer(turn: PatientTurn) -> Effect:
    """The effect of an answer or a command, in a stage that asks."""
    act = COMMANDS.get(turn.understood.command) if turn.understood.command else None
    return act(turn) if act else _answer(turn)


def _answer(turn: PatientTurn) -> Effect:
    state = turn.before.state
    if state is State.CONSENT:
        return _consent(turn)
    if state is State.COMPLAINT:
        return _complaint(turn)
    if state is State.RECAP:
        return _recap(turn)
    return _finding(turn)


def _consent(turn: PatientTurn) -> Effect:
    if turn.understood.affirmed:
        return turn.effect(Signal.AGREED, misses=0)
    if turn.new:
        return turn.effect(Signal.ANSWERED, "noted_first")
    return turn.effect(Signal.REFUSED) if turn.understood.affirmed is False else _missed(turn)


def _complaint(turn: PatientTurn) -> Effect:
    if judge(turn.now, turn.clinic, turn.judgement).view.active:
        return turn.effect(Signal.ANSWERED, misses=0, marks=_marked(turn.before))
    return _missed(turn, Signal.ANSWERED)


def _recap(turn: PatientTurn) -> Effect:
    """The answer to the recap. After a "no" the patient is asked what is wrong; after PATIENCE tries, a person has
    to ask."""
    if _corrects(turn):
        return turn.effect(Signal.ANSWERED, "corrected", misses=0)
    if turn.understood.affirmed:
        return turn.effect(Signal.AGREED, misses=0)
    if turn.understood.affirmed is False:
        return _missed(turn, Signal.REFUSED)
    return _missed(turn)


def _corrects(turn: PatientTurn) -> bool:
    """Whether the message states anything new."""
    known = {fact.finding: _said(fact) for fact in turn.before.facts if fact.certain}
    return any(known.get(fact.finding) != _said(fact) for fact in turn.understood.facts if fact.certain)


def _changes(turn: PatientTurn) -> bool:
    """Whether the message contradicts a known fact."""
    known = {fact.finding: _said(fact) for fact in turn.before.facts if fact.certain}
    return any(known.get(fact.finding, _said(fact)) != _said(fact) for fact in turn.understood.facts if fact.certain)


def _said(fact: Fact) -> tuple[object, ...]:
    return fact.status, fact.value, fact.subject, fact.when


def _finding(turn: PatientTurn) -> Effect:
    """The answer to a question about findings. Taken if it settles one of them; left open after PATIENCE tries."""
    question = turn.question
    asked = question.findings if question else ()
    if turn.new & set(asked):
        return _taken(turn)
    if _corrects(turn):
        return turn.effect(Signal.UNCLEAR, "wrote_down")
    if turn.before.misses + 1 > PATIENCE:
        return _left_open(turn, "skipped")
    return _missed(turn)


def _taken(turn: PatientTurn, *say: str) -> Effect:
    """Takes the answer.

    Findings that it leaves open are asked again. Those of a group that is asked one by one are asked until the first
    yes.
    """
    question = turn.question
    answered = (name for name in (question.findings if question else ()) if name in turn.new)
    asked = (*turn.before.asked, *answered)
    misses = PATIENCE if turn.before.misses >= PATIENCE and turn.understood.affirmed is False else 0
    return turn.effect(Signal.ANSWERED, *say, asked=asked, misses=misses, marks=_marked(turn.before))


def _left_open(turn: PatientTurn, *say: str) -> Effect:
    """Marks the findings of the question as unknown, so that the nurse sees that they were asked."""
    question = turn.question
    evidence = Evidence(turn=turn.before.version, quote="")
    unknown = tuple(
        Fact(finding=name, status=Status.UNKNOWN, evidence=evidence)
        for name in (question.findings if question else ())
        if name not in turn.new
    )
    now = turn.now.model_copy(update={"facts": (*turn.now.facts, *unknown)})
    new = turn.new.union(fact.finding for fact in unknown)
    return _taken(turn._replace(now=now, new=new), *say)


def _missed(turn: PatientTurn, passing: Signal = Signal.UNCLEAR) -> Effect:
    misses = turn.before.misses + 1
    if misses > PATIENCE and turn.before.state in (State.CONSENT, State.COMPLAINT, State.RECAP):
        return turn.effect(Signal.LOST)
    return turn.effect(passing, *_not_understood(turn, misses), misses=misses)


def _not_understood(turn: PatientTurn, misses: int) -> tuple[str, ...]:
    """What is said before the question is repeated; from the second time on, how to answer it."""
    question = turn.question
    if question is None:
        return ()
    if turn.understood.asks and not turn.understood.facts and question.id != "recap":
        return ("for_the_nurse",)
    if question.id == "complaint":
        return ("no_words",) if turn.understood.command in OPEN else ("unclear",)
    if question.id == "consent" and misses == 1:
        return ("unclear_consent",)
    if question.id == "recap":
        return ("nothing_changed",) if turn.new else ("unclear",) if turn.understood.affirmed is None else ()
    if any(fact.certain for fact in turn.understood.facts):
        return ("wrote_down",)
    if question.asks_together:
        return ("one_by_one",)
    if question.kind is QuestionKind.MULTI_CHOICE and misses >= PATIENCE:
        return ("one_by_one",)
    if question.kind is QuestionKind.MULTI_CHOICE and turn.understood.affirmed:
        return ("which_of_these",)
    how = "unclear_age" if question.findings == (AGE,) else HOW_TO_ANSWER.get(question.kind, "unclear_choose")
    return ("unclear",) if misses == 1 else (how,)


def _marked(before: Conversation) -> tuple[Mark, ...]:
    return (*before.marks, Mark(state=before.state, facts=len(before.facts), asked=len(before.asked)))


def _back(turn: PatientTurn) -> Effect:
    before = turn.before
    if not before.marks:
        return turn.effect(Signal.REPAIRED, "cannot_go_back")
    mark = before.marks[-1]
    undone: dict[str, Any] = {
        "facts": before.facts[: mark.facts],
        "asked": before.asked[: mark.asked],
        "marks": before.marks[:-1],
    }
    return turn.effect(Signal.REPAIRED, "went_back", **undone, state=mark.state, misses=0)


def _how_to_answer(question: Question | None) -> str:
    return "how_to_choose" if question and question.choices else "how_to_say"


def _open_question(turn: PatientTurn) -> Effect:
    """ "I don't know" or "skip": the findings become unknown. Consent, complaint and recap need an answer."""
    together = turn.question is not None and turn.question.asks_together
    if together or turn.before.state in (State.CONSENT, State.COMPLAINT, State.RECAP):
        return _missed(turn)
    skipped = turn.understood.command is Command.SKIP
    return _left_open(turn, *(["skipped"] if skipped else []))


def _correct(turn: PatientTurn) -> Effect:
    if turn.new:
        asked = turn.question.findings if turn.question else ()
        if turn.before.state is State.RECAP or turn.new & set(asked):
            return _answer(turn)
        return turn.effect(Signal.REPAIRED, "corrected") if _changes(turn) else _answer(turn)
    return turn.effect(Signal.REPAIRED, "what_to_change")


def _stop(turn: PatientTurn) -> Effect:
    return turn.effect(Signal.STOPPED if has_told(turn.now, turn.clinic) else Signal.LEFT)


def _start_over(turn: PatientTurn) -> Effect:
    return turn.effect(Signal.REPAIRED, overlay=confirm_action(turn.before, turn.clinic, "restart"))


def has_told(conversation: Conversation, clinic: Clinic) -> bool:
    """Whether there is anything for a nurse to read besides who the patient is."""
    about = set(clinic.ruleset.interview.about_you)
    tried = conversation.state is State.COMPLAINT and conversation.misses > 0
    return tried or any(fact.finding not in about for fact in conversation.facts)


COMMANDS = {
    Command.BACK: _back,
    Command.REPEAT: lambda turn: turn.effect(Signal.REPAIRED, misses=0),
    Command.REPHRASE: lambda turn: turn.effect(Signal.REPAIRED, "explained", _how_to_answer(turn.question)),
    Command.WHY: lambda turn: turn.effect(Signal.REPAIRED, "explained"),
    Command.WHO_ASKS: lambda turn: turn.effect(Signal.REPAIRED, "who_asks"),
    Command.HOW_LONG: lambda turn: turn.effect(Signal.REPAIRED, "how_long"),
    Command.DONT_KNOW: _open_question,
    Command.SKIP: _open_question,
    Command.PERSON: lambda turn: turn.effect(Signal.PERSON),
    Command.STOP: _stop,
    Command.START_OVER: _start_over,
    Command.CORRECT: _correct,
}
