"""The queue: its order, what a row says and what it leaves out."""

import re
from typing import Any

import pytest

from channels.console.access import token_of
from channels.console.case_view import groups
from channels.console.config import ConsoleConfig
from channels.console.queue_rows import complaint_labels, person
from channels.console.service_times import SERVICE_SECONDS
from channels.console.words import age_in_words, wait_in_words
from dialogue import events as e
from dialogue.case import case_of
from dialogue.conversation import Arrival, Review, State
from dialogue.ports import StoreUnavailable
from dialogue.staff_ports import Attending
from policies.case import Fired
from policies.levels import Level
from policies.roles import Role
from tests.cases import CASE, statement
from tests.channels.console import samples
from tests.channels.console.desk import Desk
from tests.channels.console.sample_clinic import sample_clinic
from tests.stage import Stage


@pytest.mark.anyio
async def test_open_pages_come_first_then_level_then_who_has_waited_longest(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as client:
        page = (await client.get("/console")).text
    assert re.findall(r'id="case-([\w-]+)"', page) == ["c-urgent", "c-rules", "c-review", "c-low"]
    assert "1 page waits for someone" in page
    assert "<title>(1) Queue" in page


@pytest.mark.anyio
async def test_a_row_has_chart_words_and_nothing_that_the_patient_wrote(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as client:
        page = (await client.get("/console")).text
    assert "Sore throat" in page
    assert "34 y, female" in page
    for written in ("a bit of fever", "crushing", "my dad", "None of these"):
        assert written not in page


@pytest.mark.anyio
async def test_who_acknowledged_is_shown_and_the_bar_goes(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as client:
        page = (await client.get("/console")).text
        [token] = set(re.findall(r'name="token" value="(\w+)"', page))
        await client.post("/console/cases/c-urgent/acknowledge", data={"token": token, "from": "queue"})
        page = (await client.get("/console")).text
    assert "page waits" not in page
    assert re.search(r'id="case-c-urgent".*?class="page">Kim Lee<', page, re.DOTALL), "who acknowledges has the case"


@pytest.mark.anyio
async def test_an_empty_queue_says_so() -> None:
    async with Desk().browser("Kim Lee") as client:
        assert "Nobody is waiting." in (await client.get("/console")).text


@pytest.mark.anyio
async def test_a_store_that_cannot_be_reached_is_told_plainly(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def places() -> None:
        raise StoreUnavailable("down")

    monkeypatch.setattr(desk.store.conversations, "places", places)
    async with desk.browser("Kim Lee") as client:
        answer = await client.get("/console")
    assert answer.status_code == 503
    assert "The records cannot be reached right now" in answer.text


def ids(page: str) -> list[str]:
    return re.findall(r'<a class="open" id="case-([\w-]+)"', page)


@pytest.mark.anyio
async def test_the_queue_is_filtered_by_who_has_a_case_and_by_level(desk: Desk) -> None:
    await desk.engine.act("c-review", e.Took(at=desk.clock.at, by="Kim Lee"))
    await desk.engine.act("c-low", e.HandedOver(at=desk.clock.at, by="Kim Lee"))
    async with desk.browser("Kim Lee") as client:
        for query, found in (
            ("show=mine", ["c-review"]),
            ("show=free", ["c-urgent", "c-rules", "c-low"]),
            ("show=doctor", ["c-low"]),
            ("level=EMERGENCY", ["c-urgent"]),
            ("show=mine&level=LOW", []),
            ("show=nonsense&level=SEVERE&page=-1", ["c-urgent", "c-rules", "c-review", "c-low"]),
        ):
            page = (await client.get(f"/console?{query}")).text
            assert ids(page) == found, query
            assert "page waits for someone" in page, "whatever is filtered, an open page stands on top"
        everything = (await client.get("/console")).text
    counted = dict(re.findall(r'<a href="[^"]*"[^>]*>([^<]+) <span class="count">(\d+)</span>', everything))
    assert (counted["All"], counted["Mine"], counted["Nobody&#39;s"], counted["For a doctor"]) == ("4", "1", "3", "1")
    async with desk.browser("Ana Ruiz") as client:
        assert ids((await client.get("/console?show=mine")).text) == []


@pytest.mark.anyio
async def test_where_a_nurse_judges_first_no_filter_tells_the_level() -> None:
    desk = Desk(config=ConsoleConfig(clinic="Riverside", first_impression=True))
    await desk.keep(samples.urgent(), samples.reviewing(), samples.low())
    async with desk.browser("Kim Lee") as client:
        everything, low = (await client.get("/console")).text, (await client.get("/console?level=LOW")).text
        urgent = (await client.get("/console?level=EMERGENCY")).text
    assert ids(low) == ids(everything) and "level=LOW" not in everything
    assert ids(urgent) == ["c-urgent"], "an emergency is never hidden"


@pytest.mark.anyio
async def test_where_a_nurse_judges_first_the_order_tells_no_level_until_a_case_is_late() -> None:
    desk = Desk(config=ConsoleConfig(clinic="Riverside", first_impression=True))
    came = [Arrival(at=samples.NOW - ago, level=Level.LOW, protocols=()) for ago in (60, 120)]
    review, low = (
        one.model_copy(update={"arrival": arrival})
        for one, arrival in zip((samples.reviewing(), samples.low()), came, strict=True)
    )
    closed = low.model_copy(update={"id": "c-closed", "state": State.CLOSED, "review": Review.DONE})
    await desk.keep(samples.urgent(), review, low, closed.model_copy(update={"not_handed_off": "refused"}))
    async with desk.browser("Kim Lee") as client:
        assert ids((await client.get("/console")).text) == ["c-urgent", "c-low", "c-review", "c-closed"]
    desk.clock.at += 4 * 3600
    async with desk.browser("Kim Lee") as client:
        assert ids((await client.get("/console")).text) == ["c-urgent", "c-review", "c-low", "c-closed"]


@pytest.mark.anyio
async def test_a_long_queue_comes_in_pages_of_fifty(desk: Desk) -> None:
    for number in range(60):
        low = samples.low().model_copy(update={"id": f"c-{number:03}", "code": f"N{number:03}"})
        await desk.keep(low)
    async with desk.browser("Kim Lee") as client:
        first, second = (await client.get("/console")).text, (await client.get("/console?page=2")).text
        beyond = (await client.get("/console?page=99")).text
    assert (len(ids(first)), len(ids(second))) == (50, 14)
    assert not set(ids(first)) & set(ids(second))
    assert "1 to 50 of 64" in first and 'href="/console?page=2"' in first
    assert ids(beyond) == ids(second)


@pytest.mark.anyio
async def test_a_clinic_s_own_service_clock_counts() -> None:
    quick = {**SERVICE_SECONDS, Level.MEDIUM: 10.0}
    desk = Desk(config=ConsoleConfig(clinic="Riverside Family Clinic", service_seconds=quick))
    await desk.keep(samples.reviewing())
    async with desk.browser("Kim Lee") as client:
        assert "late by" in (await client.get("/console?level=MEDIUM")).text


@pytest.mark.anyio
async def test_each_row_says_how_much_time_is_left_and_what_is_late(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as client:
        assert "late by" not in (await client.get("/console?level=MEDIUM")).text
        desk.clock.at += 4 * 3600
        await client.post("/console/awake", data={"token": token_of(client.cookies["previsit"])})
    async with desk.browser("Kim Lee") as client:
        late = (await client.get("/console?level=MEDIUM")).text
    assert '<span class="due late"' in late and "late by" in late


@pytest.mark.anyio
async def test_what_the_patient_wrote_after_a_nurse_spoke_waits_for_an_answer(desk: Desk) -> None:
    await desk.engine.act("c-review", e.Asked(at=desk.clock.at, by="Kim Lee", text="Since when?"))
    async with desk.browser("Kim Lee") as client:
        assert "patient asked" in (await client.get("/console")).text
        await desk.engine.say("c-review", key="answer", text="since Monday")
        desk.clock.at += 180
        page = (await client.get("/console")).text
    assert "patient wrote" in page and "since Monday" not in page


@pytest.mark.anyio
async def test_taking_a_case_does_not_send_it_to_the_end_of_the_queue(desk: Desk) -> None:
    stage = Stage()
    for _ in range(2):
        await stage.opens()
        while (await stage.now()).state is not State.ASSESSING:
            typed = (question := (await stage.now()).question) is not None and question.id == "complaint"
            await (stage.says("sore throat for three days") if typed else stage.answers_no())
        stage.clock.at += 60
    first, second = [place.id for place in await stage.engine.places()]
    stage.clock.at += 60
    await stage.engine.act(first, e.Took(at=stage.clock.at, by="Kim Lee"))
    assert [place.id for place in await stage.engine.places()] == [first, second]


@pytest.mark.anyio
async def test_who_else_is_here_and_who_has_the_same_case_open_is_shown(desk: Desk) -> None:
    ana = Attending(name="Ana Ruiz", role=Role.NURSE, case="c-review")
    await desk.store.attendance.here("page", ana, 60)
    async with desk.browser("Kim Lee") as client:
        assert "Also here: Ana Ruiz." in (await client.get("/console")).text
        assert "Ana Ruiz has this case open, too." in (await client.get("/console/cases/c-review")).text
        assert "open, too" not in (await client.get("/console/cases/c-urgent")).text
    eve = Attending(name="Ed Engineer", role=Role.ENGINEER, emergency=True)
    await desk.store.attendance.here("another", eve, 60)
    async with desk.browser("Kim Lee") as client:
        assert "Ed Engineer can read patients' words now." in (await client.get("/console")).text


def test_the_chief_complaint_comes_first_and_each_label_once() -> None:
    labels = complaint_labels(case_of(samples.reviewing(), sample_clinic()))
    assert labels[0] == "Sore throat"
    assert len(labels) == len(set(labels))
    assert "Heart attack" not in labels
    assert "Cannot swallow own saliva" not in labels


def test_whose_emergency_it_is_is_said_first_where_it_is_not_the_patient_s() -> None:
    theirs: dict[str, Any] = {"about_other": True, "person": "husband"}
    told = (statement(1, "Sore throat", "present"), statement(2, "Collapsed", "present", **theirs))
    case = CASE.model_copy(update={"statements": told, "fired": ()})
    assert complaint_labels(case) == ("Sore throat",)
    danger = Fired(rule="a_rule", level=Level.EMERGENCY, because="A fall.", source="A made-up source", person="husband")
    assert complaint_labels(case.model_copy(update={"fired": (danger,)})) == ("Collapsed (husband)", "Sore throat")


def test_what_is_somebody_else_s_stands_apart_from_the_patient_under_their_name() -> None:
    theirs: dict[str, Any] = {"about_other": True, "person": "daughter"}
    sexes = statement(1, "Sex", "present", "Male"), statement(2, "Sex", "present", "Female", **theirs)
    told = *sexes, statement(3, "Age", "present", "3 years", **theirs), statement(4, "Fever", "present", **theirs)
    found = groups(CASE.model_copy(update={"statements": told}))
    assert {group.key: [each.id for each in group.statements] for group in found} == {
        "about": ["F1"],
        "apart": ["F3", "F4"],
    }


def test_who_it_is_about_is_said_in_a_few_words() -> None:
    assert person(case_of(samples.reviewing(), sample_clinic())) == "34 y, female"
    assert person(case_of(samples.urgent(), sample_clinic())) == "age not known"


@pytest.mark.parametrize(
    ("years", "words"),
    [
        (None, "age not known"),
        (0.0, "0 d"),
        (20 / 365.25, "20 d"),
        (1 / 12, "1 mo"),
        (1.5, "18 mo"),
        (2, "2 y"),
        (34.9, "34 y"),
    ],
)
def test_ages_are_said_as_a_chart_says_them(years: float | None, words: str) -> None:
    assert age_in_words(years) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "under 1 min"),
        (59, "under 1 min"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h 00 min"),
        (7500, "2 h 05 min"),
        (90_000, "1 d 1 h"),
    ],
)
def test_waiting_times_are_short_words(seconds: float, words: str) -> None:
    assert wait_in_words(seconds) == words
