"""A clinic's own replies, written in the console: added, changed, left out, had back, and offered on the case."""

import httpx
import pytest

from channels.console.access import token_of
from channels.console.forms import Form
from tests.channels.console.desk import Desk
from tests.channels.console.samples import reviewing

pytestmark = pytest.mark.anyio

PARKING = {"language": "en", "label": "Where to park", "text": "Park behind {clinic}."}


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    await desk.hire("Ada Admin", "Dee Doctor", "Kim Lee")
    return desk


async def send(client: httpx.AsyncClient, action: str, form: Form, version: int = 0) -> httpx.Response:
    fields = {"token": token_of(client.cookies["previsit"]), "version": str(version), "language": "en", **form}
    return await client.post(f"/console/replies/{action}", data=fields)


async def shown(client: httpx.AsyncClient) -> str:
    return (await client.get("/console/replies")).text


async def test_a_nurse_reads_them_and_changes_none(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as kim:
        page = await shown(kim)
        assert "Please call Riverside Family Clinic now to find a time" in page
        assert "Save" not in page
        assert (await send(kim, "save", PARKING)).status_code == 403


async def test_what_is_added_is_offered_on_the_case_with_its_places_filled(desk: Desk) -> None:
    await desk.keep(reviewing())
    async with desk.browser("Dee Doctor") as dee, desk.browser("Kim Lee") as kim:
        assert (await send(dee, "save", PARKING)).status_code == 303
        case = (await kim.get("/console/cases/c-review")).text
        assert "Park behind Riverside Family Clinic." in case
        assert case.index("Where to park") < case.index("Come today"), "the clinic's own come first"
        page = await shown(dee)
    assert "Changed last by Dee Doctor" in page and "the clinic’s own" in page
    assert [(actor, action) for actor, action, _ in desk.audited if action == "replies_changed"] == [
        ("Dee Doctor", "replies_changed")
    ]
    assert "Park" not in str(desk.details), "the trail holds codes alone"


async def test_a_shipped_reply_can_be_changed_and_restored(desk: Desk) -> None:
    async with desk.browser("Ada Admin") as ada:
        before = await shown(ada)
        await send(ada, "save", {"id": "thanks", "label": "Thank you", "text": "Thanks, that is all."})
        page = await shown(ada)
        assert "Thanks, that is all." in page and "I have what I need" not in page and "changed here" in page
        await send(ada, "restore", {"id": "thanks"}, 1)
        assert (await shown(ada)).count("I have what I need") == before.count("I have what I need")


async def test_a_shipped_reply_can_be_hidden_and_restored(desk: Desk) -> None:
    await desk.keep(reviewing())
    async with desk.browser("Ada Admin") as ada:
        await send(ada, "remove", {"id": "not_here"})
        assert "This is not something we can do in this chat" not in (await ada.get("/console/cases/c-review")).text
        assert "Offer it again" in await shown(ada)
        await send(ada, "restore", {"id": "not_here"}, 1)
        assert "This is not something we can do in this chat" in (await ada.get("/console/cases/c-review")).text


async def test_the_clinic_s_own_is_changed_in_its_place_and_gone_when_it_is_removed(desk: Desk) -> None:
    async with desk.browser("Ada Admin") as ada:
        await send(ada, "save", PARKING)
        await send(ada, "save", PARKING, 1)
        await send(ada, "save", {**PARKING, "id": "where_to_park", "text": "Park in front."}, 2)
        page = await shown(ada)
        assert page.count('<p class="text" lang="en">Park behind') == 1, (
            "the second one of the same name has its own id"
        )
        assert page.count('<p class="text" lang="en">Park in front.') == 1
        await send(ada, "remove", {"id": "where_to_park"}, 3)
        page = await shown(ada)
    assert "Park in front." not in page and "Left out" not in page


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"label": "Hello", "text": "Dear {name}"}, "{clinic}, {emergency_number}"),
        ({"label": "Hello", "text": "Dear {clinic"}, "{clinic}, {emergency_number}"),
        ({"label": "Hello", "text": ""}, "The text needs 1 to 700 characters."),
        ({"label": "", "text": "Hello."}, "The name needs 1 to 80 characters."),
    ],
)
async def test_what_cannot_be_sent_is_not_saved_and_is_given_back(desk: Desk, form: dict[str, str], said: str) -> None:
    async with desk.browser("Ada Admin") as ada:
        answer = await send(ada, "save", form)
        assert answer.status_code == 422 and said in answer.text
        assert all(value in answer.text for value in form.values())
        assert "Changed last" not in await shown(ada)


async def test_what_somebody_who_writes_for_the_patient_reads_is_shown_as_they_read_it(desk: Desk) -> None:
    own = {"label": "Call", "text": "We call you.", "to_writer": "We call you about {you}."}
    async with desk.browser("Ada Admin") as ada:
        assert (await send(ada, "save", own)).status_code == 303
        assert "We call you about your child." in await shown(ada)
        assert (await send(ada, "save", own | {"to_writer": "x" * 701})).status_code == 422


async def test_of_two_people_who_edit_at_once_the_second_is_told(desk: Desk) -> None:
    async with desk.browser("Ada Admin") as ada, desk.browser("Dee Doctor") as dee:
        assert (await send(ada, "save", PARKING)).status_code == 303
        late = await send(dee, "save", {"label": "Wifi", "text": "Ask at the desk."})
    assert late.status_code == 422 and "Somebody else has changed" in late.text
    assert "Ask at the desk." in late.text


async def test_a_reply_that_is_hard_to_read_is_marked(desk: Desk) -> None:
    hard = "Notwithstanding aforementioned considerations, immediate hospitalisation necessitates documentation."
    async with desk.browser("Ada Admin") as ada:
        assert "hard to read" not in await shown(ada)
        await send(ada, "save", {"label": "Hard", "text": hard})
        assert "hard to read" in await shown(ada)


@pytest.mark.parametrize(("action", "language"), [("burn", "en"), ("save", "xx")])
async def test_an_unknown_action_is_refused(desk: Desk, action: str, language: str) -> None:
    async with desk.browser("Ada Admin") as ada:
        assert (await send(ada, action, {"language": language, "label": "A", "text": "B"})).status_code == 404
