"""What a patient's message does: which signal it is, and which facts are kept. Knows nothing about wording.

The order matters for safety: danger first, then an open confirmation, then uncertain danger, then a command of the
patient, then the answer to the question.
"""

from typing import Any

from dialogue.answering import effect_of_answer
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, State
from dialogue.effect import Effect, PatientTurn
from dialogue.events import Said
from dialogue.judging import Judgement, attended, dangers, doubts, judge_facts, lesser_doubts, level_of
from dialogue.likeness import feared
from dialogue.machine import ASKING, Signal
from dialogue.message_meaning import meaning_of
from dialogue.next_question import settled_findings
from dialogue.other_people import dangers_to_others, doubted, theirs
from dialogue.questions import PATIENCE, confirm_action, confirm_finding
from dialogue.understanding.meaning import Command, Understood
from policies.facts import Evidence, Fact, Status, Subject

EXPLAINED = {Command.WHY, Command.REPHRASE}


def effect_of_message(before: Conversation, said: Said, clinic: Clinic, judgement: Judgement | None = None) -> Effect:
    """Interprets one message. Raises NotOffered for a choice that is not on offer. `judgement` is any earlier one."""
    return _danger_first(before, _of_whom(before, meaning_of(before, said, clinic)), clinic, judgement)


def _of_whom(before: Conversation, understood: Understood) -> Understood:
    """The facts of an answer to a question about somebody else are about that person."""
    if before.question is None or before.question.id != "confirm":
        return understood
    asked = doubted(before.facts, before.question.findings[0])
    if asked is None:
        return understood
    facts = (theirs(f, asked) if f.finding == asked.finding and f.counts else f for f in understood.facts)
    return understood._replace(facts=tuple(facts))


def _danger_first(before: Conversation, understood: Understood, clinic: Clinic, judgement: Judgement | None) -> Effect:
    """Checks for danger first, then everything else."""
    facts = (*before.facts, *understood.facts)
    judgement = judge_facts(facts, clinic, judgement)
    found = judgement.view.found
    flags = dangers(before, found)
    others = dangers_to_others(before.facts, understood.facts, before.version, attended(before), clinic)
    paged = (rule for rule in before.fired if before.page and rule in before.page.rules)
    fired = tuple(dict.fromkeys((*paged, *(f.rule for f in found.fired))))
    now = before.model_copy(update={"facts": facts, "level": level_of(before, found), "fired": fired})
    if flags or others:
        return Effect(now, Signal.RED_FLAG, flags=flags, others=others, judgement=judgement)
    if likely := feared(before, understood, found, clinic):
        told = understood._replace(facts=(*understood.facts, *likely), likeness=None)
        return _danger_first(before, told, clinic, judgement)
    new = frozenset(f.finding for f in understood.facts if f.certain and f.subject is Subject.PATIENT)
    return _without_danger(PatientTurn(before, now, understood, clinic, judgement, new))


def _without_danger(turn: PatientTurn) -> Effect:
    before = turn.before
    if turn.understood.unread and before.state in ASKING and before.state is not State.CONSENT:
        return turn.effect(Signal.LOST)
    if turn.understood.command is Command.LANGUAGE:
        return _in_another_language(turn)
    if before.question and before.question.id in DECISIONS:
        return DECISIONS[before.question.id](turn)
    if doubtful := _doubtful(turn):
        finding = turn.clinic.ruleset.findings[doubtful[0]]
        overlay = confirm_finding(turn.now, finding, turn.clinic)
        return turn.effect(_passing(before), overlay=overlay, doubts=doubtful, misses=0)
    if turn.understood.command is Command.DELETE:
        return turn.effect(_passing(before), overlay=confirm_action(before, turn.clinic, "delete"))
    if before.state in ASKING:
        return effect_of_answer(turn)
    if before.state is State.DECLINED and turn.understood.affirmed:
        return turn.effect(Signal.AGREED)
    gone = before.state is State.ABANDONED and before.withdrawn
    return turn.effect(Signal.LEFT if gone else Signal.NOTED)


def _in_another_language(turn: PatientTurn) -> Effect:
    """Goes on in the language that the patient asks for; what is open is asked again in it."""
    before, clinic, language = turn.before, turn.clinic, turn.understood.language
    first = before.first_language or before.language
    changes = {"language": language, "first_language": "" if first == language else first}
    now = turn.now.model_copy(update=changes)
    overlay = None
    if before.question and before.question.id == "confirm":
        overlay = confirm_finding(now, clinic.ruleset.findings[before.question.findings[0]], clinic)
    elif before.question and before.question.id in DECISIONS:
        overlay = confirm_action(now, clinic, before.question.id)
    says = {State.CONSENT: ("welcome",), State.WITH_NURSE: ()}.get(before.state, ("language_changed",))
    return turn.effect(_passing(before), *says, overlay=overlay, **changes)


def _doubtful(turn: PatientTurn) -> tuple[str, ...]:
    """The uncertain findings that are asked back now.

    First those of this message that may be an emergency. Then, once the interview has begun, any that may be urgent.
    Those that are uncertain only because of their spelling are asked back even before.
    """
    before, clinic, judgement = turn.before, turn.clinic, turn.judgement
    worst = doubts(before, turn.understood.facts, clinic, judgement)
    if worst or before.state not in ASKING:
        return worst
    lesser = lesser_doubts(turn.now, clinic, judgement)
    if before.state is State.CONSENT:
        return tuple(name for name in lesser if name in turn.understood.misspelt)
    return lesser


def _passing(before: Conversation) -> Signal:
    """The signal of a turn that asks something in between. In an abandoned chat it brings the patient back."""
    return Signal.REPAIRED if before.state in ASKING else Signal.NOTED


def _confirmed(turn: PatientTurn) -> Effect:
    """The answer to whether an uncertain danger was meant.

    A "yes" has fired its rule already, unless the rule needs more. Only a "no" denies it: unanswered twice, it counts
    as a yes.
    """
    question, passing = turn.question, _passing(turn.before)
    asked = question.findings if question else ()
    if turn.understood.command in EXPLAINED:
        return turn.effect(passing, "explained", overlay=question)
    if not any(fact.finding in asked and fact.certain for fact in turn.understood.facts):
        if turn.before.misses + 1 < PATIENCE:
            unsure = turn.understood.command is Command.DONT_KNOW
            say = "unsure_means_yes" if unsure else "unclear_yes_no"
            return turn.effect(passing, say, overlay=question, misses=turn.before.misses + 1)
        facts = (*turn.understood.facts, *(_taken_for_true(turn.before, name) for name in asked))
        taken = turn.understood._replace(facts=facts)
        return _danger_first(turn.before, taken, turn.clinic, turn.judgement)
    settled = settled_findings(turn.now, turn.clinic)
    left = tuple(name for name in turn.before.doubts[1:] if name not in settled)
    overlay = confirm_finding(turn.now, turn.clinic.ruleset.findings[left[0]], turn.clinic) if left else None
    told_nothing_else = turn.before.state is State.COMPLAINT and not turn.judgement.view.active
    return turn.effect(passing, overlay=overlay, doubts=left, misses=int(told_nothing_else))


def _taken_for_true(before: Conversation, finding: str) -> Fact:
    """The finding as present in this turn. Its evidence are the words that raised the doubt."""
    quotes = (fact.evidence.quote for fact in reversed(before.facts) if fact.finding == finding)
    evidence = Evidence(turn=before.version, quote=next(quotes, ""))
    taken = Fact(finding=finding, status=Status.PRESENT, evidence=evidence)
    asked = doubted(before.facts, finding)
    return theirs(taken, asked) if asked else taken


def _deletion(turn: PatientTurn) -> Effect:
    if not turn.understood.affirmed:
        return turn.effect(_passing(turn.before), "kept")
    return turn.effect(Signal.WITHDRAWN, withdrawn=True)


def _restart(turn: PatientTurn) -> Effect:
    if not turn.understood.affirmed:
        return turn.effect(Signal.REPAIRED, "kept")
    nothing: dict[str, Any] = {"facts": (), "asked": (), "marks": (), "doubts": (), "misses": 0}
    return turn.effect(Signal.RESTARTED, **nothing, level=None, fired=())


DECISIONS = {"confirm": _confirmed, "delete": _deletion, "restart": _restart}
