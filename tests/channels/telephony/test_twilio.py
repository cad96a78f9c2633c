"""Twilio's adapter against a carrier that speaks Twilio's API: what is sent, and what a refusal tells."""

import httpx
import pytest

from channels.telephony.port import TelephoneFailed
from channels.telephony.stand_in import StandIn
from channels.telephony.twilio import TwilioTelephone

pytestmark = pytest.mark.anyio

OURS, PATIENT = "+15550001111", "+15552223333"
CANARY = "wisteria-canary"


def line(token: str = "secret") -> tuple[StandIn, TwilioTelephone]:
    previsit = httpx.AsyncClient(transport=httpx.MockTransport(lambda request: httpx.Response(204)))
    carrier = StandIn("AC1", "secret", OURS, "http://previsit.test/sms/inbound", previsit)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(carrier.app))
    return carrier, TwilioTelephone("AC1", token, OURS, client, "http://carrier.test")


async def test_a_text_reaches_the_phone_and_has_the_carriers_id() -> None:
    carrier, telephone = line()
    sid = await telephone.text(PATIENT, "Are you well? Reply 1 or 2.")
    assert carrier.sent_to(PATIENT) == ["Are you well? Reply 1 or 2."]
    assert carrier.texts[0].sid == sid


async def test_the_carrier_is_told_to_keep_no_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[httpx.Request] = []

    def take(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(201, json={"sid": "SM1"})

    client = httpx.AsyncClient(transport=httpx.MockTransport(take))
    await TwilioTelephone("AC1", "secret", OURS, client).text(PATIENT, "hello", "https://clinic.example/sms/status/1")
    assert b"ContentRetention=discard" in asked[0].content
    assert b"StatusCallback=https" in asked[0].content
    assert asked[0].url == "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json"


async def test_a_call_fetches_what_to_say() -> None:
    carrier, telephone = line()
    sid = await telephone.call(PATIENT, "https://clinic.example/voice/1")
    assert carrier.calls[0] | {"sid": sid, "Url": "https://clinic.example/voice/1", "To": PATIENT} == carrier.calls[0]


async def test_who_has_sent_stop_is_refused_for_good() -> None:
    carrier, telephone = line()
    carrier.stopped.add(PATIENT)
    with pytest.raises(TelephoneFailed, match="21610") as failed:
        await telephone.text(PATIENT, CANARY)
    assert failed.value.refused
    assert CANARY not in str(failed.value)


async def test_a_fault_of_the_carriers_may_be_tried_again() -> None:
    carrier, telephone = line()
    carrier.failing = True
    with pytest.raises(TelephoneFailed) as failed:
        await telephone.text(PATIENT, CANARY)
    assert not failed.value.refused


async def test_a_wrong_token_and_a_dead_line_are_told_without_the_text() -> None:
    _, stranger = line(token="wrong")
    with pytest.raises(TelephoneFailed, match="20003"):
        await stranger.text(PATIENT, CANARY)

    def dead(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(CANARY)

    client = httpx.AsyncClient(transport=httpx.MockTransport(dead))
    with pytest.raises(TelephoneFailed, match="ConnectError") as failed:
        await TwilioTelephone("AC1", "secret", OURS, client).text(PATIENT, CANARY)
    assert CANARY not in str(failed.value)
    assert not failed.value.refused


async def test_the_carrier_is_asked_quietly_whether_account_and_number_still_serve() -> None:
    carrier, telephone = line()
    await telephone.check("sms")
    await telephone.check("voice")
    assert not carrier.texts and not carrier.calls
    carrier.texting = False
    await telephone.check("voice")
    with pytest.raises(TelephoneFailed, match="can do no sms"):
        await telephone.check("sms")
    carrier.number = "+15550009999"
    with pytest.raises(TelephoneFailed, match="none of our account's") as failed:
        await telephone.check("voice")
    assert OURS not in str(failed.value)
    carrier.status = "suspended"
    with pytest.raises(TelephoneFailed, match="our account is suspended"):
        await telephone.check("voice")
