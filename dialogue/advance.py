"""One turn of the conversation, as a pure function: (conversation, event) → (conversation, duties).

Finds out which signal the event is, takes the machine's step for it, and turns the step's message keys and duties into
real ones. Knows nothing about storage, channels or clocks.
"""

from collections.abc import Iterable
from typing import NamedTuple

from dialogue import events as e
from dialogue.admissibility import inadmissible
from dialogue.clinic import Clinic
from dialogue.conversation import Arrival, Conversation, Entry, Message, Question, Review
from dialogue.duties import Duty
from dialogue.effect import Effect
from dialogue.judging import Judgement, judge
from dialogue.machine import ASKING, PATIENT_SIGNALS, Signal, Situation, Step, step
from dialogue.messages import messages_of, question_messages
from dialogue.next_question import question_for
from dialogue.page_lifecycle import page_after, with_page_raised
from dialogue.patient_turn import effect_of_message
from dialogue.recording import record
from dialogue.turn_duties import page_duties, step_duties, text_duties
from policies.levels import Level

PARTIAL = {
    Signal.STOPPED: "stopped",
    Signal.SILENT: "fell_silent",
    Signal.PERSON: "asked_for_a_person",
    Signal.LOST: "not_understood",
    Signal.RED_FLAG: "red_flag",
    Signal.RAISED: "red_flag",
    Signal.RECOVERED: "lost",
}
"""Why a case reached the nurse before the patient had finished."""


class Turn(NamedTuple):
    """The result of a turn. `refused` means that the event is not allowed now; then nothing has changed."""

    conversation: Conversation
    duties: tuple[Duty, ...] = ()
    refused: bool = False
    judgement: Judgement | None = None


def advance(before: Conversation, event: e.Event, clinic: Clinic, judgement: Judgement | None = None) -> Turn:
    """The next conversation; its last log entry holds the event and what is said back.

    `judgement` is what the turn before found out about the facts. It changes nothing but the time that this turn takes.
    """
    effect = _effect_of(before, event, clinic, judgement)
    situation, found = step(situation_of(effect.conversation), effect.signal)
    if not found.allowed or inadmissible(before, event):
        return Turn(before, refused=True)
    now = _moved(effect.conversation, situation)
    now = _recorded(before, now, effect, event)
    if now.review is Review.OPEN is not before.review:
        opened = tuple(judge(now, clinic, effect.judgement).view.active)
        arrival = Arrival(at=event.at, level=now.level, protocols=opened)
        now = now.model_copy(update={"arrival": arrival})
    now, duties = step_duties(now, found.todo, event.at, clinic) if found.todo else (now, ())
    now = _settled(now, effect.overlay, effect.judgement, clinic)
    # The question is put again after what the patient did, not after what the clinic or a timer did.
    asking = question_messages(now.question) if effect.signal in PATIENT_SIGNALS else ()
    replies = (*_said(before, now, effect, found, event, clinic), *asking)
    entry = Entry(event=event, replies=replies, chose=_chosen(before.question, event))
    now = now.model_copy(update={"log": (*before.log, entry)})
    if now.page and now.page is not before.page:
        duties = (*duties, *page_duties(before, now, event.at, clinic))
    return Turn(now, (*duties, *text_duties(now, clinic)) if now.phone else duties, judgement=effect.judgement)


def replay(start: Conversation, happened: Iterable[e.Event], clinic: Clinic) -> Conversation:
    """The conversation that results from these events, starting afresh."""
    for event in happened:
        start = advance(start, event, clinic).conversation
    return start


def fresh(conversation: Conversation) -> Conversation:
    """The conversation as it was before anything happened."""
    return Conversation(
        id=conversation.id,
        code=conversation.code,
        language=conversation.first_language or conversation.language,
        ruleset=conversation.ruleset,
        created_at=conversation.created_at,
    )


def situation_of(conversation: Conversation) -> Situation:
    return Situation(conversation.state, conversation.resume, conversation.paging, conversation.review)


def _effect_of(before: Conversation, event: e.Event, clinic: Clinic, judgement: Judgement | None) -> Effect:
    if isinstance(event, e.Said):
        return effect_of_message(before, event, clinic, judgement)
    noted, signal = record(before, event, clinic)
    return Effect(noted, signal)


def _chosen(question: Question | None, event: e.Event) -> str:
    if question is None or not isinstance(event, e.Said):
        return ""
    return ", ".join(option.label for option in question.choices if option.value in event.choices)


def _moved(conversation: Conversation, situation: Situation) -> Conversation:
    if situation == situation_of(conversation):
        return conversation
    return conversation.model_copy(
        update={
            "state": situation.state,
            "resume": situation.resume,
            "paging": situation.paging,
            "review": situation.review,
        }
    )


def _recorded(before: Conversation, now: Conversation, effect: Effect, event: e.Event) -> Conversation:
    """The conversation with its page, and the reason it is partial, as the step wants them."""
    if effect.signal in (Signal.RED_FLAG, Signal.RAISED, Signal.RECOVERED):
        now = with_page_raised(now, event.at, [flag.rule for flag in (*effect.flags, *effect.others)])
        now = now.model_copy(update={"level": Level.EMERGENCY, "proposal": None})
    elif effect.signal in (Signal.UNREACHABLE, Signal.PAGE_IDLE):
        now = with_page_raised(now, event.at, ())
    elif now.page and isinstance(event, e.StaffAct):
        now = now.model_copy(update={"page": page_after(now.page, before, now, event)})
    elif now.page and effect.signal is Signal.PAGE_UNANSWERED and before.page and before.page.warned_at is None:
        now = now.model_copy(update={"page": now.page.model_copy(update={"warned_at": event.at})})
    partial = _partial(before, now, effect.signal)
    return now if partial == now.partial else now.model_copy(update={"partial": partial})


def _partial(before: Conversation, now: Conversation, signal: Signal) -> str:
    came = before.state in ASKING and now.state not in ASKING
    if (came or signal is Signal.RECOVERED) and signal in PARTIAL:
        return PARTIAL[signal]
    return "" if now.state in ASKING else before.partial


def _settled(now: Conversation, overlay: Question | None, judgement: Judgement | None, clinic: Clinic) -> Conversation:
    """The conversation with its next question; stages that have nothing to ask are passed."""
    if overlay:
        return now.model_copy(update={"question": overlay})
    if now.state not in ASKING:
        return now.model_copy(update={"question": None})
    judgement = judge(now, clinic, judgement)
    question = question_for(now, clinic, judgement.view)
    if question is not None:
        return now.model_copy(update={"question": question})
    situation, _ = step(situation_of(now), Signal.FINISHED)
    return _settled(_moved(now, situation).model_copy(update={"misses": 0}), None, judgement, clinic)


def _said(
    before: Conversation, now: Conversation, effect: Effect, found: Step, event: e.Event, clinic: Clinic
) -> tuple[Message, ...]:
    keys = [*_machine_words(before, effect, found, clinic), *effect.say]
    explained = before if {"explained", "how_long"} & set(keys) else now
    return messages_of(keys, explained, event, clinic)


def _machine_words(before: Conversation, effect: Effect, found: Step, clinic: Clinic) -> Iterable[str]:
    for key in found.say:
        if key == "emergency" and (effect.flags or effect.others):
            yield from (clinic.ruleset.rules[flag.rule].advice for flag in effect.flags[:1])
            yield from (f"{clinic.ruleset.rules[flag.rule].advice}_other" for flag in effect.others[:1])
        elif key == "nobody_yet" and before.page and before.page.warned_at is not None:
            continue
        elif not effect.overlay:
            yield key
