"""previsit's messages in the shape of Rasa's: text, buttons, and the question itself under `custom`.

Knows nothing about how they travel: the REST channel and the custom actions both send them.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from channels.numbered import NOTHING, numbers, picked, with_numbers
from dialogue.conversation import Conversation, QuestionKind
from dialogue.events import Said
from dialogue.view import PatientQuestion, PatientView

_CHOSEN = re.compile(r"/choose(?P<json>\{.*\})", re.DOTALL)
GREETINGS = frozenset({"/session_start", "/greet", "/start", "/get_started", "/hello", "/hi"})
"""Messages that widgets send by themselves when they open; no patient wrote them."""


def rasa_messages(view: PatientView, language: str) -> list[dict[str, Any]]:
    """The view's messages in Rasa's shape; the last one carries the open question's buttons."""
    texts = [message.text for message in view.messages if message.speaker != "patient"]
    said: list[dict[str, Any]] = [{"text": text} for text in texts]
    if said and view.question:
        said[-1] |= _answers(view.question, said[-1]["text"], language)
    return [*said, {"custom": {"previsit": status(view)}}]


def status(view: PatientView) -> dict[str, Any]:
    """For programs: where the conversation stands, and the question as the patient API shows it."""
    question = view.question.model_dump(mode="json") if view.question else None
    return {
        "state": view.state.value,
        "version": view.version,
        "urgent": view.urgent,
        "paging": view.paging.value,
        "question": question,
        "progress": view.progress.model_dump(),
    }


def words_or_choices(text: str, question: PatientQuestion | None) -> tuple[str, tuple[str, ...]]:
    """A message as words or as choices: a button's payload, or numbers where several answers are offered."""
    if pressed := _CHOSEN.fullmatch(text.strip()):
        return "", _values(pressed["json"])
    several = question is not None and question.kind is QuestionKind.MULTI_CHOICE
    chosen = picked(question, text) if several else ()
    return ("", chosen) if chosen else (text, ())


def delivered(conversation: Conversation) -> int:
    """The version whose messages were delivered when the patient last wrote; the welcome is delivered separately.

    Everything after it, also what a nurse wrote in between, is sent with the next answer.
    """
    said = [number for number, entry in enumerate(conversation.log, start=1) if isinstance(entry.event, Said)]
    return [0, 1, *said][-2] if said else 0


def _answers(question: PatientQuestion, text: str, language: str) -> dict[str, Any]:
    """Buttons for a question with one answer. Where several answers fit they are numbered, since several buttons cannot
    be pressed at once; then only "none" is a button."""
    if question.kind is QuestionKind.MULTI_CHOICE:
        lines = with_numbers(question, language)
        return {"text": f"{text}\n{lines}", "buttons": list(_buttons(question, only=NOTHING))}
    return {"buttons": list(_buttons(question))} if question.choices else {}


def _buttons(question: PatientQuestion, only: str = "") -> Iterator[dict[str, str]]:
    for number, option in numbers(question).items():
        if only in ("", number):
            yield {"title": option.label, "payload": "/choose" + json.dumps({"values": [option.value]})}


def _values(text: str) -> tuple[str, ...]:
    try:
        values = json.loads(text).get("values")
    except (ValueError, RecursionError):
        return ()
    return tuple(value for value in values if isinstance(value, str)) if isinstance(values, list) else ()
