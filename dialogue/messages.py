"""Turns message keys into the messages that the patient reads. The only place where a nurse's text becomes a message.

Knows nothing about drafts: every message comes from the catalogue, or from an event that names a member of staff.
"""

from collections.abc import Iterable

from dialogue import events as e
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Message, Question, Speaker, State
from dialogue.history import HISTORY_TURNS
from dialogue.questions import addressed, whom
from dialogue.wording import Catalogue
from policies.roles import CLINICAL

ALARMS = {
    *("emergency", "emergency_crisis", "emergency_other", "emergency_crisis_other"),
    *("still_urgent", "still_urgent_crisis", "nobody_yet"),
}
ONE_NUMBER = {"emergency_crisis", "emergency_crisis_proxy", "emergency_crisis_other"}
"""Messages with a second wording for clinics whose crisis line is the emergency number."""

FOR_ONESELF = {"emergency", "emergency_crisis"}
"""Messages with a second wording for somebody who writes for the patient."""

NOTICES = {
    *("nurse_has_seen", "nurse_joined", "nurse_left", "handed_over", "no_longer_urgent"),
    *("closed", "in_review", "deleted", "deleted_later"),
}

LEFT = {
    State.CONSENT: 13,
    State.ABOUT_YOU: 11,
    State.COMPLAINT: 9,
    State.SAFETY_CHECK: 8,
    State.BACKGROUND: 3,
    State.RECAP: 1,
}
"""About how many questions are still to come in a state of the interview; for the history see `_left`."""


def messages_of(keys: Iterable[str], conversation: Conversation, event: e.Event, clinic: Clinic) -> tuple[Message, ...]:
    """The messages for these keys, in order, each key once."""
    return tuple(_message(key, conversation, event, clinic) for key in dict.fromkeys(keys))


def question_messages(question: Question | None) -> tuple[Message, ...]:
    if question is None:
        return ()
    offered = tuple(choice.label for choice in question.choices if choice.value in question.findings)
    return (Message(speaker=Speaker.BOT, text=question.prompt, kind="question", offered=offered),)


def _message(key: str, conversation: Conversation, event: e.Event, clinic: Clinic) -> Message:
    if key == "nurse_wrote" and isinstance(event, e.Released | e.Wrote | e.Asked):
        signed = "" if clinic.staff_names else _who(event, clinic, clinic.words(conversation.voice))
        return Message(
            speaker=Speaker.NURSE,
            text=event.text,
            kind="nurse",
            reviewer=event.by,
            unnamed=not clinic.staff_names,
            signed=signed,
        )
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
        name=_who(event, clinic, words),
        why=question.why if question else "",
        left=str(_left(conversation)),
    )
    return Message(speaker=Speaker.BOT, text=text, kind=kind)


def _who(event: e.Event, clinic: Clinic, words: Catalogue) -> str:
    """How patients read who of the staff did it: the role, with the name if the clinic wants that; empty for other
    events."""
    if not isinstance(event, e.StaffAct):
        return ""
    role = words.messages[f"a_{event.role}"] if event.role in CLINICAL else ""
    if not clinic.staff_names:
        return role or words.messages["one_of_us"]
    is_named = event.by.casefold() != event.role  # the account of a first start is called "nurse"
    return f"{role} ({event.by})" if role and is_named else role or event.by


def _fitting(key: str, conversation: Conversation, clinic: Clinic, words: Catalogue) -> str:
    """The key of the wording that fits best: for somebody in despair, for somebody who writes for them, for a patient
    who wrote just before, or with a single number to call."""
    if key in FOR_ONESELF and whom(conversation.facts) != "me":
        key = f"{key}_proxy"
    if key in ONE_NUMBER and clinic.crisis_line == clinic.emergency_number:
        return f"{key}_one_number"
    if key == "still_urgent" and _in_despair(conversation, clinic):
        return "still_urgent_crisis"
    if key == "noted" and conversation.log:
        noted = {words.messages[one] for one in ("noted", "noted_too")}
        return "noted_too" if noted & {reply.text for reply in conversation.log[-1].replies} else key
    return key


def _in_despair(conversation: Conversation, clinic: Clinic) -> bool:
    """Whether the page was first raised because of the writer's own despair."""
    rules = conversation.page.rules if conversation.page else ()
    known = clinic.ruleset.rules.get(rules[0]) if rules else None
    return known is not None and known.advice == "emergency_crisis" and whom(conversation.facts) == "me"


def _left(conversation: Conversation) -> int:
    """About how many questions are still to come."""
    if conversation.state is not State.HISTORY:
        return LEFT.get(conversation.state, 0)
    asked = sum(1 for mark in conversation.marks if mark.state is State.HISTORY)
    return LEFT[State.BACKGROUND] + max(HISTORY_TURNS - 2 - asked, 1)
