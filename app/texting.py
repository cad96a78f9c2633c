"""Joins the text door: the carrier of the settings, what sends to patients, and what takes their texts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import phonenumbers
from starlette.routing import BaseRoute

from app.settings import Settings
from channels.sms.config import SmsConfig
from channels.sms.inbound import SmsDoor, Staff, sms_routes
from channels.sms.phones import Phones
from channels.sms.teller import Teller
from channels.telephony.port import Telephone
from channels.telephony.signature import SignedRequests
from channels.tokens import Tokens
from dialogue.conversation import Conversation
from dialogue.engine import Engine
from dialogue.events import Door


class NoSuchNumber(ValueError):
    """Not a telephone number; the message says how one is written."""


@asynccontextmanager
async def open_telephone(settings: Settings) -> AsyncIterator[Telephone | None]:
    """The clinic's line; None when it has none."""
    if not settings.twilio_account:
        yield None
        return
    from channels.telephony.twilio import TwilioTelephone  # a quarter of the time a server takes to start

    token = settings.twilio_token.get_secret_value()
    async with httpx.AsyncClient() as client:
        yield TwilioTelephone(settings.twilio_account, token, settings.twilio_number, client, settings.twilio_api)


def sms_config(settings: Settings, secret: bytes) -> SmsConfig:
    return SmsConfig(
        clinic_name=settings.clinic_name,
        emergency_number=settings.emergency_number,
        public_url=settings.address,
        secret=secret,
        language=settings.language,
        invitation_minutes=settings.invitation_minutes,
    )


def text_routes(
    engine: Engine, phones: Phones, teller: Teller | None, settings: Settings, secret: bytes, staff: Staff
) -> list[BaseRoute]:
    """No line, no address: nobody could sign for it."""
    if teller is None:
        return []
    signed = SignedRequests(settings.address, settings.twilio_account, settings.twilio_token.get_secret_value())
    return sms_routes(SmsDoor(engine, phones, teller, signed, sms_config(settings, secret), Tokens(secret), staff))


async def invite(engine: Engine, phones: Phones, number: str, door: Door) -> Conversation:
    """Begin a conversation with a telephone and owe it the first text; in one that is under way it goes on."""
    held = await phones.conversation_of(number)
    identity = await phones.claim(number, engine.new_id(), instead_of=held)
    return await engine.start(identity, door=door, phone=number)


def normal_number(text: str, region: str) -> str:
    """A number as the carrier takes it ("+15552223333"); `region` ("US") lets it be written as people there do."""
    try:
        parsed = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        example = "" if region else ", or set PREVISIT_PHONE_REGION (US, GB, ES, ...)"
        raise NoSuchNumber(f"This is no telephone number. Write it with its country code, like +15551234567{example}.")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
