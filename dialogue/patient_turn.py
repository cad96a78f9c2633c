"""What a patient's message does: which signal it is, and what is remembered of it. Knows nothing of wording.

The order is the safety argument: danger first, then an open confirmation, then uncertain danger, then what the
patient asks of the conversation, then the answer.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from dialogue.asking import confirm, sure
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Mark, Question, QuestionKind, State
from dialogue.events import Said
from dialogue.hearing import hear
from dialogue.inquiry import settled_findings
from dialogue.judging import Look, dangers, doubts, level_of, look, look_at
from dialogue.machine import ASKING, Signal
from dialogue.understanding.meaning import Command, Understood
from policies.case import Fired
from policies.facts import Evidence, Fact, Status

PATIENCE = 2
"""After so many answers that were not understood, the question is left open and the conversation goes on."""


EXPLAINED = {Command.WHY, Command.REPHRASE}

HOW_TO_ANSWER = {
    QuestionKind.YES_NO: "unclear_yes_no",
    QuestionKind.NUMBER: "unclear_number",
    QuestionKind.SCALE: "unclear_number",
    QuestionKind.DURATION: "unclear_duration",
}


@dataclass(frozen=True)
class Heard:
    """`say` are message keys besides the machine's own; `overlay` is a question that comes before the stage's."""

    conversation: Conversation
    signal: Signal
    say: tuple[str, ...] = ()
    overlay: Question | None = None
    flags: tuple[Fired, ...] = ()
    looked: Look | None = None


@dataclass(frozen=True)
class Hearing:
    """A message on its way: the conversation before it, and with its facts added."""

    before: Conversation
    now: Conversation
    understood: Understood
    clinic: Clinic
    looked: Look
    new: frozenset[str] = field(default_factory=frozenset)

    @property
    def question(self) -> Question | None:
        return self.before.question

    def heard(self, signal: Signal, *say: str, overlay: Question | None = None, **changes: Any) -> Heard:
        return Heard(self.now.model_copy(update=changes), signal, say, overlay, looked=self.looked)


def hear_patient(before: Conversation, said: Said, clinic: Clinic, looked: Look | None = None) -> Heard:
    """Interpret one message; raises NotOffered for a choice that is not open. `looked` is any earlier look."""
    return _weighed(before, hear(before, said, clinic), clinic, looked)


def _weighed(before: Conversation, understood: Understood, clinic: Clinic, looked: Look | None) -> Heard:
    """Danger first, then everything else."""
    facts = (*before.facts, *understood.facts)
    looked = look_at(facts, clinic, looked)
    found = looked.view.found
    flags = dangers(before, found)
    fired = tuple(dict.fromkeys((*(before.page.rules if before.page else ()), *(f.rule for f in found.fired))))
    now = before.model_copy(update={"facts": facts, "level": level_of(before, found), "fired": fired})
    if flags:
        return Heard(now, Signal.RED_FLAG, flags=flags, looked=looked)
    new = frozenset(fact.finding for fact in understood.facts if fact.certain)
    return _without_danger(Hearing(before, now, understood, clinic, looked, new))


def _without_danger(hearing: Hearing) -> Heard:
    before = hearing.before
    if hearing.understood.unread and before.state in ASKING and before.state is not State.CONSENT:
        return hearing.heard(Signal.LOST)
    if before.question and before.question.id in DECISIONS:
        return DECISIONS[before.question.id](hearing)
    if doubted := doubts(before, hearing.understood.facts, hearing.clinic, hearing.looked):
        finding = hearing.clinic.ruleset.findings[doubted[0]]
        overlay = confirm(hearing.now, finding, hearing.clinic)
        return hearing.heard(_passing(before), overlay=overlay, doubts=doubted, misses=0)
    if hearing.understood.command is Command.DELETE:
        return hearing.heard(_passing(before), overlay=sure(before, hearing.clinic, "delete"))
    if before.state in ASKING:
        return _asked(hearing)
    if before.state is State.DECLINED and hearing.understood.affirmed:
        return hearing.heard(Signal.AGREED)
    gone = before.state is State.ABANDONED and before.withdrawn
    return hearing.heard(Signal.LEFT if gone else Signal.NOTED)


def _passing(before: Conversation) -> Signal:
    """The signal of a turn that only puts a question in between; in an abandoned chat the patient is back with it."""
    return Signal.REPAIRED if before.state in ASKING else Signal.NOTED


def _confirmed(hearing: Hearing) -> Heard:
    """An uncertain danger was asked back. A yes has fired its rule already, unless the rule needs more.

    Only a no settles that it is not there: what is left open twice counts as a yes.
    """
    question, passing = hearing.question, _passing(hearing.before)
    asked = question.findings if question else ()
    if hearing.understood.command in EXPLAINED:
        return hearing.heard(passing, "explained", overlay=question)
    if hearing.new.isdisjoint(asked):
        if hearing.before.misses + 1 < PATIENCE:
            unsure = hearing.understood.command is Command.DONT_KNOW
            say = "unsure_means_yes" if unsure else "unclear_yes_no"
            return hearing.heard(passing, say, overlay=question, misses=hearing.before.misses + 1)
        feared = tuple(_feared(hearing.before, name) for name in asked)
        facts = (*hearing.understood.facts, *feared)
        heard = hearing.understood.model_copy(update={"facts": facts})
        return _weighed(hearing.before, heard, hearing.clinic, hearing.looked)
    settled = settled_findings(hearing.now, hearing.clinic)
    left = tuple(name for name in hearing.before.doubts[1:] if name not in settled)
    overlay = confirm(hearing.now, hearing.clinic.ruleset.findings[left[0]], hearing.clinic) if left else None
    told_nothing_else = hearing.before.state is State.COMPLAINT and not hearing.looked.view.active
    return hearing.heard(_passing(hearing.before), overlay=overlay, doubts=left, misses=int(told_nothing_else))


def _feared(before: Conversation, finding: str) -> Fact:
    """Taken for present in this turn, by the words that raised the doubt."""
    doubted = (fact.evidence.quote for fact in reversed(before.facts) if fact.finding == finding)
    evidence = Evidence(turn=before.version, quote=next(doubted, ""))
    return Fact(finding=finding, status=Status.PRESENT, evidence=evidence)


def _deletion(hearing: Hearing) -> Heard:
    if not hearing.understood.affirmed:
        return hearing.heard(_passing(hearing.before), "kept")
    return hearing.heard(Signal.WITHDRAWN, withdrawn=True)


def _restart(hearing: Hearing) -> Heard:
    if not hearing.understood.affirmed:
        return hearing.heard(Signal.REPAIRED, "kept")
    nothing: dict[str, Any] = {"facts": (), "asked": (), "marks": (), "doubts": (), "misses": 0}
    return hearing.heard(Signal.RESTARTED, **nothing, level=None, fired=())


DECISIONS = {"confirm": _confirmed, "delete": _deletion, "restart": _restart}


def _asked(hearing: Hearing) -> Heard:
    """A stage is asking: the patient wants something of the conversation, or answers."""
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
    if look(hearing.now, hearing.clinic, hearing.looked).view.active:
        return hearing.heard(Signal.ANSWERED, misses=0, marks=_marked(hearing.before))
    return _missed(hearing, Signal.ANSWERED)


def _recap(hearing: Hearing) -> Heard:
    if hearing.new:
        return hearing.heard(Signal.ANSWERED, "corrected", misses=0)
    if hearing.understood.affirmed is None:
        return _missed(hearing)
    return hearing.heard(Signal.AGREED if hearing.understood.affirmed else Signal.REFUSED, misses=0)


def _finding(hearing: Hearing) -> Heard:
    """An answer to what a finding asked: taken when it settles one of them; left open when patience is over."""
    question = hearing.question
    asked = question.findings if question else ()
    if hearing.new & set(asked):
        return _taken(hearing)
    if hearing.before.misses + 1 > PATIENCE:
        return _left_open(hearing, "skipped")
    return _missed(hearing)


def _taken(hearing: Hearing, *say: str) -> Heard:
    """What of the question is still open is asked again, by itself."""
    question = hearing.question
    answered = (name for name in (question.findings if question else ()) if name in hearing.new)
    asked = (*hearing.before.asked, *answered)
    return hearing.heard(Signal.ANSWERED, *say, asked=asked, misses=0, marks=_marked(hearing.before))


def _left_open(hearing: Hearing, *say: str) -> Heard:
    """The findings asked for become unknown; the nurse sees that they were asked."""
    question, turn = hearing.question, hearing.before.version
    evidence = Evidence(turn=turn, quote="")
    unknown = tuple(
        Fact(finding=name, status=Status.UNKNOWN, evidence=evidence)
        for name in (question.findings if question else ())
        if name not in hearing.new
    )
    now = hearing.now.model_copy(update={"facts": (*hearing.now.facts, *unknown)})
    new = hearing.new.union(fact.finding for fact in unknown)
    return _taken(replace(hearing, now=now, new=new), *say)


def _missed(hearing: Hearing, passing: Signal = Signal.UNCLEAR) -> Heard:
    misses = hearing.before.misses + 1
    if misses > PATIENCE and hearing.before.state in (State.CONSENT, State.COMPLAINT, State.RECAP):
        return hearing.heard(Signal.LOST)
    return hearing.heard(passing, *_not_understood(hearing, misses), misses=misses)


def _not_understood(hearing: Hearing, misses: int) -> tuple[str, ...]:
    """What is said before the question is put again: the second time, how to answer it."""
    question = hearing.question
    if question is None or question.id == "complaint":
        return ()
    if hearing.new:
        return ("wrote_down",)
    if question.asks_together:
        return ("one_by_one",)
    if question.kind is QuestionKind.MULTI_CHOICE and hearing.understood.affirmed:
        return ("which_of_these",)
    how = "unclear_recap" if question.id == "recap" else HOW_TO_ANSWER.get(question.kind, "unclear_choose")
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
    """I don't know, or skip: what was asked becomes unknown. The conversation's own questions want an answer."""
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
        return hearing.heard(Signal.REPAIRED, "corrected")
    return hearing.heard(Signal.REPAIRED, "what_to_change")


def _stop(hearing: Hearing) -> Heard:
    return hearing.heard(Signal.STOPPED if has_told(hearing.now, hearing.clinic) else Signal.LEFT)


def has_told(conversation: Conversation, clinic: Clinic) -> bool:
    """Whether there is anything for a nurse to read, beyond who the patient is."""
    about = set(clinic.ruleset.about_you)
    tried = conversation.state is State.COMPLAINT and conversation.misses > 0
    return tried or any(fact.finding not in about for fact in conversation.facts)


COMMANDS = {
    Command.BACK: _back,
    Command.REPEAT: lambda hearing: hearing.heard(Signal.REPAIRED),
    Command.REPHRASE: lambda hearing: hearing.heard(Signal.REPAIRED, "explained", _how_to_answer(hearing.question)),
    Command.WHY: lambda hearing: hearing.heard(Signal.REPAIRED, "explained"),
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
