"""PagerDuty, ntfy and mail against servers on loopback that speak their protocols; text and voice through a carrier."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from channels.senders.mail import Mail, MailHeartbeat, MailServer, read_mail_server
from channels.senders.ntfy import Ntfy
from channels.senders.pagerduty import PagerDuty
from channels.senders.people import Person, Tickets, read_people
from channels.senders.telephones import TextPage, VoicePage
from channels.telephony.stand_in import StandIn
from channels.telephony.twilio import TwilioTelephone
from dialogue.paging_ports import Notice, Outcome, SendFailed
from policies.levels import Level
from tests.channels.receivers import answering, receiver
from tests.clock import SetClock

pytestmark = pytest.mark.anyio

NOTICE = Notice(
    page="p1",
    key="p1:2",
    code="K7P2Q",
    level=Level.EMERGENCY,
    attempt=2,
    link="https://console.clinic.example/console/cases/c1",
    conversation="c1",
)
KIM, ANA = Person("Kim Lee", "+15552220001"), Person("Ana Ruiz", "+15552220002")


TICKETS = Tickets(b"s" * 32, "https://previsit.clinic.example")


def root(url: str) -> str:
    return url.rpartition("/")[0]


async def test_pagerduty_gets_one_incident_for_all_rounds(client: httpx.AsyncClient) -> None:
    async with receiver(answering("202 Accepted")) as server:
        await PagerDuty("routing", client, root(server.url)).send(NOTICE)
    [sent] = server.received
    event = json.loads(sent.body)
    assert sent.path == "/v2/enqueue"
    assert (event["routing_key"], event["event_action"], event["dedup_key"]) == ("routing", "trigger", "p1")
    assert event["payload"]["severity"] == "critical"
    assert "K7P2Q" in event["payload"]["summary"]


async def test_pagerduty_wakes_people_again_for_a_page_that_was_acknowledged_and_left(
    client: httpx.AsyncClient,
) -> None:
    """It tells nobody of another trigger for an incident that somebody has acknowledged."""
    async with receiver(answering("202 Accepted")) as server:
        await PagerDuty("routing", client, root(server.url)).send(NOTICE.model_copy(update={"anew": True}))
    events = [json.loads(sent.body) for sent in server.received]
    assert [event["event_action"] for event in events] == ["resolve", "trigger"]
    assert {event["dedup_key"] for event in events} == {"p1"}


OUTCOME = Outcome(
    page="p1", key="p1:0:acknowledged", code="K7P2Q", news="acknowledged", by="Kim Lee", reason="", link=NOTICE.link
)
OVER = OUTCOME.model_copy(update={"news": "resolved", "reason": "advice"})


async def test_pagerduty_hears_that_the_incident_is_acknowledged_and_resolved(client: httpx.AsyncClient) -> None:
    async with receiver(answering("202 Accepted")) as server:
        for outcome in (OUTCOME, OVER):
            await PagerDuty("routing", client, root(server.url)).tell(outcome)
    events = [json.loads(sent.body) for sent in server.received]
    assert [event["event_action"] for event in events] == ["acknowledge", "resolve"]
    assert {event["dedup_key"] for event in events} == {"p1"}


async def test_ntfy_says_quietly_who_has_it(client: httpx.AsyncClient) -> None:
    async with receiver(answering("200 OK")) as server:
        for outcome in (OUTCOME, OVER):
            await Ntfy(f"{root(server.url)}/on-call", "", client).tell(outcome)
    [sent] = server.received
    message = json.loads(sent.body)
    assert message["message"] == "Kim Lee has it." and message["priority"] < 3


async def test_those_who_were_texted_or_written_to_and_did_not_answer_hear_who_did() -> None:
    line, telephone = carrier()
    for outcome in (OUTCOME, OVER):
        await TextPage(telephone, [KIM, ANA], TICKETS, SetClock()).tell(outcome)
    assert line.sent_to(ANA.address) == ["previsit: case K7P2Q: Kim Lee has it."] and not line.sent_to(KIM.address)
    async with smtp() as (server, letters):
        people = [Person("Kim Lee", "kim@clinic.example"), Person("Ana Ruiz", "ana@clinic.example")]
        mail = Mail(server, "previsit@clinic.example", people, TICKETS, SetClock())
        await mail.tell(OUTCOME)
        await mail.tell(OVER)
    assert len(letters) == 1 and "ana@clinic.example" in letters[0] and "/page?" not in letters[0]


async def test_a_quiet_test_wakes_nobody_and_a_loud_one_says_that_it_is_a_test(client: httpx.AsyncClient) -> None:
    async with receiver(answering("202 Accepted")) as server:
        ntfy = Ntfy(f"{root(server.url)}/on-call", "", client)
        for sender in (PagerDuty("routing", client, root(server.url)), ntfy):
            await sender.try_out(quiet=True)
        await ntfy.try_out(quiet=False)
    resolved, hushed, loud = (json.loads(sent.body) for sent in server.received)
    assert (resolved["event_action"], resolved["dedup_key"]) == ("resolve", "previsit-test")
    assert (hushed["priority"], loud["priority"]) == (1, 5) and "nothing to do" in loud["message"]
    line, telephone = carrier()
    texts = TextPage(telephone, [KIM], TICKETS, SetClock())
    await texts.try_out(quiet=True)
    assert line.texts == []
    await texts.try_out(quiet=False)
    assert line.sent_to(KIM.address) == ["previsit: this is a test page, nothing to do."]
    await VoicePage(telephone, [KIM], TICKETS, SetClock()).try_out(quiet=False)
    assert line.calls == [], "nobody is rung for a test"


async def test_a_way_that_has_died_fails_its_test(client: httpx.AsyncClient) -> None:
    line, telephone = carrier()
    line.failing = True
    dead = MailServer("127.0.0.1", 9, "", "", implicit_tls=False)
    for sender in (
        PagerDuty("routing", client, "http://127.0.0.1:9"),
        Ntfy("http://127.0.0.1:9/x", "", client),
        Mail(dead, "previsit@clinic.example", (), TICKETS, SetClock()),
        TextPage(telephone, [KIM], TICKETS, SetClock()),
        VoicePage(telephone, [KIM], TICKETS, SetClock()),
    ):
        with pytest.raises(SendFailed):
            await sender.try_out(quiet=True)


async def test_a_quiet_test_of_the_mail_hands_no_letter_over() -> None:
    async with smtp() as (server, letters):
        mail = Mail(server, "previsit@clinic.example", [Person("Kim", "kim@clinic.example")], TICKETS, SetClock())
        await mail.try_out(quiet=True)
        assert letters == []
        await mail.try_out(quiet=False)
    assert "a test page, nothing to do" in letters[0]


async def test_a_mailbox_that_notices_when_no_letter_comes_is_sent_each_quiet_test() -> None:
    async with smtp() as (server, letters):
        mail = Mail(server, "previsit@clinic.example", [Person("test", "ping@watch.example")], TICKETS, SetClock())
        await MailHeartbeat(mail).try_out(quiet=True)
    assert len(letters) == 1 and "To: ping@watch.example" in letters[0]


async def test_ntfy_gets_a_loud_push_that_opens_the_case(client: httpx.AsyncClient) -> None:
    async with receiver(answering("200 OK")) as server:
        await Ntfy(f"{root(server.url)}/on-call", "token", client).send(NOTICE)
    [sent] = server.received
    message = json.loads(sent.body)
    assert (message["topic"], message["priority"], message["click"]) == ("on-call", 5, NOTICE.link)
    assert sent.headers["authorization"] == "Bearer token"


@pytest.mark.parametrize("status", ["400 Bad Request", "429 Too Many Requests", "500 Internal Server Error"])
async def test_a_refusal_is_a_page_not_sent(client: httpx.AsyncClient, status: str) -> None:
    async with receiver(answering(status)) as server:
        for sender in (PagerDuty("routing", client, root(server.url)), Ntfy(server.url, "", client)):
            with pytest.raises(SendFailed, match=status[:3]):
                await sender.send(NOTICE)


async def test_nobody_at_the_other_end_is_told(client: httpx.AsyncClient) -> None:
    for sender in (PagerDuty("routing", client, "http://127.0.0.1:9"), Ntfy("http://127.0.0.1:9/x", "", client)):
        with pytest.raises(SendFailed, match="could not be reached"):
            await sender.send(NOTICE)


@asynccontextmanager
async def smtp(refused: str = "nobody", *, encrypts: bool = False) -> AsyncIterator[tuple[MailServer, list[str]]]:
    """As much of SMTP (RFC 5321) as takes a letter to anybody but `refused`. `encrypts`: it offers to, and cannot."""
    letters: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())

        say("220 mail.test")
        while line := (await reader.readline()).decode().strip():
            verb = line[:4].upper()
            if verb == "DATA":
                say("354 go on")
                letters.append((await reader.readuntil(b"\r\n.\r\n")).decode())
                say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                break
            elif verb == "RCPT" and refused in line:
                say("550 nobody here")
            elif verb == "EHLO" and encrypts:
                say("250-mail.test")
                say("250 STARTTLS")
            elif verb == "STAR":
                say("454 not now")
            else:
                say("250 mail.test")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    try:
        yield MailServer(host, port, "", "", implicit_tls=False), letters
    finally:
        server.close()
        await server.wait_closed()


async def test_each_person_gets_a_letter_with_their_own_link() -> None:
    people = [Person("Kim Lee", "kim@clinic.example"), Person("Ana Ruiz", "ana@clinic.example")]
    async with smtp() as (server, letters):
        await Mail(server, "previsit@clinic.example", people, TICKETS, SetClock()).send(NOTICE)
    assert len(letters) == 2
    for letter, person in zip(letters, people, strict=True):
        assert f"To: {person.address}" in letter
        assert "K7P2Q" in letter
        assert person.name in letter


async def test_one_address_that_is_refused_keeps_nobody_else_from_being_written_to() -> None:
    people = [Person("Ana Ruiz", "gone@clinic.example"), Person("Kim Lee", "kim@clinic.example")]
    async with smtp(refused="gone@") as (server, letters):
        mail = Mail(server, "previsit@clinic.example", people, TICKETS, SetClock())
        await mail.send(NOTICE)
        assert len(letters) == 1 and "To: kim@clinic.example" in letters[0]
        for quiet in (True, False):
            with pytest.raises(SendFailed, match="SMTPRecipientsRefused"):
                await mail.try_out(quiet)


async def test_where_the_mail_server_offers_encryption_nothing_goes_out_in_clear() -> None:
    people = [Person("Kim Lee", "kim@clinic.example")]
    async with smtp(encrypts=True) as (server, letters):
        with pytest.raises(SendFailed, match="SMTPResponseException"):
            await Mail(server, "previsit@clinic.example", people, TICKETS, SetClock()).send(NOTICE)
    assert letters == []


async def test_a_mail_server_that_refuses_or_is_not_there_is_told_without_the_letter() -> None:
    people = [Person("Kim Lee", "kim@clinic.example")]
    async with smtp(refused="kim@clinic.example") as (server, _):
        with pytest.raises(SendFailed, match="SMTPRecipientsRefused"):
            await Mail(server, "previsit@clinic.example", people, TICKETS, SetClock()).send(NOTICE)
    gone = MailServer("127.0.0.1", 9, "", "", implicit_tls=False)
    with pytest.raises(SendFailed, match="ConnectionRefusedError"):
        await Mail(gone, "previsit@clinic.example", people, TICKETS, SetClock()).send(NOTICE)


def carrier() -> tuple[StandIn, TwilioTelephone]:
    """What it calls back about is heard by nobody here; it takes no network either."""
    previsit = httpx.AsyncClient(transport=httpx.MockTransport(lambda request: httpx.Response(204)))
    found = StandIn("AC1", "secret", "+15550001111", "http://previsit.test/sms/inbound", previsit)
    http = httpx.AsyncClient(transport=httpx.ASGITransport(found.app))
    return found, TwilioTelephone("AC1", "secret", "+15550001111", http, "http://carrier.test")


async def test_one_person_who_cannot_be_reached_costs_nobody_their_page() -> None:
    line, telephone = carrier()
    line.stopped.add(ANA.address)
    await TextPage(telephone, [KIM, ANA], TICKETS, SetClock()).send(NOTICE)
    [text] = line.sent_to(KIM.address)
    assert "K7P2Q" in text
    assert "/page/status?" not in text
    assert "/page?" in text
    await VoicePage(telephone, [KIM, ANA], TICKETS, SetClock()).send(NOTICE)
    assert [call["To"] for call in line.calls] == [KIM.address, ANA.address]
    assert all("/page/voice?" in call["Url"] for call in line.calls)


async def test_a_page_by_text_that_reaches_nobody_is_not_sent() -> None:
    line, telephone = carrier()
    line.failing = True
    with pytest.raises(SendFailed, match="text: Twilio"):
        await TextPage(telephone, [KIM, ANA], TICKETS, SetClock()).send(NOTICE)


def test_people_and_servers_are_read_or_refused_with_how_to_write_them() -> None:
    assert read_people("Kim Lee=+15552220001, Ana Ruiz = +15552220002") == (KIM, ANA)
    assert read_people("") == ()
    for wrong in ("Kim", "=+1555", "Kim="):
        with pytest.raises(ValueError, match="Name=address"):
            read_people(wrong)
    assert read_mail_server("smtps://me:p%40ss@mail.example") == MailServer("mail.example", 465, "me", "p@ss", True)
    assert read_mail_server("smtp://localhost:25").port == 25
    with pytest.raises(ValueError, match="smtps://"):
        read_mail_server("mail.example")
