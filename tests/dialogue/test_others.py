"""An emergency of somebody other than the patient: it pages in the same turn, and the patient hears what to do."""

import pytest

from dialogue.advance import fresh, replay
from dialogue.case import case_of
from dialogue.conversation import Conversation, State
from policies.levels import Level
from tests.stage import Stage, said_back

pytestmark = pytest.mark.anyio

OTHERS = "I have a sore throat, and my husband has collapsed and isn't breathing"
MAYBE = "I have a cough and I think maybe my husband is having a stroke"


async def told(*texts: str) -> tuple[Stage, Conversation]:
    stage = Stage()
    await stage.opens()
    for text in texts:
        now = await stage.says(text)
    return stage, now


async def test_it_pages_in_the_same_turn_and_tells_the_patient_what_to_do_for_them() -> None:
    stage, now = await told(OTHERS)
    assert stage.has_paged()
    assert (now.state, now.level) == (State.URGENT, Level.EMERGENCY)
    assert "emergency for the person you told us about. Call 911 for them now" in said_back(now)
    assert now.log[-1].replies[0].kind == "emergency"


async def test_the_nurse_reads_whose_emergency_it_is_and_by_which_words() -> None:
    stage, now = await told(OTHERS)
    case = case_of(now, stage.clinic)
    assert case.fired[0].because.startswith("Somebody else (husband): ")
    assert "isn't breathing" in " ".join(evidence.quote for evidence in case.fired[0].evidence)
    whose = {known.finding: known.about_other for known in case.statements}
    assert (whose["not_breathing"], whose["sore_throat"]) == (True, False)


async def test_both_in_danger_hear_what_to_do_for_both() -> None:
    _, now = await told("I have crushing chest pain and my husband has collapsed and isn't breathing")
    assert "Do not drive yourself" in said_back(now)
    assert "Call 911 for them now" in said_back(now)


async def test_an_uncertain_danger_to_somebody_else_is_asked_back_about_them_and_a_yes_pages() -> None:
    stage, now = await told(MAYBE)
    assert not stage.has_paged()
    assert now.question is not None
    assert now.question.id == "confirm"
    assert "about the person you told us of" in now.question.prompt
    now = await stage.says("yes")
    assert stage.has_paged()
    assert "for the person you told us about" in said_back(now)


async def test_a_no_to_that_is_about_them_too_and_the_interview_goes_on() -> None:
    stage, now = await told(MAYBE)
    asked = now.question.findings[0] if now.question else ""
    now = await stage.says("no")
    assert not stage.has_paged()
    assert all(fact.person == "husband" for fact in now.facts if fact.finding == asked)


async def test_the_patients_own_danger_still_pages_after_somebody_elses_by_the_same_rule() -> None:
    stage, _ = await told(OTHERS)
    await stage.says("now I have collapsed and I am not breathing right, I passed out")
    assert stage.has_paged()


async def test_the_same_comes_out_of_the_log_again() -> None:
    stage, now = await told(MAYBE, "yes", OTHERS)
    assert replay(fresh(now), [entry.event for entry in now.log], stage.clinic) == now
