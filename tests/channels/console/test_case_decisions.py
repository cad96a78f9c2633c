"""Every decision on a case: by whom, on which version of the case, with what result, and when it is refused."""

import httpx
import pytest

from channels.console.access import token_of
from dialogue import events as e
from dialogue.conversation import Conversation, Paging, Review, Speaker, State
from policies.levels import Level
from policies.roles import Role
from tests.channels.console import samples
from tests.channels.console.desk import Desk

LATER = samples.NOW + 10


async def send(client: httpx.AsyncClient, case: str, action: str, version: int = 0, **fields: str) -> httpx.Response:
    form = {"token": token_of(client.cookies["previsit"]), "version": str(version), **fields}
    return await client.post(f"/console/cases/{case}/{action}", data=form)


def seen(conversation: Conversation) -> int:
    return conversation.version


def last(conversation: Conversation) -> e.Event:
    """The last event, whatever lease it was done under."""
    event = conversation.log[-1].event
    return event.model_copy(update={"token": 0}) if isinstance(event, e.StaffAct) else event


def told(conversation: Conversation) -> str:
    """What the patient read last."""
    return next(text for entry in reversed(conversation.log) for text in (reply.text for reply in entry.replies))


@pytest.mark.anyio
async def test_acknowledging_is_recorded_by_name_and_told_to_the_patient(desk: Desk, kim: httpx.AsyncClient) -> None:
    answer = await send(kim, "c-urgent", "acknowledge", 4)
    assert answer.headers["location"] == "/console/cases/c-urgent?done=acknowledge"
    after = await desk.engine.load("c-urgent")
    assert after.paging is Paging.ACKNOWLEDGED
    assert after.page and after.page.acknowledged_by == "Kim Lee"
    assert "Kim Lee" in told(after)
    assert after.lease and after.lease.owner == "Kim Lee", "who acknowledges has the case"
    assert ("Kim Lee", "acknowledged", "K7P2Q") in desk.audited
    page = (await kim.get(answer.headers["location"])).text
    assert "You acknowledged the page" in page
    assert "acknowledged by Kim Lee" in page


@pytest.mark.anyio
async def test_acknowledging_from_the_queue_leads_back_to_it(kim: httpx.AsyncClient) -> None:
    answer = await send(kim, "c-urgent", "acknowledge", 0, **{"from": "queue"})
    assert answer.headers["location"] == "/console?done=acknowledge"


@pytest.mark.anyio
async def test_a_page_is_acknowledged_whatever_has_happened_since(desk: Desk, kim: httpx.AsyncClient) -> None:
    """Another round went out and the patient wrote again; a nurse who takes responsibility is never held up."""
    await desk.engine.act("c-urgent", e.PageUnanswered(at=LATER, attempt=0))
    await desk.engine.act("c-urgent", e.PageSent(at=LATER, sender="webhook", attempt=1))
    assert (await send(kim, "c-urgent", "acknowledge", 4)).status_code == 303


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("text", "edited"), [(samples.DRAFT.patient_message, False), ("Please come in today at four.", True)]
)
async def test_releasing_records_the_nurse_and_whether_the_draft_was_edited(
    desk: Desk, kim: httpx.AsyncClient, text: str, edited: bool
) -> None:
    as_typed = text.replace("\n", "\r\n") + "\r\n"
    answer = await send(kim, "c-review", "release", seen(samples.reviewing()), text=as_typed)
    assert answer.status_code == 303
    after = await desk.engine.load("c-review")
    assert last(after) == e.Released(at=samples.NOW, by="Kim Lee", role=Role.NURSE, text=text, edited=edited)
    [message] = [reply for reply in after.log[-1].replies if reply.speaker is Speaker.NURSE]
    assert {"as:edited" if edited else "as:drafted", "draft:model", "rules:sample"} <= set(desk.details[-1])
    assert (message.text, message.reviewer) == (text, "Kim Lee")
    assert after.review is Review.DONE
    assert desk.audited[-1] == ("Kim Lee", "released", "M4TNX")


@pytest.mark.anyio
async def test_rejecting_records_the_reason_and_offers_the_draft_s_words_no_more(
    desk: Desk, kim: httpx.AsyncClient
) -> None:
    version = seen(samples.reviewing())
    assert (await send(kim, "c-review", "reject", version, reason="Misses the rash")).status_code == 303
    after = await desk.engine.load("c-review")
    assert last(after) == e.Rejected(at=samples.NOW, by="Kim Lee", role=Role.NURSE, reason="Misses the rash")
    assert after.review is Review.OPEN
    page = (await kim.get("/console/cases/c-review")).text
    assert "This draft was rejected" in page
    assert "Misses the rash" in page
    assert samples.DRAFT.patient_message.splitlines()[0] not in page


@pytest.mark.anyio
async def test_a_level_that_a_nurse_set_is_explained_and_a_draft_for_another_one_is_marked(
    desk: Desk, kim: httpx.AsyncClient
) -> None:
    before = (await kim.get("/console/cases/c-review")).text
    assert "level-set" not in before and "This was drafted for" not in before
    fields = {"level": "HIGH", "reason": "Sounds unwell on the phone"}
    assert (await send(kim, "c-review", "relevel", seen(samples.reviewing()), **fields)).status_code == 303
    page = (await kim.get("/console/cases/c-review")).text
    assert "<b>High, set by Kim Lee</b>" in page
    assert "This was drafted for Medium; the case is High now." in page


@pytest.mark.anyio
async def test_raising_a_level_to_emergency_pages(desk: Desk, kim: httpx.AsyncClient) -> None:
    fields = {"level": "EMERGENCY", "reason": "Drooling on the phone"}
    assert (await send(kim, "c-review", "relevel", seen(samples.reviewing()), **fields)).status_code == 303
    after = await desk.engine.load("c-review")
    assert (after.level, after.state, after.paging) == (Level.EMERGENCY, State.URGENT, Paging.OPEN)


@pytest.mark.anyio
async def test_lowering_an_emergency_needs_a_reason_that_says_something(desk: Desk, kim: httpx.AsyncClient) -> None:
    answer = await send(kim, "c-urgent", "relevel", 4, level="MEDIUM", reason="it's fine")
    assert answer.status_code == 422
    assert "needs a reason of at least 10 characters" in answer.text
    assert "it&#39;s fine" in answer.text
    assert (await desk.engine.load("c-urgent")).level is Level.EMERGENCY
    fields = {"level": "MEDIUM", "reason": "Spoke with him: a pulled muscle"}
    answer = await send(kim, "c-urgent", "relevel", 4, **fields)
    assert answer.headers["location"] == "/console/cases/c-urgent?done=propose"
    proposed = await desk.engine.load("c-urgent")
    assert last(proposed) == e.Proposed(
        at=samples.NOW, by="Kim Lee", role=Role.NURSE, level=Level.MEDIUM, reason="Spoke with him: a pulled muscle"
    )
    assert proposed.level is Level.EMERGENCY
    page = (await kim.get("/console/cases/c-urgent")).text
    assert "It stays an emergency until a second person agrees." in page
    assert "I agree" not in page, "nobody seconds themselves"
    assert (await send(kim, "c-urgent", "second", seen(proposed))).status_code == 409
    async with desk.browser("Ana Ruiz") as ana:
        assert "I agree: lower it to Medium" in (await ana.get("/console/cases/c-urgent")).text
        assert (await send(ana, "c-urgent", "second", seen(proposed))).status_code == 303
    after = await desk.engine.load("c-urgent")
    assert (after.level, last(after)) == (Level.MEDIUM, e.Seconded(at=samples.NOW, by="Ana Ruiz", role=Role.NURSE))
    assert ("Ana Ruiz", "seconded", "K7P2Q") in desk.audited
    assert {"level:EMERGENCY-MEDIUM", "proposed_by:Kim_Lee"} <= set(desk.details[-1])


@pytest.mark.anyio
async def test_joining_then_writing_reaches_the_patient_by_name(desk: Desk, kim: httpx.AsyncClient) -> None:
    assert (await send(kim, "c-review", "join", seen(samples.reviewing()))).status_code == 303
    joined = await desk.engine.load("c-review")
    assert joined.state is State.WITH_NURSE
    assert (
        await send(kim, "c-review", "write", seen(joined), text="Can you open your mouth fully?")
    ).status_code == 303
    after = await desk.engine.load("c-review")
    assert last(after) == e.Wrote(at=samples.NOW, by="Kim Lee", role=Role.NURSE, text="Can you open your mouth fully?")
    page = (await kim.get("/console/cases/c-review")).text
    assert "Nurse Kim Lee" in page


@pytest.mark.anyio
async def test_a_message_sent_twice_from_one_page_reaches_the_patient_once(desk: Desk, kim: httpx.AsyncClient) -> None:
    await send(kim, "c-review", "join", seen(samples.reviewing()))
    version = seen(await desk.engine.load("c-review"))
    for _ in range(2):
        assert (await send(kim, "c-review", "write", version, text="Hello")).status_code == 303
    assert seen(await desk.engine.load("c-review")) == version + 1


@pytest.mark.anyio
async def test_closing_records_the_outcome_and_leads_to_the_queue(desk: Desk, kim: httpx.AsyncClient) -> None:
    version = seen(samples.reviewing())
    answer = await send(kim, "c-review", "close", version, outcome="appointment", note="Tuesday at nine")
    assert answer.headers["location"] == "/console?done=close"
    after = await desk.engine.load("c-review")
    assert last(after) == e.Closed(
        at=samples.NOW, by="Kim Lee", role=Role.NURSE, outcome="appointment: Tuesday at nine"
    )
    page = (await kim.get("/console/cases/c-review")).text
    assert "Closed the case: Appointment booked" in page
    assert "This case is closed." in page
    assert "M4TNX" not in (await kim.get("/console")).text


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("case", "action", "fields", "told"),
    [
        ("c-review", "release", {"text": "  \r\n "}, "Write what the patient shall read."),
        ("c-review", "release", {}, "Write what the patient shall read."),
        ("c-review", "release", {"text": "x" * 2001}, "This has 2001 characters; shorten it to 2000."),
        ("c-review", "reject", {"reason": ""}, "Say why you reject the draft."),
        ("c-review", "relevel", {"reason": "because"}, "Choose a level."),
        ("c-review", "relevel", {"level": "SEVERE", "reason": "because"}, "Choose a level."),
        ("c-review", "relevel", {"level": "HIGH"}, "Say why you set another level."),
        ("c-review", "relevel", {"level": "MEDIUM", "reason": "same"}, "The case has this level already."),
        ("c-urgent", "relevel", {"level": "LOW", "reason": "fine"}, "needs a reason of at least 10 characters"),
        ("c-review", "close", {"note": "kept note"}, "Choose how the case ended."),
        ("c-review", "close", {"outcome": "made_up"}, "Choose how the case ended."),
        ("c-review", "close", {"outcome": "advice", "note": "y" * 1001}, "This has 1001 characters"),
    ],
)
async def test_a_form_that_is_not_complete_is_shown_again_with_what_to_do(
    desk: Desk, kim: httpx.AsyncClient, case: str, action: str, fields: dict[str, str], told: str
) -> None:
    before = await desk.engine.load(case)
    answer = await send(kim, case, action, seen(before), **fields)
    assert answer.status_code == 422
    assert told in answer.text
    assert 'aria-invalid="true"' in answer.text
    for field in {"text", "reason", "note"} & fields.keys():
        assert fields[field].strip() in answer.text, "what was written is kept"
    assert await desk.engine.load(case) == before


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("release", {"text": "My own words"}),
        ("reject", {"reason": "My own words"}),
        ("relevel", {"level": "HIGH", "reason": "My own words"}),
        ("close", {"outcome": "advice", "note": "My own words"}),
    ],
)
@pytest.mark.parametrize(
    ("event", "told"),
    [
        (e.Relevelled(at=LATER, by="Ana Ruiz", level=Level.LOW, reason="saw it"), "Ana Ruiz set the level"),
        (e.Rejected(at=LATER, by="Kim Lee", reason="in another tab"), "You rejected the draft"),
        (e.Said(at=LATER, key="new", text="my throat is closing"), "The patient wrote something new"),
    ],
)
async def test_a_decision_on_an_old_picture_is_held_back_told_and_kept(
    desk: Desk, kim: httpx.AsyncClient, action: str, fields: dict[str, str], event: e.Event, told: str
) -> None:
    version = seen(samples.reviewing())
    await change(desk, event)
    before = await desk.engine.load("c-review")
    answer = await send(kim, "c-review", action, version, **fields)
    assert answer.status_code == 409
    assert told in answer.text
    assert "My own words" in answer.text
    assert f'name="version" value="{version + 1}"' in answer.text
    assert await desk.engine.load("c-review") == before


async def change(desk: Desk, event: e.Event) -> None:
    """Let it happen to the case; what a patient says is put on the record as it is."""
    if not isinstance(event, e.Said):
        await desk.engine.act("c-review", event)
        return
    before = await desk.engine.load("c-review")
    log = (*before.log, samples.entry(event.at, event=event))
    await desk.store.conversations.commit(before.model_copy(update={"log": log}), ())


@pytest.mark.anyio
async def test_a_decision_sent_again_after_it_was_told_goes_through(desk: Desk, kim: httpx.AsyncClient) -> None:
    version = seen(samples.reviewing())
    await change(desk, e.Relevelled(at=LATER, by="Ana Ruiz", level=Level.LOW, reason="saw it"))
    assert (await send(kim, "c-review", "release", version, text="Hello")).status_code == 409
    assert (await send(kim, "c-review", "release", version + 1, text="Hello")).status_code == 303


@pytest.mark.anyio
async def test_a_new_round_of_the_page_does_not_hold_a_decision_back(desk: Desk, kim: httpx.AsyncClient) -> None:
    await desk.engine.act("c-urgent", e.PageSent(at=LATER, sender="console", attempt=0))
    assert (await send(kim, "c-urgent", "release", 4, text="Call 911 now, please.")).status_code == 303


@pytest.mark.anyio
async def test_two_nurses_do_not_join_unknowingly(desk: Desk, kim: httpx.AsyncClient) -> None:
    version = seen(samples.reviewing())
    await desk.engine.act("c-review", e.Joined(at=LATER, by="Ana Ruiz"))
    answer = await send(kim, "c-review", "join", version)
    assert answer.status_code == 409
    assert "Ana Ruiz joined the chat" in answer.text
    assert "Take over from Ana Ruiz" in answer.text
    assert (await send(kim, "c-review", "join", version + 1)).status_code == 303


@pytest.mark.anyio
async def test_a_form_without_a_version_is_treated_as_outdated(desk: Desk, kim: httpx.AsyncClient) -> None:
    form = {"token": token_of(kim.cookies["previsit"]), "text": "Hello"}
    for version in ({}, {"version": "many"}, {"version": "-1"}, {"version": "9" * 30}):
        answer = await kim.post("/console/cases/c-review/release", data=form | version)
        assert answer.status_code == 409
    assert await desk.engine.load("c-review") == samples.reviewing()


@pytest.mark.anyio
async def test_what_the_state_does_not_allow_is_told_and_the_text_is_given_back(
    desk: Desk, kim: httpx.AsyncClient
) -> None:
    answer = await send(kim, "c-review", "write", seen(samples.reviewing()), text="I have not joined yet")
    assert answer.status_code == 409
    assert "cannot be done to it any more" in answer.text
    assert "I have not joined yet" in answer.text


@pytest.mark.anyio
async def test_an_action_that_does_not_exist_says_so(desk: Desk, kim: httpx.AsyncClient) -> None:
    assert (await send(kim, "c-review", "prescribe")).status_code == 404
    assert await desk.engine.load("c-review") == samples.reviewing()


@pytest.mark.anyio
async def test_a_refused_form_is_not_written_down_as_done(desk: Desk, kim: httpx.AsyncClient) -> None:
    await send(kim, "c-review", "reject", seen(samples.reviewing()))
    await send(kim, "c-review", "write", seen(samples.reviewing()), text="too early")
    assert {action for _, action, _ in desk.audited} <= {"listed"}
