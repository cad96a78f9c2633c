"""What several members of staff may do to one case: leases, and acts that need two people."""

import asyncio
from typing import Any

import pytest

from dialogue import events as e
from dialogue.admissibility import PROPOSAL_SECONDS
from dialogue.conversation import Conversation, Paging, Review, Speaker, State
from dialogue.engine import NotNow
from policies.lease import LEASE_SECONDS, holder
from policies.levels import Level
from tests.stage import Stage, said_back

pytestmark = pytest.mark.anyio

DANGER = "I have a crushing pain in my chest and my left arm feels heavy"
KIM, ANA = "Kim Lee", "Ana Ruiz"


@pytest.fixture
async def stage() -> Stage:
    stage = Stage()
    await stage.opens()
    return stage


async def reviewing(stage: Stage) -> Conversation:
    while (now := await stage.now()).state is not State.ASSESSING:
        typed = now.question is not None and now.question.id == "complaint"
        await (stage.says("sore throat for three days") if typed else stage.answers_no())
    await stage.works()
    return await stage.now()


async def urgent(stage: Stage) -> Conversation:
    return await stage.says(DANGER)


def act(stage: Stage, kind: Any, by: str, **more: object) -> Any:
    """An event of one of the kinds of `e.StaffAct`."""
    return kind(at=stage.clock.at, by=by, **more)


async def test_while_one_has_the_case_nobody_else_answers_it(stage: Stage) -> None:
    await reviewing(stage)
    taken = await stage.acts(act(stage, e.Took, KIM))
    assert taken.lease and holder(taken.lease, stage.clock.at) == KIM
    for kind, more in (
        (e.Released, {"text": "Come on Monday", "edited": True}),
        (e.Asked, {"text": "Since when?"}),
        (e.Joined, {}),
        (e.Rejected, {"reason": "no"}),
        (e.HandedOver, {}),
        (e.Booked, {"frame": "week"}),
        (e.Closed, {"outcome": "advice"}),
        (e.Relevelled, {"level": Level.LOW, "reason": "no"}),
    ):
        with pytest.raises(NotNow):
            await stage.acts(act(stage, kind, ANA, **more))
    assert await stage.now() == taken
    await stage.acts(act(stage, e.Released, KIM, text="Come today", edited=True, token=taken.lease.token))


async def test_a_case_is_taken_over_knowingly_and_the_first_one_s_page_is_fenced_off(stage: Stage) -> None:
    await reviewing(stage)
    kim = (await stage.acts(act(stage, e.Took, KIM))).lease
    assert kim
    with pytest.raises(NotNow):
        await stage.acts(act(stage, e.Took, ANA))
    ana = (await stage.acts(act(stage, e.Took, ANA, over=kim.token))).lease
    assert ana and ana.token > kim.token
    await stage.acts(act(stage, e.LetGo, ANA))
    with pytest.raises(NotNow):
        await stage.acts(act(stage, e.Released, KIM, text="Come on Monday", edited=True, token=kim.token))


async def test_a_lease_runs_out_and_an_act_keeps_it(stage: Stage) -> None:
    await reviewing(stage)
    await stage.acts(act(stage, e.Took, KIM))
    stage.clock.at += LEASE_SECONDS - 1
    await stage.acts(act(stage, e.Asked, KIM, text="Since when?"))
    stage.clock.at += LEASE_SECONDS - 1
    with pytest.raises(NotNow):
        await stage.acts(act(stage, e.Took, ANA))
    stage.clock.at += 1
    assert holder((await stage.acts(act(stage, e.Took, ANA))).lease, stage.clock.at) == ANA


async def test_only_the_owner_can_give_up_a_case(stage: Stage) -> None:
    await reviewing(stage)
    await stage.acts(act(stage, e.Took, KIM))
    with pytest.raises(NotNow):
        await stage.acts(act(stage, e.LetGo, ANA))
    assert holder((await stage.acts(act(stage, e.LetGo, KIM))).lease, stage.clock.at) == ""


async def test_anybody_acknowledges_and_raises_an_alarm_whoever_has_the_case(stage: Stage) -> None:
    await reviewing(stage)
    await stage.acts(act(stage, e.Took, KIM))
    raised = await stage.acts(act(stage, e.Relevelled, ANA, level=Level.EMERGENCY, reason="heard her on the phone"))
    assert (raised.state, raised.paging) == (State.URGENT, Paging.OPEN)
    assert (await stage.acts(act(stage, e.Acknowledged, ANA))).paging is Paging.ACKNOWLEDGED


async def test_a_new_danger_frees_the_case_for_whoever_answers_its_page(stage: Stage) -> None:
    await reviewing(stage)
    kim = (await stage.acts(act(stage, e.Took, KIM))).lease
    assert kim
    paged = await stage.says("my face is drooping on one side and I can't speak properly")
    assert (paged.paging, holder(paged.lease, stage.clock.at)) == (Paging.OPEN, "")
    await stage.acts(act(stage, e.Acknowledged, ANA))
    ana = await stage.acts(act(stage, e.Took, ANA))
    assert holder(ana.lease, stage.clock.at) == ANA
    with pytest.raises(NotNow):
        await stage.acts(act(stage, e.Released, KIM, text="Come on Monday", edited=True, token=kim.token))


async def test_one_person_alone_never_lowers_an_emergency(stage: Stage) -> None:
    before = await urgent(stage)
    with pytest.raises(NotNow):
        await stage.acts(act(stage, e.Relevelled, KIM, level=Level.LOW, reason="a pulled muscle"))
    with pytest.raises(NotNow):
        await stage.acts(act(stage, e.Seconded, ANA))
    assert await stage.now() == before
    proposed = await stage.acts(act(stage, e.Proposed, KIM, level=Level.MEDIUM, reason="a pulled muscle"))
    assert (proposed.level, proposed.state) == (Level.EMERGENCY, State.URGENT)
    assert proposed.paging is Paging.ACKNOWLEDGED, "somebody has seen it"
    for same in (KIM, "kim lee"):
        with pytest.raises(NotNow):
            await stage.acts(act(stage, e.Seconded, same))
    lowered = await stage.acts(act(stage, e.Seconded, ANA))
    assert (lowered.level, lowered.state) == (Level.MEDIUM, State.NURSE_REVIEW)
    assert ANA in said_back(lowered)
    assert [verdict.action for verdict in lowered.verdicts] == ["proposed", "seconded"]
    assert lowered.verdicts[-1].reason == "a pulled muscle"


async def test_a_lowered_emergency_rises_again_only_with_a_new_danger(stage: Stage) -> None:
    await urgent(stage)
    await stage.acts(act(stage, e.Proposed, KIM, level=Level.LOW, reason="a pulled muscle"))
    await stage.acts(act(stage, e.Seconded, ANA))
    assert (await stage.says("thank you")).level is Level.LOW
    again = await stage.says("my face is drooping on one side and I can't speak properly")
    assert (again.level, again.state) == (Level.EMERGENCY, State.URGENT)


async def test_a_proposal_is_over_after_a_while_and_with_the_next_danger(stage: Stage) -> None:
    await urgent(stage)
    await stage.acts(act(stage, e.Proposed, KIM, level=Level.LOW, reason="a pulled muscle"))
    stage.clock.at += PROPOSAL_SECONDS
    with pytest.raises(NotNow):
        await stage.acts(act(stage, e.Seconded, ANA))
    await stage.acts(act(stage, e.Proposed, KIM, level=Level.LOW, reason="a pulled muscle"))
    await stage.says("my face is drooping on one side and I can't speak properly")
    with pytest.raises(NotNow):
        await stage.acts(act(stage, e.Seconded, ANA))


async def test_lowering_another_level_needs_one_person_only(stage: Stage) -> None:
    await reviewing(stage)
    with pytest.raises(NotNow):
        await stage.acts(act(stage, e.Proposed, KIM, level=Level.LOW, reason="why not"))
    lowered = await stage.acts(act(stage, e.Relevelled, KIM, level=Level.LOW, reason="seen it"))
    assert lowered.level is Level.LOW


async def test_one_more_question_reaches_the_patient_by_name_and_the_answer_the_case(stage: Stage) -> None:
    before = await reviewing(stage)
    asked = await stage.acts(act(stage, e.Asked, KIM, text="Can you open your mouth fully?"))
    [message] = asked.log[-1].replies
    assert (message.speaker, message.reviewer, message.text) == (Speaker.NURSE, KIM, "Can you open your mouth fully?")
    assert (asked.state, asked.review) == (before.state, Review.OPEN)
    answered = await stage.says("no, only a finger wide")
    assert answered.state is State.NURSE_REVIEW


async def test_leaving_the_chat_is_told_and_puts_the_case_back_into_the_queue(stage: Stage) -> None:
    await reviewing(stage)
    await stage.acts(act(stage, e.Took, KIM))
    await stage.acts(act(stage, e.Joined, KIM))
    await stage.acts(act(stage, e.Released, KIM, text="Come today", edited=True))
    left = await stage.acts(act(stage, e.Departed, KIM))
    assert (left.state, left.review) == (State.NURSE_REVIEW, Review.OPEN)
    assert f"{KIM} has left this chat" in said_back(left)
    assert holder(left.lease, stage.clock.at) == ""


async def test_a_case_handed_to_a_doctor_is_free_for_any_doctor(stage: Stage) -> None:
    await reviewing(stage)
    await stage.acts(act(stage, e.Took, KIM))
    handed = await stage.acts(act(stage, e.HandedOver, KIM, note="Please look at the throat"))
    assert handed.for_doctor
    assert "has asked a doctor to look at this" in said_back(handed)
    assert holder((await stage.acts(act(stage, e.Took, "Dee Doctor"))).lease, stage.clock.at) == "Dee Doctor"


async def test_a_booking_is_owed_once_and_its_reference_kept(stage: Stage) -> None:
    await reviewing(stage)
    booked = await stage.acts(act(stage, e.Booked, KIM, frame="same_day"))
    assert [duty.type for duty in stage.last_turn()[1]] == ["book"]
    assert booked.booking and booked.booking.made_at is None
    made = await stage.acts(e.BookingMade(at=stage.clock.at, reference="A-17"))
    assert made.booking and (made.booking.reference, made.booking.made_at) == ("A-17", stage.clock.at)


async def test_of_twenty_who_take_a_free_case_at_once_one_gets_it(stage: Stage) -> None:
    await reviewing(stage)
    names = [f"Nurse {number}" for number in range(20)]
    outcomes = await asyncio.gather(*(stage.acts(act(stage, e.Took, name)) for name in names), return_exceptions=True)
    won = [name for name, outcome in zip(names, outcomes, strict=True) if not isinstance(outcome, NotNow)]
    assert len(won) == 1
    assert holder((await stage.now()).lease, stage.clock.at) == won[0]


@pytest.mark.parametrize(
    ("kind", "more"), [(e.Asked, {"text": "Since when?"}), (e.Joined, {}), (e.HandedOver, {}), (e.Departed, {})]
)
async def test_what_staff_do_reaches_a_patient_by_text_with_its_turn(kind: Any, more: dict[str, object]) -> None:
    stage = Stage()
    conversation = await stage.engine.start(door="text", phone="+15550100")
    stage.id = conversation.id
    await urgent(stage)
    if kind is e.Departed:
        await stage.acts(act(stage, e.Joined, KIM))
    after = await stage.acts(act(stage, kind, KIM, **more))
    assert after.log[-1].replies
    assert "tell" in [duty.type for duty in stage.last_turn()[1]]
