"""Message keys made into what the patient reads. The only place where a nurse's text becomes a message.

Knows nothing about drafts: what a patient reads comes from the catalogue or from an event with a person's name.
"""

from collections.abc import Iterable

from dialogue import events as e
from dialogue.asking import addressed, whom
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Message, Question, Speaker
from dialogue.history import HISTORY_TURNS
from dialogue.machine import ASKING
from dialogue.wording import Catalogue

ALARMS = {
    *("emergency", "emergency_crisis", "emergency_other", "emergency_crisis_other"),
    *("still_urgent", "still_urgent_crisis", "nobody_yet"),
}
ONE_NUMBER = {"emergency_crisis", "emergency_crisis_proxy", "emergency_crisis_other"}
"""What is said in other words where the emergency number is the crisis line, too."""

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
    kind = "emergency" if key in ALARMS else "notice" if key in NOTICES else "text"
    key = _fitting(key, conversation, clinic, words)
    question = conversation.question
    text = words.say(
        key,
        addressed(conversation.facts, words),
        clinic=clinic.name,
        emergency_number=clinic.emergency_number,
        crisis_line=clinic.crisis_line,
        name=event.by if isinstance(event, e.StaffAct) else "",
        why=question.why if question else "",
        left=str(_left(conversation)),
    )
    return Message(speaker=Speaker.BOT, text=text, kind=kind)


def _fitting(key: str, conversation: Conversation, clinic: Clinic, words: Catalogue) -> str:
    """The same in words that fit: to whom is in despair or writes for them, to who wrote just before, and with one
    number to call."""
    if key == "emergency_crisis" and whom(conversation.facts) != "me":
        key = "emergency_crisis_proxy"
    if key in ONE_NUMBER and clinic.crisis_line == clinic.emergency_number:
        return f"{key}_one_number"
    if key == "still_urgent" and _in_despair(conversation, clinic):
        return "still_urgent_crisis"
    if key == "noted" and conversation.log:
        noted = {words.messages[one] for one in ("noted", "noted_too")}
        return "noted_too" if noted & {reply.text for reply in conversation.log[-1].replies} else key
    return key


def _in_despair(conversation: Conversation, clinic: Clinic) -> bool:
    """Whether the writer's own despair is what the page was first raised for."""
    rules = conversation.page.rules if conversation.page else ()
    known = clinic.ruleset.rules.get(rules[0]) if rules else None
    return known is not None and known.advice == "emergency_crisis" and whom(conversation.facts) == "me"


def _left(conversation: Conversation) -> int:
    """About how many questions are still to come."""
    here = ASKING.index(conversation.state) if conversation.state in ASKING else len(ASKING)
    asked_in_history = sum(1 for mark in conversation.marks if mark.state.value == "history")
    planned = {"consent": 13, "about_you": 11, "complaint": 9, "safety_check": 8, "background": 3, "recap": 1}
    if here < len(ASKING) and conversation.state.value == "history":
        return 3 + max(HISTORY_TURNS - 2 - asked_in_history, 1)
    return planned.get(conversation.state.value, 0)
