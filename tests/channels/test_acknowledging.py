"""Acknowledging by link, key and reply: always by a named person, once, and never by just looking."""

import random
from itertools import count

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from channels.acknowledging import Acknowledging, acknowledging_routes
from channels.pager import notice_of
from channels.problems import PROBLEM_HANDLERS, CatchAll
from channels.senders.people import Person, Tickets
from channels.senders.telephones import TextPage, VoicePage
from channels.telephony.signature import SignedRequests
from channels.telephony.stand_in import StandIn
from channels.telephony.twilio import TwilioTelephone
from dialogue.conversation import Paging
from dialogue.duties import NextWay
from dialogue.events import PageDelivered
from storage.staff import MemoryStaff
from tests.channels.asgi import client
from tests.stage import Stage

pytestmark = pytest.mark.anyio

PUBLIC = "http://previsit.test"
TICKETS = Tickets(b"s" * 32, PUBLIC)
KIM = Person("Kim Lee", "+15552220001")
DANGER = "I have a crushing pain in my chest and my left arm feels heavy"
MUTATIONS = 10_000


class Duty(Stage):
    """One urgent case, and those who are paged for it."""

    def __init__(self) -> None:
        super().__init__()
        signed = SignedRequests(PUBLIC, "AC1", "secret")
        self.audited: list[tuple[str, ...]] = []
        self.staff = MemoryStaff(self.clock)
        self.door = Acknowledging(self.engine, TICKETS, PUBLIC, signed, self._audit, self.staff)
        routes = acknowledging_routes(self.door)
        app = Starlette(routes=routes, exception_handlers=PROBLEM_HANDLERS, middleware=[Middleware(CatchAll)])
        self.http = client(app)
        self.carrier = StandIn("AC1", "secret", "+15550001111", "", self.http)

    async def _audit(self, actor: str, action: str, code: str = "", *detail: str) -> None:
        self.audited.append((actor, action, code, *detail))

    async def danger(self) -> str:
        await self.opens()
        await self.says(DANGER)
        return self.id

    def link(self, person: str = "Kim Lee") -> str:
        return TICKETS.link(self.id, person, self.clock.now())

    def texted(self) -> str:
        """Where the carrier tells of the text that a person was paged by."""
        return self.link().replace("/page?", "/page/status?")

    async def owner(self) -> str:
        page = (await self.now()).page
        return page.acknowledged_by if page else ""


async def test_looking_changes_nothing_and_the_button_acknowledges_in_the_persons_name() -> None:
    duty = Duty()
    await duty.danger()
    looked = await duty.http.get(duty.link())
    assert "Acknowledge as Kim Lee" in looked.text
    assert DANGER not in looked.text
    assert (await duty.now()).paging is Paging.OPEN
    assert "acknowledged by Kim Lee" in (await duty.http.post(duty.link())).text
    assert await duty.owner() == "Kim Lee"


async def test_the_patient_is_told_what_the_person_with_the_link_is() -> None:
    duty = Duty()
    await duty.staff.add("Kim Lee", "doctor", "a long enough passphrase")
    await duty.danger()
    await duty.http.post(duty.link("kim lee"))
    told = [reply.text for entry in (await duty.now()).log for reply in entry.replies]
    assert any(text.startswith("A doctor (kim lee) has seen your alert") for text in told)


async def test_the_second_person_to_acknowledge_is_told_who_was_first() -> None:
    duty = Duty()
    await duty.danger()
    await duty.http.post(duty.link("Kim Lee"))
    assert "acknowledged by Kim Lee" in (await duty.http.post(duty.link("Ana Ruiz"))).text
    assert await duty.owner() == "Kim Lee"


async def test_a_link_holds_for_half_a_day_and_for_its_case_alone() -> None:
    duty = Duty()
    await duty.danger()
    link = duty.link()
    duty.clock.at += 12 * 3600 + 1
    assert (await duty.http.post(link)).status_code == 410
    assert (await duty.now()).paging is Paging.OPEN


async def test_every_changed_link_is_refused() -> None:
    luck, now = random.Random(3), 1_700_000_000.0
    ticket = TICKETS.link("talk-1", "Dr. Kim O'Lee", now).partition("?")[2]
    found = TICKETS.read(ticket, now)
    assert found is not None
    assert found.person == "Dr. Kim O'Lee"
    tried = count()
    while next(tried) < MUTATIONS:
        place = luck.randrange(len(ticket))
        changed = ticket[:place] + chr(luck.randrange(33, 127)) + ticket[place + luck.randrange(2) :]
        if changed != ticket:
            assert TICKETS.read(changed, now) is None


async def rung(duty: Duty) -> dict[str, str]:
    """The call by which Kim is paged."""
    line = httpx.AsyncClient(transport=httpx.ASGITransport(duty.carrier.app))
    telephone = TwilioTelephone("AC1", "secret", "+15550001111", line, "http://carrier.test")
    before = await duty.now()
    assert before.page is not None
    await VoicePage(telephone, [KIM], TICKETS, duty.clock).send(notice_of(before, before.page, 0, ""))
    return duty.carrier.calls[-1]


async def delivered(duty: Duty) -> tuple[str, ...]:
    page = (await duty.now()).page
    return page.delivered_by if page else ()


async def test_key_one_on_the_telephone_acknowledges_and_nothing_else_does() -> None:
    duty = Duty()
    await duty.danger()
    call = await rung(duty)
    assert "Press 1" in await duty.carrier.pick_up(call, key="2")
    assert (await duty.now()).paging is Paging.OPEN
    assert "Kim Lee" in await duty.carrier.pick_up(call, key="1")
    assert await duty.owner() == "Kim Lee"


def next_ways(duty: Duty) -> list[NextWay]:
    return [one for _, duties in duty.ledger.turns for one in duties if isinstance(one, NextWay)]


@pytest.mark.parametrize("by", ["machine_start", "machine_end_beep", "fax", "unknown", ""])
async def test_a_call_that_ends_in_a_mailbox_has_reached_nobody(by: str) -> None:
    duty = Duty()
    await duty.danger()
    assert "Press 1" in await duty.carrier.pick_up(await rung(duty), by=by)
    assert await delivered(duty) == ()
    assert (await duty.now()).paging is Paging.OPEN


@pytest.mark.parametrize(("by", "missed"), [("machine_start", 1), ("fax", 1), ("unknown", 0), ("human", 0)])
async def test_the_next_way_is_owed_once_where_a_mailbox_has_taken_the_call(by: str, missed: int) -> None:
    duty = Duty()
    await duty.danger()
    call = await rung(duty)
    await duty.carrier.pick_up(call, by=by)
    await duty.carrier.pick_up(call, by=by)
    assert [(one.sender, one.attempt) for one in next_ways(duty)] == [("voice: Kim Lee", 0)] * missed


@pytest.mark.parametrize(("status", "missed"), [("no-answer", 1), ("busy", 1), ("failed", 1), ("completed", 0)])
async def test_the_next_way_is_owed_where_nobody_takes_the_call(status: str, missed: int) -> None:
    duty = Duty()
    await duty.danger()
    await duty.carrier.ring_out(await rung(duty), status)
    assert len(next_ways(duty)) == missed


async def test_nothing_more_is_owed_of_a_call_into_a_mailbox_once_somebody_has_the_page() -> None:
    duty = Duty()
    await duty.danger()
    call = await rung(duty)
    await duty.http.post(duty.link())
    await duty.carrier.pick_up(call, by="machine_start")
    assert next_ways(duty) == []


async def test_a_key_shows_that_what_sounded_like_a_machine_was_none() -> None:
    duty = Duty()
    await duty.danger()
    await duty.carrier.pick_up(await rung(duty), by="machine_start", key="2")
    page = (await duty.now()).page
    assert page
    assert (page.delivered_by, page.missed_by) == (("voice: Kim Lee",), ())


@pytest.mark.parametrize(("by", "key"), [("human", ""), ("unknown", "2"), ("machine_start", "2")])
async def test_a_call_is_delivered_when_a_person_answers_or_any_key_is_pressed(by: str, key: str) -> None:
    duty = Duty()
    await duty.danger()
    await duty.carrier.pick_up(await rung(duty), by=by, key=key)
    assert await delivered(duty) == ("voice: Kim Lee",)
    assert (await duty.now()).paging is Paging.OPEN, "who has heard of it has not yet taken it"


async def test_who_answered_counts_only_when_the_carrier_signed_it() -> None:
    duty = Duty()
    await duty.danger()
    at = (await rung(duty))["AsyncAmdStatusCallback"]
    assert (await duty.http.post(at, data={"AccountSid": "AC1", "AnsweredBy": "human"})).status_code == 403
    assert (await duty.carrier.post(at[:-1], {"AnsweredBy": "human"})).status_code == 410
    assert await delivered(duty) == ()


async def test_a_key_that_the_carrier_did_not_sign_is_refused() -> None:
    duty = Duty()
    await duty.danger()
    voice = duty.link().replace("/page?", "/page/voice?")
    answer: httpx.Response = await duty.http.post(voice, data={"AccountSid": "AC1", "Digits": "1"})
    assert answer.status_code == 403
    assert (await duty.now()).paging is Paging.OPEN


@pytest.mark.parametrize(("unreachable", "delivered"), [(False, ("text: Kim Lee",)), (True, ())])
async def test_a_page_by_text_is_delivered_once_the_carrier_says_so(
    unreachable: bool, delivered: tuple[str, ...]
) -> None:
    duty = Duty()
    await duty.danger()
    if unreachable:
        duty.carrier.unreachable.add(KIM.address)
    line = httpx.AsyncClient(transport=httpx.ASGITransport(duty.carrier.app))
    telephone = TwilioTelephone("AC1", "secret", "+15550001111", line, "http://carrier.test")
    before = await duty.now()
    assert before.page is not None
    notice = notice_of(before, before.page, 0, f"{PUBLIC}/console/cases/{duty.id}")
    await TextPage(telephone, [KIM], TICKETS, duty.clock).send(notice)
    await duty.carrier.settle()
    assert (page := (await duty.now()).page) and page.delivered_by == delivered


async def test_a_text_counts_as_delivered_once() -> None:
    duty = Duty()
    await duty.danger()
    at, raised = duty.texted(), duty.clock.at
    for seconds, status in enumerate(("sent", "delivered", "delivered", "sent")):
        duty.clock.at = raised + seconds
        assert (await duty.carrier.post(at, {"MessageSid": "SM1", "MessageStatus": status})).status_code == 204
    page = (await duty.now()).page
    assert page is not None
    assert (page.delivered_at, page.delivered_by) == (raised + 1, ("text: Kim Lee",))
    assert sum(isinstance(entry.event, PageDelivered) for entry in (await duty.now()).log) == 1
    assert (await duty.now()).paging is Paging.OPEN, "a telephone is no person"


async def test_news_of_a_text_must_be_signed_and_for_a_link_of_ours() -> None:
    duty = Duty()
    await duty.danger()
    told = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    assert (await duty.http.post(duty.texted(), data={"AccountSid": "AC1", **told})).status_code == 403
    assert (await duty.carrier.post(duty.texted()[:-1], told)).status_code == 410
    assert (page := (await duty.now()).page) and page.delivered_at is None


async def test_a_text_that_was_lost_is_for_whoever_runs_this_to_see(caplog: pytest.LogCaptureFixture) -> None:
    duty = Duty()
    await duty.danger()
    await duty.carrier.post(duty.texted(), {"MessageSid": "SM1", "MessageStatus": "undelivered"})
    assert (page := (await duty.now()).page) and page.delivered_at is None
    assert "did not arrive" in caplog.text and KIM.address not in caplog.text


async def test_a_reply_of_one_acknowledges_the_only_open_page() -> None:
    duty = Duty()
    await duty.danger()
    assert "takes 1" in await duty.door.by_text(KIM.address, "what is it?", [KIM])
    assert "Kim Lee" in await duty.door.by_text(KIM.address, " 1 ", [KIM])
    assert await duty.owner() == "Kim Lee"
    assert await duty.door.by_text(KIM.address, "1", [KIM]) == "No page is open."


async def test_with_two_open_pages_a_reply_is_asked_which_one_and_a_stranger_is_ignored() -> None:
    duty = Duty()
    await duty.danger()
    await duty.danger()
    assert "2 pages are open" in await duty.door.by_text(KIM.address, "1", [KIM])
    assert await duty.door.by_text("+15559990000", "1", [KIM]) == ""
    assert (await duty.now()).paging is Paging.OPEN


@pytest.mark.parametrize("way", ["link", "voice", "text"])
async def test_who_acknowledged_without_the_console_is_on_the_trail_by_name(way: str) -> None:
    duty = Duty()
    await duty.danger()
    for _ in range(2):
        if way == "link":
            await duty.http.post(duty.link())
        elif way == "voice":
            await duty.carrier.post(duty.link().replace("/page?", "/page/voice?"), {"CallSid": "CA1", "Digits": "1"})
        else:
            await duty.door.by_text(KIM.address, "1", [KIM])
    kept = [(who, what, case, words[-1]) for who, what, case, *words in duty.audited]
    code = (await duty.now()).code
    assert kept == [("Kim Lee", what, code, f"by:{way}") for what in ("acknowledged", "took")], "once, no more"
