"""The queue: its order, what a row says and what it leaves out."""

import re

import pytest

from channels.console.queue_rows import complaint_labels, person
from channels.console.words import age_in_words, wait_in_words
from dialogue.case import case_of
from dialogue.ports import StoreUnavailable
from tests.channels.console import samples
from tests.channels.console.desk import Desk
from tests.channels.console.sample_clinic import sample_clinic


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
    assert '<span class="vh">acknowledged by </span>Kim Lee' in page


@pytest.mark.anyio
async def test_an_empty_queue_says_so() -> None:
    async with Desk().browser("Kim Lee") as client:
        assert "Nobody is waiting." in (await client.get("/console")).text


@pytest.mark.anyio
async def test_a_store_that_cannot_be_reached_is_told_plainly(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def waiting(limit: int) -> None:
        raise StoreUnavailable("down")

    monkeypatch.setattr(desk.store.conversations, "waiting", waiting)
    async with desk.browser("Kim Lee") as client:
        answer = await client.get("/console")
    assert answer.status_code == 503
    assert "The records cannot be reached right now" in answer.text


def test_the_chief_complaint_comes_first_and_each_label_once() -> None:
    labels = complaint_labels(case_of(samples.reviewing(), sample_clinic()))
    assert labels[0] == "Sore throat"
    assert len(labels) == len(set(labels))
    assert "Heart attack" not in labels
    assert "Cannot swallow own saliva" not in labels


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
