"""How staff share a case: who has it, what is asked and handed on, and that nothing is answered by two unknowingly."""

import re

import httpx
import pytest

from channels.console.access import token_of
from channels.console.config import ConsoleConfig
from dialogue import events as e
from dialogue.conversation import Review, Speaker, State
from policies.lease import LEASE_SECONDS, holder
from tests.channels.console import samples
from tests.channels.console.desk import Desk

pytestmark = pytest.mark.anyio

CASE = "c-review"


async def page(client: httpx.AsyncClient, case: str = CASE) -> str:
    return (await client.get(f"/console/cases/{case}")).text


async def send(client: httpx.AsyncClient, action: str, case: str = CASE, **fields: str) -> httpx.Response:
    """What the form on this person's page sends now, with these fields filled in."""
    shown = await page(client, case)
    form = re.search(rf'<form method="post" action="/console/cases/{case}/{action}".*?</form>', shown, re.DOTALL)
    assert form, f"{action} is not offered"
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[0]))
    return await client.post(f"/console/cases/{case}/{action}", data=hidden | fields)


async def has(desk: Desk, case: str = CASE) -> str:
    return holder((await desk.engine.load(case)).lease, desk.clock.at)


async def test_a_case_is_taken_and_everybody_sees_by_whom(
    desk: Desk, kim: httpx.AsyncClient, ana: httpx.AsyncClient
) -> None:
    assert "nobody yet" in await page(kim)
    assert (await send(kim, "take")).status_code == 303
    assert await has(desk) == "Kim Lee"
    assert "<dt>Responsible</dt><dd><b>you</b>" in await page(kim)
    others = await page(ana)
    assert "<dt>Responsible</dt><dd><b>Kim Lee</b>" in others
    assert "Kim Lee has this case. Take it over to answer or decide." in others
    assert 'id="do-release"' not in others
    assert ("Kim Lee", "took", "M4TNX") in desk.audited


async def test_the_second_of_two_who_answer_is_held_back_and_keeps_what_was_written(
    desk: Desk, kim: httpx.AsyncClient, ana: httpx.AsyncClient
) -> None:
    shown = (await desk.engine.load(CASE)).version
    form = {"token": token_of(ana.cookies["previsit"]), "version": str(shown), "text": "Come on Monday"}
    await send(kim, "take")
    late = await ana.post(f"/console/cases/{CASE}/release", data=form | {"version": str(shown + 1)})
    assert late.status_code == 409
    assert "Kim Lee has this case, so nothing was changed." in late.text
    assert "Come on Monday" in late.text
    assert (await desk.engine.load(CASE)).review is Review.OPEN


async def test_taken_over_knowingly_the_first_one_s_form_no_longer_counts(
    desk: Desk, kim: httpx.AsyncClient, ana: httpx.AsyncClient
) -> None:
    await send(kim, "take")
    shown = await page(kim)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', shown[shown.index("do-release") :]))
    assert hidden["lease"]
    assert "Take over from Kim Lee" in await page(ana)
    assert (await send(ana, "take")).status_code == 303
    now = {"version": str((await desk.engine.load(CASE)).version)}
    late = await kim.post(f"/console/cases/{CASE}/release", data=hidden | now | {"text": "Come on Monday"})
    assert late.status_code == 409
    assert "Ana Ruiz has this case" in late.text
    await send(ana, "let_go")
    now = {"version": str((await desk.engine.load(CASE)).version)}
    late = await kim.post(f"/console/cases/{CASE}/release", data=hidden | now | {"text": "Come on Monday"})
    assert late.status_code == 409, "the token is old though the case is free"


async def test_deciding_takes_a_free_case_and_a_lease_runs_out(desk: Desk, kim: httpx.AsyncClient) -> None:
    await send(kim, "reject", reason="Misses the rash")
    assert await has(desk) == "Kim Lee"
    assert [action for _, action, _ in desk.audited if action not in ("viewed", "listed")] == ["took", "rejected"]
    desk.clock.at += LEASE_SECONDS
    assert await has(desk) == ""


async def test_one_more_question_is_asked_by_name_and_stands_open_until_the_patient_writes(
    desk: Desk, kim: httpx.AsyncClient
) -> None:
    assert "How much is she drinking?" in await page(kim), "what the draft leaves open is suggested"
    assert (await send(kim, "ask", text="Can you open your mouth fully?")).status_code == 303
    after = await desk.engine.load(CASE)
    assert after.state is State.NURSE_REVIEW
    [message] = after.log[-1].replies
    assert (message.speaker, message.reviewer) == (Speaker.NURSE, "Kim Lee")
    desk.clock.at += 120
    assert "<dt>Question</dt><dd>unanswered for" in await page(kim)
    await desk.engine.say(CASE, key="answer", text="yes I can")
    assert "<dt>Question</dt>" not in await page(kim)


async def test_a_question_sent_twice_from_one_page_reaches_the_patient_once(desk: Desk, kim: httpx.AsyncClient) -> None:
    form = {"token": token_of(kim.cookies["previsit"]), "version": str((await desk.engine.load(CASE)).version)}
    for _ in range(2):
        answer = await kim.post(f"/console/cases/{CASE}/ask", data=form | {"text": "Since when?"})
        assert answer.status_code == 303
    asked = [entry for entry in (await desk.engine.load(CASE)).log if isinstance(entry.event, e.Asked)]
    assert len(asked) == 1


async def test_who_joined_can_leave_and_the_patient_is_told_of_both(desk: Desk, kim: httpx.AsyncClient) -> None:
    await send(kim, "join")
    await send(kim, "leave")
    after = await desk.engine.load(CASE)
    told = " ".join(reply.text for entry in after.log[-3:] for reply in entry.replies)
    assert "A nurse (Kim Lee) has joined this chat" in told
    assert "A nurse (Kim Lee) has left this chat" in told
    assert (after.state, after.review) == (State.NURSE_REVIEW, Review.OPEN)


async def test_handed_to_a_doctor_with_a_note_that_the_patient_never_sees(desk: Desk, kim: httpx.AsyncClient) -> None:
    answer = await send(kim, "hand_over", note="Uvula looks off to the left")
    assert answer.headers["location"] == "/console?done=hand_over"
    after = await desk.engine.load(CASE)
    assert after.for_doctor and await has(desk) == ""
    assert "Uvula" not in " ".join(reply.text for entry in after.log for reply in entry.replies)
    async with desk.browser("Dee Doctor") as dee:
        shown = await page(dee)
        assert "Uvula looks off to the left" in shown
        assert "for a doctor" in shown
        assert (await send(dee, "take")).status_code == 303


async def test_an_appointment_is_offered_only_where_there_is_a_system_to_ask(desk: Desk) -> None:
    booking = Desk(config=ConsoleConfig(clinic="Riverside", booking=True))
    await booking.keep(samples.reviewing())
    async with desk.browser("Kim Lee") as kim:
        assert "Book an appointment" not in await page(kim)
        form = {"token": token_of(kim.cookies["previsit"]), "version": "99", "frame": "week"}
        assert (await kim.post(f"/console/cases/{CASE}/book", data=form)).status_code == 404
    async with booking.browser("Kim Lee") as kim:
        assert (await send(kim, "book")).status_code == 422
        assert (await send(kim, "book", frame="week")).status_code == 303
        assert "being asked for: within a week" in await page(kim)
        await booking.engine.act(CASE, e.BookingMade(at=booking.clock.at, reference="A-17"))
        assert "asked for: within a week (A-17)" in await page(kim)


async def test_closing_can_say_whether_the_level_was_right_and_how_long_it_took(
    desk: Desk, kim: httpx.AsyncClient
) -> None:
    assert (await send(kim, "close", outcome="advice", judged="perhaps")).status_code == 422
    await send(kim, "close", outcome="advice", judged="too_high", spent="95")
    event = (await desk.engine.load(CASE)).log[-1].event
    assert isinstance(event, e.Closed)
    assert (event.judged, event.spent) == ("too_high", 95)
    assert {"outcome:advice", "judged:too_high"} <= set(desk.details[-1])


async def test_with_first_impressions_on_the_level_is_shown_after_a_person_s_own() -> None:
    desk = Desk(config=ConsoleConfig(clinic="Riverside", first_impression=True))
    await desk.keep(samples.reviewing(), samples.urgent())
    async with desk.browser("Kim Lee") as kim:
        assert "Acknowledge the page" in await page(kim, "c-urgent"), "an emergency is never hidden"
        assert "heart attack" in await page(kim, "c-urgent")
        before = await page(kim)
        for hidden in ("Why this level", "Viral sore throat", 'id="do-release"', "A sore throat with fever"):
            assert hidden not in before
        assert "38.4 this morning" in before
        assert (await send(kim, "guess")).status_code == 422
        assert (await send(kim, "guess", level="HIGH")).status_code == 303
        after = await page(kim)
        assert "Why this level" in after and "Viral sore throat" in after
        event = (await desk.engine.load(CASE)).log[-1].event
        assert isinstance(event, e.Impression) and event.level.name == "HIGH"
        assert "first:HIGH" in desk.details[-2]


@pytest.mark.parametrize("names", [True, False])
async def test_who_answers_reads_whether_the_patient_is_told_their_name(names: bool) -> None:
    desk = Desk(config=ConsoleConfig(clinic="Riverside", staff_names=names))
    await desk.keep(samples.reviewing())
    async with desk.browser("Kim Lee") as kim:
        assert ("with your name" in await page(kim)) is names


async def test_ready_made_replies_are_offered_filled_in(kim: httpx.AsyncClient) -> None:
    shown = await page(kim)
    assert "Ready-made replies" in shown
    assert "call 911" in shown and "{" not in shown


async def test_what_the_protocol_asks_and_nobody_asked_is_told(kim: httpx.AsyncClient) -> None:
    assert '<p class="more" id="not-asked">Short of breath</p>' in await page(kim, "c-urgent")


async def test_the_transcript_says_whether_a_nurse_or_a_doctor_wrote(desk: Desk, kim: httpx.AsyncClient) -> None:
    assert (await send(kim, "release", text="Please come in this week.")).status_code == 303
    assert re.search(r'class="speaker[^"]*">Nurse Kim Lee', await page(kim))
    async with desk.browser("Dee Doctor") as dan:
        assert (await send(dan, "join", "c-low")).status_code == 303
        assert (await send(dan, "write", "c-low", text="I am here.")).status_code == 303
        assert re.search(r'class="speaker[^"]*">Doctor Dee Doctor', await page(dan, "c-low"))
