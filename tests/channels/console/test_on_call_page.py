"""The rota in the console: made, read, mended, put back; two who change it at once; what is wrong is said in words."""

import re

import httpx
import pytest

from channels.console.access import token_of
from channels.console.config import ConsoleConfig
from policies.way_trials import TrialRound, WayTrial
from tests.channels.console.desk import Desk

pytestmark = pytest.mark.anyio

KIM = {"name": "Kim Lee", "text": "+15551230001", "mail": "kim@clinic.example"}
EVERY_DAY = {f"day-{day}": "1" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
ALWAYS = {"start": "00:00", "end": "00:00", **EVERY_DAY}


CLINIC = "Riverside Family Clinic"


@pytest.fixture
async def desk() -> Desk:
    desk = Desk(config=ConsoleConfig(clinic=CLINIC, personal=frozenset({"mail", "text", "voice"})))
    await desk.hire("Ada Admin")
    return desk


async def send(client: httpx.AsyncClient, action: str, version: int, **form: str) -> httpx.Response:
    fields = {"token": token_of(client.cookies["previsit"]), "version": str(version), **form}
    return await client.post(f"/console/on-call/{action}", data=fields)


async def make(ada: httpx.AsyncClient) -> None:
    """Kim is both nurses, always: version 3."""
    assert (await send(ada, "person", 0, **KIM)).status_code == 303
    for version, step in enumerate(("on-call nurse", "second nurse"), start=1):
        assert (await send(ada, "shift", version, to=step, person="Kim Lee", **ALWAYS)).status_code == 303


async def test_without_a_rota_it_says_that_everybody_is_paged(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as kim:
        page = (await kim.get("/console/on-call")).text
    assert "every page goes to everybody" in page
    assert "Save person" not in page, "only administrators edit"
    assert "Nobody is on call" not in page


async def test_a_rota_is_made_and_shows_who_is_on_call(desk: Desk) -> None:
    async with desk.browser("Ada Admin") as ada:
        await make(ada)
        page = (await ada.get("/console/on-call?done=1")).text
    assert page.count('Kim Lee</td><td data-name="Next">no change this week</td>') == 2
    assert "keep to the rota they began with" in page
    assert "To be mended" not in page
    assert [action for _, action, _ in desk.audited].count("rota_changed") == 3
    assert "+1555" not in str(desk.details), "no number in the trail"


async def test_a_way_that_the_clinic_has_not_set_up_counts_for_nobody() -> None:
    desk = Desk(config=ConsoleConfig(clinic=CLINIC, personal=frozenset({"mail"})))
    await desk.hire("Ada Admin")
    async with desk.browser("Ada Admin") as ada:
        await make(ada)
        page = (await ada.get("/console/on-call")).text
    assert "One fault could keep every page from Kim Lee" in page
    assert "text +15551230001 – <b>not set up here, nothing goes out</b>" in page
    assert "mail kim@clinic.example</span>" in page


async def test_each_step_that_has_gaps_is_named_once_with_how_many_more_there_are(desk: Desk) -> None:
    night = {"to": "second nurse", "person": "Kim Lee", "start": "20:00", "end": "08:00", **EVERY_DAY}
    async with desk.browser("Ada Admin") as ada:
        await send(ada, "person", 0, **KIM)
        await send(ada, "shift", 1, **night)
        await send(ada, "step", 2, to="doctor", after_seconds="90")
        page = (await ada.get("/console/on-call")).text
    assert [step in page for step in ("is on-call nurse from", "is second nurse from", "is doctor from")] == [True] * 3
    assert page.count("<b>Nobody</b>") == 3
    assert ", and 6 more times within a week" in page or ", and 7 more times within a week" in page


async def test_ways_are_given_their_order_in_seconds_that_fit_into_a_step(desk: Desk) -> None:
    ana = {"name": "Ana Ruiz", "mail": "ana@clinic.example", "voice": "+15551230002", "voice-after": "20"}
    async with desk.browser("Ada Admin") as ada:
        assert (await send(ada, "person", 0, **ana)).status_code == 303
        assert "voice +15551230002, after 20 s" in (await ada.get("/console/on-call")).text
        refused = await send(ada, "person", 1, **ana | {"voice-after": "75"})
        assert refused.status_code == 422 and "are a number from 0 to 50" in refused.text
        assert 'value="75"' in refused.text, "what was typed is given back"


async def test_a_number_is_kept_as_it_is_dialled_however_it_was_written(desk: Desk) -> None:
    async with desk.browser("Ada Admin") as ada:
        assert (await send(ada, "person", 0, name="Jo", text="+1 (555) 123-0009")).status_code == 303
        assert "text +15551230009" in (await ada.get("/console/on-call")).text


async def test_each_person_sends_themselves_a_test_page_and_an_administrator_anybody(desk: Desk) -> None:
    async with desk.browser("Ada Admin") as ada, desk.browser("Kim Lee") as kim, desk.browser("Ana Ruiz") as ana:
        await make(ada)
        assert "Send me a test page" in (await kim.get("/console/on-call")).text
        said = (await send(kim, "test", 0, name="Kim Lee")).text
        assert "text: Kim Lee: taken" in said and "did not get through</b> (mail: it is off)" in said
        assert "test page" not in (await ana.get("/console/on-call")).text
        assert (await send(ana, "test", 0, name="Kim Lee")).status_code == 404
        assert (await send(ada, "test", 0, name="Kim Lee")).status_code == 200
        assert (await send(ada, "test", 0, name="Nobody")).status_code == 404
    assert [person.name for person in desk.reached] == ["Kim Lee", "Kim Lee"]
    assert [actor for actor, action, _ in desk.audited if action == "page_tested"] == ["Kim Lee", "Ada Admin"]


async def test_nobody_is_flooded_with_test_pages_whoever_sends_them(desk: Desk) -> None:
    async with desk.browser("Ada Admin") as ada, desk.browser("Kim Lee") as kim:
        await make(ada)
        sent = [(await send(who, "test", 0, name="Kim Lee")).status_code for who in (kim, ada, kim)]
        late = await send(ada, "test", 0, name="Kim Lee")
        assert (*sent, late.status_code) == (200, 200, 200, 429)
        assert "enough test pages for now. Again in 5 min." in late.text
        desk.clock.at += 5 * 60
        assert (await send(kim, "test", 0, name="Kim Lee")).status_code == 200
    assert len(desk.reached) == 4
    assert [action for _, action, _ in desk.audited].count("page_tested") == 4


async def test_nobody_on_call_is_an_alarm_on_every_page(desk: Desk) -> None:
    async with desk.browser("Ada Admin") as ada, desk.browser("Kim Lee") as kim:
        await make(ada)
        assert "Nobody is on call" not in (await kim.get("/console")).text
        await send(ada, "drop-shift", 3, number="0")
        assert "Nobody is on call</b> as on-call nurse now" in (await kim.get("/console")).text
        assert "<b>Nobody</b> is on-call nurse from" in (await ada.get("/console/on-call")).text


async def test_an_earlier_version_is_put_back(desk: Desk) -> None:
    async with desk.browser("Ada Admin") as ada:
        await make(ada)
        await send(ada, "forget-person", 3, name="Kim Lee")
        assert "Kim Lee" not in (await ada.get("/console/on-call")).text.partition("Earlier versions")[0]
        assert (await send(ada, "back", 4, number="3")).status_code == 303
        assert (await ada.get("/console/on-call")).text.count(
            'Kim Lee</td><td data-name="Next">no change this week</td>'
        ) == 2


async def test_of_two_who_change_it_at_once_one_is_told(desk: Desk) -> None:
    async with desk.browser("Ada Admin") as ada:
        await make(ada)
        await send(ada, "clock", 3, zone="Europe/London")
        late = await send(ada, "clock", 3, zone="America/New_York")
    assert late.status_code == 422
    assert "Somebody else has changed the rota" in late.text
    kept = await desk.store.rotas.current()
    assert kept is not None
    assert kept.rota.zone == "Europe/London"


def problem(answer: httpx.Response) -> str:
    return answer.text.partition('id="problem"')[2].partition("</p>")[0]


@pytest.mark.parametrize(
    ("action", "form", "says"),
    [
        ("person", {"name": "Jo"}, "at least one way"),
        ("shift", {"to": "on-call nurse", "person": "Kim Lee", "start": "08:00", "end": "20:00"}, "at least one day"),
        ("shift", {"to": "nobody", "person": "Kim Lee", **ALWAYS}, "no step “nobody”"),
        (
            "shift",
            {"to": "on-call nurse", "person": "Kim Lee", **ALWAYS, "start": "8 o'clock"},
            "Say when the shift begins, like 08:00.",
        ),
        ("clock", {"zone": "Middle/Earth"}, "is no time zone"),
        ("step", {"to": "slow", "after_seconds": "600"}, "Seconds to answer are a number from 60 to 120."),
        ("step", {"to": "slow", "after_seconds": "a while"}, "Seconds to answer are a number from 60 to 120."),
        ("step", {"to": "", "after_seconds": "60"}, "Give the step a name"),
        ("person", {"name": "", "mail": "jo@clinic.example"}, "Give the person a name"),
        ("person", {"name": "Jo", "mail": "jo at the clinic"}, "That is no mail address."),
        ("person", {"name": "Jo", "text": "555 0100"}, "with + and the country&#39;s code"),
        (
            "exception",
            {"to": "second nurse", "person": "Kim Lee", "begins": "", "ends": ""},
            "when the exception begins",
        ),
        ("drop-shift", {"number": "77"}, "gone already"),
        ("back", {"number": "99"}, "no such version"),
        (
            "exception",
            {"to": "second nurse", "person": "Kim Lee", "begins": "2026-12-02T08:00", "ends": "2026-12-01T08:00"},
            "must end after it begins",
        ),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_saved(
    desk: Desk, action: str, form: dict[str, str], says: str
) -> None:
    async with desk.browser("Ada Admin") as ada:
        await make(ada)
        answer = await send(ada, action, 3, **form)
    assert answer.status_code == 422
    assert says in answer.text
    assert not re.search(r"[a-z]_[a-z]|[Ii]nput|valid (?:string|integer|time)", problem(answer)), "plain words"
    kept = await desk.store.rotas.current()
    assert kept is not None
    assert kept.version == 3


async def test_steps_exceptions_and_the_last_resort(desk: Desk) -> None:
    async with desk.browser("Ada Admin") as ada:
        await make(ada)
        await send(ada, "last-resort", 3, **{"last-0": "1"})
        await send(ada, "step", 4, to="doctor", after_seconds="90")
        begins, ends = "2020-01-01T00:00", "2099-01-01T00:00"
        await send(ada, "exception", 5, to="doctor", person="Kim Lee", begins=begins, ends=ends)
        page = (await ada.get("/console/on-call")).text
        assert "it also goes to Kim Lee" in page
        assert "Kim Lee is doctor from Wed 01 Jan, 00:00" in page
        await send(ada, "drop-exception", 6, number="0")
        await send(ada, "drop-step", 7, to="doctor")
        assert "3. doctor" not in (await ada.get("/console/on-call")).text


async def test_an_unknown_action_is_refused(desk: Desk) -> None:
    async with desk.browser("Ada Admin") as ada:
        assert (await send(ada, "explode", 0)).status_code == 404


async def test_a_test_page_that_did_not_get_through_is_an_alarm_on_every_page() -> None:
    desk = Desk(config=ConsoleConfig(clinic=CLINIC, page_test_seconds=3600.0))
    trial = WayTrial(way="text", arrived=False, reason="text: Twilio: error 20003")
    await desk.store.trials.note(TrialRound(at=desk.clock.at, trials=(trial,)))
    for person, page in (("Kim Lee", "/console"), ("Ed Engineer", "/console/measures")):
        await desk.hire(person)
        async with desk.browser(person) as browser:
            shown = (await browser.get(page)).text
        assert "A test page by text did not get through (text: Twilio: error 20003)." in shown


@pytest.mark.parametrize(
    ("ways", "personal", "told"),
    [(("console",), set(), True), (("console",), {"mail"}, False), (("console", "ntfy"), set(), False)],
)
async def test_where_pages_ring_consoles_alone_every_page_says_so(
    ways: tuple[str, ...], personal: set[str], told: bool
) -> None:
    clinic = ConsoleConfig(clinic=CLINIC, ways=ways, personal=frozenset(personal), trial=False)
    desk = Desk(config=clinic)
    await desk.hire("Ada Admin")
    async with desk.browser("Ada Admin") as ada, desk.browser("Kim Lee") as kim:
        await make(ada)
        assert ("Pages ring open consoles alone" in (await kim.get("/console")).text) is told
