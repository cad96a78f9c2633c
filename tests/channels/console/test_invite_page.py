"""Inviting a patient from the console: by a link or in texts, to a number that is one, and not to who has sent STOP."""

import httpx
import pytest

from channels.console.access import token_of
from dialogue.events import Started
from tests.channels.console.desk import Desk

pytestmark = pytest.mark.anyio


async def sent(nurse: httpx.AsyncClient, **form: str) -> httpx.Response:
    return await nurse.post("/console/invite", data={"token": token_of(nurse.cookies["previsit"]), **form})


async def started(desk: Desk) -> Started:
    event = (await desk.engine.load("new")).log[0].event
    assert isinstance(event, Started)
    return event


@pytest.mark.parametrize("how", ["link", "text"])
async def test_a_patient_is_invited_by_the_way_that_was_chosen(desk: Desk, how: str) -> None:
    async with desk.browser("Kim Lee") as nurse:
        answer = await sent(nurse, number="(555) 222-3333", how=how)
        assert answer.status_code == 303
        assert "on its way" in (await nurse.get(answer.headers["location"])).text
    event = await started(desk)
    assert (event.door, event.phone) == (how, "+15552223333")
    assert ("Kim Lee", "invited", (await desk.engine.load("new")).code) in desk.audited


async def test_how_long_a_link_is_good_for_is_told(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as nurse:
        assert "the link holds for 45 minutes" in (await nurse.get("/console/invite")).text


async def test_what_is_no_number_is_told_how_one_is_written(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as nurse:
        answer = await sent(nurse, number="ring me", how="link")
    assert answer.status_code == 422
    assert "country code" in answer.text


async def test_who_has_sent_stop_is_not_invited(desk: Desk) -> None:
    await desk.store.phones.set_stopped("+15552223333", True)
    async with desk.browser("Kim Lee") as nurse:
        answer = await sent(nurse, number="+15552223333", how="link")
    assert "sent STOP" in answer.text
    assert await desk.store.phones.conversation_of("+15552223333") == ""
