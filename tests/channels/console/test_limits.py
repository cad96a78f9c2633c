"""What reaches patients or sends something out is limited for each member of staff; acknowledging never is."""

import re
from itertools import count

import httpx
import pytest

from channels.console.access import token_of
from channels.console.limits import SENDS, too_much
from dialogue import events as e
from tests.channels.console.desk import Desk

pytestmark = pytest.mark.anyio

CASE, URGENT = "c-review", "c-urgent"
ENOUGH = "That is a lot in a short time"
FAR_TOO_MANY = 200


async def act(client: httpx.AsyncClient, desk: Desk, action: str, case: str = CASE, **fields: str) -> httpx.Response:
    """As a form of the newest page sends it."""
    now = await desk.engine.load(case)
    hidden = {"token": token_of(client.cookies["previsit"]), "version": str(now.version)}
    hidden["lease"] = str(now.lease.token if now.lease else 0)
    return await client.post(f"/console/cases/{case}/{action}", data=hidden | fields)


async def until_refused(client: httpx.AsyncClient, desk: Desk) -> int:
    """How many questions to the patient were taken before one was too many."""
    for number in range(FAR_TOO_MANY):
        answer = await act(client, desk, "ask", text=f"question {number}")
        if answer.status_code == 429:
            assert ENOUGH in answer.text
            assert f"question {number}" in answer.text, "what was written is lost"
            return number
        assert answer.status_code == 303, answer.text
    raise AssertionError("it is never too many")


async def test_words_to_a_patient_are_limited_for_each_person_and_allowed_again_later(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as kim, desk.browser("Ana Ruiz") as ana:
        taken = await until_refused(kim, desk)
        assert taken >= 20, "a busy chat is no attack"
        asked = [entry for entry in (await desk.engine.load(CASE)).log if isinstance(entry.event, e.Asked)]
        assert len(asked) == taken
        assert (await act(ana, desk, "ask", case="c-low", text="from somebody else")).status_code == 303
        desk.clock.at += 60
        assert (await act(kim, desk, "ask", text="a minute later")).status_code == 303


async def test_whoever_has_sent_too_much_still_acknowledges_and_takes(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as kim:
        await until_refused(kim, desk)
        assert (await act(kim, desk, "acknowledge", URGENT)).status_code == 303
        assert (await act(kim, desk, "take", "c-rules")).status_code == 303
    assert not SENDS & {"acknowledge", "take", "let_go", "join", "relevel", "second"}


async def test_invitations_are_limited(desk: Desk) -> None:
    numbers = count()
    desk.engine.new_id = lambda: f"new-{next(numbers)}"
    async with desk.browser("Kim Lee") as kim:
        form = {"token": token_of(kim.cookies["previsit"]), "how": "link"}
        answers = [
            await kim.post("/console/invite", data={**form, "number": f"+1555222{number:04}"}) for number in range(40)
        ]
    statuses = [answer.status_code for answer in answers]
    assert statuses == sorted(statuses)
    assert {303, 429} == set(statuses)
    assert ENOUGH in answers[-1].text and "+15552220039" in answers[-1].text
    assert sum(action == "invited" for _, action, _ in desk.audited) == statuses.count(303)


async def test_exports_are_limited(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as kim:
        statuses = {(await kim.get("/console/measures.csv")).status_code for _ in range(40)}
    assert statuses == {200, 429}


@pytest.mark.parametrize(("wait", "words"), [(0.2, "1 second"), (61.0, "61 seconds"), (130.0, "3 minutes")])
def test_how_long_to_wait_is_said(wait: float, words: str) -> None:
    assert re.search(rf"Wait {words}, then", too_much(wait))
