"""Message keys made into what the patient reads. The only place where a nurse's text becomes a message.

Knows nothing about drafts: what a patient reads comes from the catalogue or from an event with a person's name.
"""

from collections.abc import Iterable

from dialogue import events as e
from dialogue.asking import whom
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Message, Question, Speaker
from dialogue.history import HISTORY_TURNS
from dialogue.machine import ASKING

ALARMS = {
    *("emergency", "emergency_crisis", "emergency_other", "emergency_crisis_other"),
    *("still_urgent", "nobody_yet"),
}
NOTICES = {
    *("nurse_has_seen", "nurse_joined", "nurse_left", "handed_over", "no_longer_urgent"),
    *("closed", "in_review", "deleted", "deleted_later"),
}


def spoken(keys: Iterable[str], conversation: Conversation, event: e.Event, clinic: Clinic) -> tuple[Message, ...]:
    """The messages for these keys, in order, each key once."""
    return tuple(_message(key, conversation, event, clinic) for key in dict.fromkeys(keys))


def asked(question: Question | None) -> tuple[Message, ...]:
    if question is None:
        return ()
    offered = tuple(choice.label for choice in question.choices if choice.value in question.findings)
    return (Message(speaker=Speaker.BOT, text=question.prompt, kind="question", offered=offered),)


def _message(key: str, conversation: Conversation, event: e.Event, clinic: Clinic) -> Message:
    if key == "nurse_wrote" and isinstance(event, e.Released | e.Wrote | e.Asked):
        return Message(speaker=Speaker.NURSE, text=event.text, kind="nurse", reviewer=event.by)
    words = clinic.words(conversation.voice)
    question = conversation.question
    text = words.say(
        key,
        whom(conversation.facts),
        clinic=clinic.name,
        emergency_number=clinic.emergency_number,
        crisis_line=clinic.crisis_line,
        name=event.by if isinstance(event, e.StaffAct) else "",
        why=question.why if question else "",
        left=str(_left(conversation)),
    )
    kind = "emergency" if key in ALARMS else "notice" if key in NOTICES else "text"
    return Message(speaker=Speaker.BOT, text=text, kind=kind)


def _left(conversation: Conversation) -> int:
    """About how many questions are still to come."""
    here = ASKING.index(conversation.state) if conversation.state in ASKING else len(ASKING)
    asked_in_history = sum(1 for mark in conversation.marks if mark.state.value == "history")
    planned = {"consent": 13, "about_you": 11, "complaint": 9, "safety_check": 8, "background": 3, "recap": 1}
    if here < len(ASKING) and conversation.state.value == "history":
        return 3 + max(HISTORY_TURNS - 2 - asked_in_history, 1)
    return planned.get(conversation.state.value, 0)
