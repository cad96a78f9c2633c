"""Custom actions with which an existing Rasa assistant hands a patient to previsit. Needs the extra `rasa`.

Run as: python -m rasa_sdk --actions channels.rasa_actions

They are thin: every message goes to the engine, which looks for danger. No exception leaves an action, because rasa-sdk
would answer it with the whole tracker: the patient is told to phone, and the log gets the kind of failure alone.
"""

import logging
import os
import secrets
from abc import ABC, abstractmethod
from functools import cache
from typing import Any

import httpx
from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from channels.rasa_connections import Connection, HttpConnection
from channels.rasa_messages import GREETINGS, rasa_messages, words_or_choices
from channels.web.incoming import NewMessage
from dialogue.conversation import State
from dialogue.machine import ASKING
from dialogue.view import PatientQuestion, PatientView

log = logging.getLogger(__name__)

FORM, ANSWER = "previsit_form", "previsit_answer"
SENDER, SEEN, STATE, URGENT = "previsit_sender", "previsit_seen", "previsit_state", "previsit_urgent"
SLOTS = (SENDER, SEEN, STATE, URGENT, ANSWER)
STILL_ASKED = frozenset({State.WELCOME, *ASKING})
UNREACHABLE = (
    "I cannot reach the clinic's system right now, and your message was not taken. Please phone the clinic. "
    "In an emergency, call your local emergency number now."
)

Events = list[dict[str, Any]]

# By default rasa-sdk listens on all addresses, without a password. It reads this variable after importing this module.
os.environ.setdefault("SANIC_HOST", "127.0.0.1")


@cache
def running_previsit() -> Connection:
    """The previsit that this action server talks to, by its address in the environment: rasa-sdk creates actions
    without arguments, so it cannot be passed in.

    Opened on first use, in the worker process: rasa-sdk pickles whatever exists before, and a client cannot be pickled.
    """
    address = os.environ.get("PREVISIT_PUBLIC_URL", "http://127.0.0.1:8080")
    return HttpConnection(address, httpx.AsyncClient(timeout=10))


class PrevisitAction(Action, ABC):  # type: ignore[misc]  # rasa-sdk carries no types
    """The base of all actions: holds the connection to previsit, and answers any failure with one plain sentence."""

    def __init__(self, connection: Connection | None = None, language: str = "en") -> None:
        self._connection = connection
        self.language = language

    @property
    def connection(self) -> Connection:
        return self._connection or running_previsit()

    @abstractmethod
    def name(self) -> str: ...

    @abstractmethod
    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events: ...

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        try:
            return await self.act(dispatcher, tracker)
        except Exception as error:
            log.error("%s failed: %s", self.name(), type(error).__name__)
            dispatcher.utter_message(text=UNREACHABLE)
            return []

    async def turn(self, tracker: Tracker) -> tuple[str, PatientView]:
        """Sends the patient's last message to previsit, in a new conversation if there is none yet. Returns the sender
        and what the patient sees."""
        sender = tracker.get_slot(SENDER)
        if not sender:
            return await self._first(tracker)
        before = await self.connection.read(sender, _seen(tracker))
        message = _latest(tracker, before.question)
        return sender, await self.connection.say(sender, message, _seen(tracker)) if message else before

    async def _first(self, tracker: Tracker) -> tuple[str, PatientView]:
        """Opens a conversation. The patient's first message is checked for danger and kept, but it is not taken as an
        answer to the question of consent, which they have not seen yet."""
        sender, welcome = await self.connection.start()
        message = _latest(tracker, None)
        if message is None:
            return sender, welcome
        after = await self.connection.say(sender, message, welcome.version)
        if after.urgent:
            return sender, after
        if after.state is welcome.state:
            return sender, welcome.model_copy(update={"version": after.version})
        return await self.connection.start()

    def tell(self, dispatcher: CollectingDispatcher, view: PatientView) -> None:
        for message in rasa_messages(view, self.language):
            if "custom" in message:
                dispatcher.utter_message(json_message=message["custom"])
            else:
                dispatcher.utter_message(text=message["text"], buttons=message.get("buttons"))


class TakeTurn(PrevisitAction):
    """Sends one message of the patient to previsit and utters the answer."""

    def name(self) -> str:
        return "action_previsit_turn"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        sender, view = await self.turn(tracker)
        self.tell(dispatcher, view)
        return _slots(sender, view)


class Summarise(PrevisitAction):
    """Where the conversation stands, for the assistant's own use and for the patient who asks."""

    def name(self) -> str:
        return "action_previsit_summary"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        sender = tracker.get_slot(SENDER)
        if not sender:
            return []
        view = await self.connection.read(sender, _seen(tracker))
        self.tell(dispatcher, view)
        return _slots(sender, view)


class Reset(PrevisitAction):
    """Leaves the conversation, so that the next turn begins a new one. The old one stays with the nurse."""

    def name(self) -> str:
        return "action_previsit_reset"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        return [SlotSet(slot, None) for slot in SLOTS] + [ActiveLoop(None)]


class ValidateForm(PrevisitAction):
    """Validates a form with one slot, which stays empty until previsit has no more questions. Utters its questions."""

    def name(self) -> str:
        return f"validate_{FORM}"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        sender, view = await self.turn(tracker)
        self.tell(dispatcher, view)
        return [*_slots(sender, view), SlotSet(ANSWER, None if view.state in STILL_ASKED else "done")]


class AskAnswer(PrevisitAction):
    """Utters nothing: `validate_previsit_form` has asked the question already."""

    def name(self) -> str:
        return f"action_ask_{ANSWER}"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        return []


ACTIONS: tuple[type[PrevisitAction], ...] = (TakeTurn, Summarise, Reset, ValidateForm, AskAnswer)


def _slots(sender: str, view: PatientView) -> Events:
    values = {SENDER: sender, SEEN: view.version, STATE: view.state.value, URGENT: view.urgent}
    return [SlotSet(slot, value) for slot, value in values.items()]


def _seen(tracker: Tracker) -> int:
    return int(tracker.get_slot(SEEN) or 0)


def _latest(tracker: Tracker, question: PatientQuestion | None) -> NewMessage | None:
    """The patient's last message, with Rasa's id of it so that a repeated call does no harm; None if there is none."""
    latest = tracker.latest_message
    text = (latest.get("text") or "").strip()
    if not text or text in GREETINGS:
        return None
    words, choices = words_or_choices(text, question)
    key = "".join(c for c in str(latest.get("message_id") or "") if c.isascii() and c.isalnum())[:64]
    return NewMessage(
        client_message_id=key or secrets.token_urlsafe(12),
        text=None if choices else words,
        choices=list(choices) or None,
    )
