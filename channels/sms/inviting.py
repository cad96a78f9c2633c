"""Invites a patient by text: sends a link to the chat, or begins the interview in texts."""

import phonenumbers

from channels.sms.phones import Phones
from dialogue.conversation import Conversation
from dialogue.engine import Engine
from dialogue.events import Door


class NoSuchNumber(ValueError):
    """Not a telephone number; the message says how one is written."""


async def invite(engine: Engine, phones: Phones, number: str, door: Door, language: str = "") -> Conversation:
    """Begins a conversation with a telephone and owes it the first text. An earlier one stays with the nurse."""
    held = await phones.conversation_of(number)
    identity = await phones.claim(number, engine.new_id(), instead_of=held)
    return await engine.start(identity, door=door, phone=number, language=language)


def normal_number(text: str, region: str) -> str:
    """A number as the carrier takes it ("+15552223333"); `region` ("US") lets it be written as people there do."""
    try:
        parsed = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        raise NoSuchNumber("This is no telephone number. Write it with its country code, like +15551234567.")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
