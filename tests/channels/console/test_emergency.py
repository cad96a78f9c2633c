"""Emergency access: needs a reason from a list, lasts a while, allows reading only, and is recorded with every case."""

import httpx
import pytest

from channels.console.access import NOT_YOURS, token_of
from dialogue.conversation import Paging
from tests.channels.console.desk import Desk

pytestmark = pytest.mark.anyio


async def opens(client: httpx.AsyncClient, reason: str = "nobody_reachable") -> httpx.Response:
    form = {"token": token_of(client.cookies["previsit"]), "reason": reason}
    return await client.post("/console/emergency", data=form)


@pytest.mark.parametrize("name", ["Ed Engineer", "Al Auditor"])
async def test_a_reason_opens_patients_words_and_every_case_is_written_down(desk: Desk, name: str) -> None:
    async with desk.browser(name) as client:
        assert NOT_YOURS in (await client.get("/console/cases/c-urgent")).text
        assert (await opens(client)).status_code == 303
        page = (await client.get("/console/cases/c-urgent")).text
        assert "crushing pain in my chest" in page
        assert "by emergency access" in page
    assert (name, "emergency_access", "") in desk.audited
    assert ("reason:nobody_reachable",) in desk.details
    assert desk.audited[-1] == (name, "viewed", "K7P2Q") and "by:emergency_access" in desk.details[-1]


async def test_it_is_for_reading_alone(desk: Desk) -> None:
    async with desk.browser("Ed Engineer") as client:
        await opens(client)
        page = (await client.get("/console/cases/c-urgent")).text
        assert 'id="acknowledge"' not in page and "deciding is for nurses and doctors" in page
        queue = (await client.get("/console")).text
        assert "1 page waits for someone" in queue and "/acknowledge" not in queue
        form = {"token": token_of(client.cookies["previsit"]), "version": "4"}
        answer = await client.post("/console/cases/c-urgent/acknowledge", data=form)
        assert answer.status_code == 403
    assert (await desk.engine.load("c-urgent")).paging is Paging.OPEN


async def test_it_ends_by_itself_and_at_once_when_asked(desk: Desk) -> None:
    async with desk.browser("Ed Engineer") as client:
        await opens(client)
        desk.clock.at += desk.config.emergency_seconds / 3
        assert (await client.get("/console")).status_code == 200
        form = {"token": token_of(client.cookies["previsit"])}
        await client.post("/console/emergency/end", data=form)
        assert NOT_YOURS in (await client.get("/console/cases/c-urgent")).text
        await opens(client)
        for _ in range(3):
            desk.clock.at += desk.config.emergency_seconds / 3
            await client.post("/console/awake", data=form)
        assert NOT_YOURS in (await client.get("/console/cases/c-urgent")).text


@pytest.mark.parametrize("reason", ["", "because", "I read: crushing pain"])
async def test_without_a_reason_of_the_list_nothing_opens_and_no_word_gets_on_the_trail(
    desk: Desk, reason: str
) -> None:
    async with desk.browser("Ed Engineer") as client:
        assert (await opens(client, reason)).status_code == 422
        assert NOT_YOURS in (await client.get("/console/cases/c-urgent")).text
    assert desk.audited == []
