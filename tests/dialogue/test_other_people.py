"""An emergency of a person other than the patient: it pages in the same turn, and the patient reads what to do."""

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


async def test_another_persons_emergency_pages_and_tells_what_to_do_for_them() -> None:
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


async def test_a_no_denies_it_for_that_person_and_the_interview_goes_on() -> None:
    stage, now = await told(MAYBE)
    asked = now.question.findings[0] if now.question else ""
    now = await stage.says("no")
    assert not stage.has_paged()
    assert all(fact.person == "husband" for fact in now.facts if fact.finding == asked)


async def test_the_patients_own_danger_still_pages_after_somebody_elses_by_the_same_rule() -> None:
    stage, _ = await told(OTHERS)
    await stage.says("now I have collapsed and I am not breathing right, I passed out")
    assert stage.has_paged()


async def test_a_replay_gives_the_same_conversation() -> None:
    stage, now = await told(MAYBE, "yes", OTHERS)
    assert replay(fresh(now), [entry.event for entry in now.log], stage.clinic) == now


ME = ("yes", "me, 34, female", "I have a sore throat")
SON = ("yes", "my son, 7, male", "he has a fever")


async def test_a_repeated_danger_does_not_page_again_while_a_nurse_is_called() -> None:
    stage, _ = await told(*ME, "my husband has collapsed and isn't breathing")
    assert stage.has_paged()
    await stage.says("he isn't breathing")
    assert not stage.has_paged()


@pytest.mark.parametrize(
    ("before", "later"),
    [
        (ME, ("my husband has a fever", "I have a stiff neck")),
        (SON, ("my wife has a stiff neck",)),
        (SON, ("my other son has a stiff neck",)),
        (("yes", "my sister, 30, female", "she has a fever"), ("my mother has a stiff neck",)),
        (("yes", "me, 34, female", "I have a fever"), ("my daughter has a stiff neck",)),
    ],
)
async def test_findings_of_two_people_are_not_combined_over_several_messages(
    before: tuple[str, ...], later: tuple[str, ...]
) -> None:
    _, now = await told(*before, *later)
    assert now.page is None


@pytest.mark.parametrize(
    ("before", "later"),
    [
        (SON, ("the boy has a stiff neck",)),
        (SON, ("my child has a stiff neck",)),
        (SON, ("she has a stiff neck",)),
        (SON, ("my wife has a cold", "he has a stiff neck")),
        (("yes", "someone else, 50, male", "he has a fever"), ("my husband has a stiff neck",)),
        (("yes", "my wife, 50", "she has a fever"), ("my partner has a stiff neck",)),
        (ME, ("my husband has a fever", "he has a stiff neck")),
        (ME, ("my husband has a fever", "I also have a runny nose", "my husband has a stiff neck")),
        (("yes", "me, 34, female", "he has a fever"), ("he has a stiff neck",)),
        (("yes", "me, 34, female", "my mother has a fever"), ("mom has a stiff neck",)),
    ],
)
async def test_findings_of_one_person_are_combined_over_several_messages(
    before: tuple[str, ...], later: tuple[str, ...]
) -> None:
    _, now = await told(*before, *later)
    assert now.page is not None
    assert now.fired or "Somebody else" in case_of(now, Stage().clinic).fired[0].because


async def test_he_may_mean_the_last_person_or_the_patient() -> None:
    """The son has the fever; the husband was spoken of last."""
    _, now = await told(*SON, "my husband has a headache", "he has a stiff neck")
    assert now.page is not None


@pytest.mark.parametrize(
    "text",
    [
        "my husband had a fit in his sleep and bit his tongue, never had one",
        "he had a swig of the stuff for unblocking sinks",
        "Hello there. My tenant is perhaps seventy and I look in on him when I can. He has not collected his post "
        "since Thursday, so I have used my key to get in. He is in his armchair by the window with the lamp on, he is "
        "breathing, but he does not answer me and there is a plate of food beside him that nobody touched",
    ],
)
async def test_a_message_only_about_somebody_else_is_read_as_a_first_message_would_be(text: str) -> None:
    stage, _ = await told(*ME, text)
    assert stage.has_paged()


async def test_he_may_mean_a_patient_who_said_me() -> None:
    _, now = await told("yes", "me, 34, female", "fever since this morning", "he has a stiff neck")
    assert now.page is not None


async def test_the_writers_age_is_not_taken_for_the_patients() -> None:
    """A fever is an emergency in the first three months of life."""
    stage, now = await told("yes", "me, 34, female", "my baby has a fever")
    assert now.question is not None
    assert now.question.findings == ("age",)
    now = await stage.says("2 weeks")
    assert stage.has_paged()
    assert case_of(now, stage.clinic).age_years == pytest.approx(14 / 365.25)


async def test_an_unknown_age_is_not_asked_again() -> None:
    stage, _ = await told("yes", "me, 34, female", "my mother has a sore throat")
    now = await stage.says("I don't know")
    assert now.question is not None
    assert "age" not in now.question.findings


async def test_another_persons_finding_does_not_answer_a_question_about_the_patient() -> None:
    _, now = await told(*SON)
    asked = now.question
    stage, now = await told(*SON, "my wife has a headache")
    assert now.question == asked
    assert "I wrote that down" in said_back(now)
    assert not stage.has_paged()
