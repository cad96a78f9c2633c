"""A summary in the third person is about the patient: somebody types for them, or copies what a clinician wrote."""

import pytest

from app.interviewing import Script, interviewed
from dialogue.conversation import Conversation, State
from policies.facts import Fact, Subject
from tests.stage import Stage, clinic

ASTHMA = (
    "{} is a known asthmatic whose chest tightened after meeting a friend with cats. {} took puffs of the inhaler. "
    "{} can only say two words per breath. One stay in hospital for asthma four years ago. "
    "{} works in a bakery, has a cat and sleeps badly in the spring, as an aunt and a cousin do, with a stuffy nose."
)


def whole(opening: str, story: str, sex: str = "female", age: float = 30) -> Conversation:
    """The conversation with somebody who says "me", their age and sex, this complaint, and then the story."""
    script = Script.model_validate({"id": 1, "opening": opening, "present": story, "age_years": age, "sex": sex})
    return interviewed(script, clinic(), "en")


def about(conversation: Conversation, finding: str) -> list[Fact]:
    return [fact for fact in conversation.facts if fact.finding == finding]


@pytest.mark.parametrize(("sex", "pronoun"), [("female", "She"), ("male", "He")])
def test_a_danger_in_a_long_summary_pages_although_a_friend_and_former_years_are_named(sex: str, pronoun: str) -> None:
    now = whole("Wheezing", ASTHMA.format(*[pronoun] * 4), sex)
    assert now.state is State.URGENT
    assert all(fact.subject is Subject.PATIENT for fact in about(now, "severe_breathlessness"))


def test_what_a_summary_tells_is_the_patients_alone() -> None:
    now = whole("Heartburn", "She has had heartburn for a month, and her mother says that she vomited on two nights.")
    assert {fact.subject for fact in about(now, "vomiting")} == {Subject.PATIENT}


@pytest.mark.anyio
async def test_somebody_of_the_other_sex_is_in_danger_as_well() -> None:
    stage = Stage()
    await stage.opens()
    for text in ("yes", "me, 30, female", "sore throat", "none", "He has collapsed and is not breathing."):
        now = await stage.says(text)
    assert stage.has_paged()
    assert now.state is State.URGENT


def test_a_writer_of_the_same_sex_who_says_i_speaks_of_somebody_else() -> None:
    now = whole("Sore throat", "I have had it for two days. My sister is here too and she is having a seizure.")
    assert now.state is State.URGENT
    assert {fact.subject for fact in about(now, "seizure")} == {Subject.OTHER}


def test_a_condition_of_many_years_makes_no_danger_of_now_doubtful() -> None:
    story = (
        "She has had diabetes for eleven years and takes metformin, and walks her dog along the canal before work. "
        "The pain is crushing and spreads from the middle of the chest to the left arm, and she is sweating and grey. "
        "She ate porridge, then sat down at the kitchen table and rang her neighbour, who brought her here by car."
    )
    assert whole("Chest pain", story, age=61).state is State.URGENT
