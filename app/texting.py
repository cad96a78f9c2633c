"""Sets up text messages: the carrier, and the addresses that take patients' texts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from starlette.routing import BaseRoute

from app.settings import Settings
from channels.sms.config import SmsConfig
from channels.sms.inbound import SmsWebhooks, Staff, sms_routes
from channels.sms.patient_texts import PatientTexts
from channels.sms.phones import Phones
from channels.telephony.port import Telephone
from channels.telephony.signature import SignedRequests
from channels.tokens import Tokens
from dialogue.engine import Engine


@asynccontextmanager
async def open_telephone(settings: Settings) -> AsyncIterator[Telephone | None]:
    """The carrier of the settings; None if the clinic has none."""
    if not settings.twilio_account:
        yield None
        return
    from channels.telephony.twilio import TwilioTelephone  # slow to import: a quarter of a server's start

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
    engine: Engine, phones: Phones, patient_texts: PatientTexts | None, settings: Settings, secret: bytes, staff: Staff
) -> list[BaseRoute]:
    """The addresses for incoming texts; none without a carrier, since nobody could sign the requests."""
    if patient_texts is None:
        return []
    signed = SignedRequests(settings.address, settings.twilio_account, settings.twilio_token.get_secret_value())
    return sms_routes(
        SmsWebhooks(engine, phones, patient_texts, signed, sms_config(settings, secret), Tokens(secret), staff)
    )
