"""What is asked next: worst first, in groups, never what is known, and not for long."""

from statistics import median

import pytest

from app.interviewing import Script, interview
from dialogue.conversation import Conversation, Question, QuestionKind, State
from dialogue.history import MOST_TURNS
from dialogue.machine import ASKING
from dialogue.next_question import settled_findings
from dialogue.questions import GROUP, NONE
from policies.facts import counting
from policies.levels import Level
from policies.triage import view
from tests.stage import Stage, clinic

pytestmark = pytest.mark.anyio

OPENINGS = (
    "Sore throat for three days and a bit of fever",
    "My head has been hurting since yesterday, 4 out of 10",
    "My stomach hurts a bit since this morning",
    "It burns when I pee",
)
ORDINARY = (
    ("Sore throat for three days and a bit of fever", 34, "female", "no cough"),
    ("My head has been hurting since yesterday", 45, "male", "no fever, no stiff neck"),
    ("My stomach hurts", 28, "male", "no vomiting, no fever"),
    ("It burns when I pee", 31, "female", "no fever, no back pain, not pregnant"),
    ("My 3 year old has a fever", 3, "male", "no rash"),
    ("I have a cough and a runny nose", 52, "male", "no fever"),
    ("My ear hurts", 40, "female", "no fever, not pregnant"),
    ("I threw up twice and have diarrhea", 23, "male", "no blood, no fever"),
    ("My lower back hurts after gardening", 58, "male", "no numbness, no weakness"),
    ("itchy rash on my arms", 36, "female", "no fever, no swelling, not pregnant"),
    ("My knee is swollen and sore", 62, "female", "no fever"),
    ("I can't sleep", 39, "male", "no low mood"),
    ("I need a refill of my blood pressure pills", 66, "male", ""),
)


async def asked_after(opening: str) -> list[Conversation]:
    """Every turn of a conversation with a healthy adult, up to the nurse."""
    stage = Stage()
    await stage.opens()
    await stage.chooses("yes")
    await stage.says("me, 52, male")
    turns = [await stage.says(opening)]
    while turns[-1].state in ASKING and turns[-1].state is not State.RECAP:
        turns.append(await stage.answers_no())
    return turns


@pytest.mark.parametrize("opening", OPENINGS)
async def test_nothing_known_is_asked_and_nothing_twice(opening: str) -> None:
    asked: set[str] = set()
    for turn in await asked_after(opening):
        if turn.question and turn.state is not State.RECAP:
            assert not asked & set(turn.question.findings)
            assert not counting(turn.facts).keys() & set(turn.question.findings)
            asked |= set(turn.question.findings)


@pytest.mark.parametrize("opening", OPENINGS)
async def test_groups_are_small_and_can_be_denied_as_a_whole(opening: str) -> None:
    for turn in await asked_after(opening):
        question = turn.question
        if question and question.kind is QuestionKind.MULTI_CHOICE:
            assert len(question.findings) <= GROUP
            assert [option.value for option in question.choices] == [*question.findings, NONE]


@pytest.mark.parametrize("opening", OPENINGS)
async def test_the_life_threats_are_asked_first_of_all(opening: str) -> None:
    first = (await asked_after(opening))[0].question
    assert first is not None
    assert set(first.findings) <= set(clinic().ruleset.interview.safety_check)


@pytest.mark.parametrize("opening", OPENINGS)
async def test_the_history_asks_openly_and_then_first_what_could_be_an_emergency(opening: str) -> None:
    turns = [turn for turn in await asked_after(opening) if turn.state is State.HISTORY]
    openly, turn = turns[0], turns[1]
    assert openly.question is not None and turn.question is not None
    assert openly.question.kind is QuestionKind.TEXT
    facts = counting(turn.facts)
    worst = [asking for rule, asking in view(clinic().ruleset, facts).open_rules() if rule.level is Level.EMERGENCY]
    assert any(turn.question.findings[0] in asking for asking in worst)


@pytest.mark.parametrize("opening", OPENINGS)
async def test_the_history_ends(opening: str) -> None:
    turns = await asked_after(opening)
    assert sum(turn.state is State.HISTORY for turn in turns) <= MOST_TURNS
    assert turns[-1].state is State.RECAP


async def test_whoever_does_not_understand_at_first_answers_no_more_than_twenty_times() -> None:
    stage = Stage()
    turns = [await stage.opens(), await stage.chooses("yes"), await stage.says("me, 52, male"), await stage.says("hm")]
    turns.append(await stage.says("I feel dizzy and weak, pain in the tummy, tired, losing weight"))
    turns += [await stage.says(text) for text in ("what?", "huh?", "what do you mean?", "why?")]
    while turns[-1].state in ASKING:
        turns.append(await stage.answers_no())
    assert len(turns) - 1 <= 20


async def test_findings_impossible_for_this_patient_are_not_asked() -> None:
    stage = Stage()
    await stage.opens()
    await stage.chooses("yes")
    assert (await stage.says("me, 34, male")).state is State.COMPLAINT
    await stage.opens()
    await stage.chooses("yes")
    assert named((await stage.says("me, 34, female")).question) == {"pregnant"}
    await stage.opens()
    await stage.chooses("yes")
    assert (await stage.says("me, 84, female")).state is State.COMPLAINT


def named(question: Question | None) -> set[str]:
    return set(question.findings) if question else set()


async def test_implied_findings_are_not_asked() -> None:
    stage = Stage()
    await stage.opens()
    await stage.chooses("yes")
    now = await stage.says("me, 34, male, sore throat but no trouble breathing")
    above = {name for name, over in clinic().ruleset.above.items() if "breathlessness" in over}
    assert above
    assert above <= settled_findings(now, clinic())


async def test_every_question_says_why_and_reads_as_one() -> None:
    for opening in OPENINGS:
        for turn in await asked_after(opening):
            if turn.question:
                assert turn.question.why
                assert turn.question.prompt.rstrip()[-1] in ".?"
                assert "{" not in turn.question.prompt


def test_an_ordinary_interview_is_short() -> None:
    """The design's budget: at most 14 turns of the patient at the median."""
    turns = [
        interview(Script(id=number, opening=opening, age_years=age, sex=sex, absent=absent), clinic(), "en")["turns"]
        for number, (opening, age, sex, absent) in enumerate(ORDINARY)
    ]
    assert median(turns) <= 14
    assert max(turns) <= 20


@pytest.mark.parametrize(
    ("opening", "never_left_out"),
    [
        ("my back hurts", {"saddle_numbness", "lost_bladder_bowel_control", "cannot_urinate", "leg_weakness_both"}),
        ("my chest feels a bit sore", {"sweating", "breathlessness", "fainted", "arm_or_jaw_pain", "heart_disease"}),
        ("I have a headache", {"neck_stiffness", "light_hurts_eyes", "scalp_tender", "head_injury"}),
        ("I have a stomach ache", {"rigid_abdomen", "severe_abdominal_pain", "right_lower_pain", "symptom_duration"}),
        ("my leg is swollen", {"breathlessness", "chest_pain", "recent_immobility", "blood_clot_history"}),
        ("I hit my head", {"knocked_out", "vomiting", "anticoagulant", "seizure", "skull_fracture_signs"}),
        ("I feel low", {"suicidal_thoughts", "self_harm"}),
    ],
)
async def test_what_any_clinician_would_ask_is_asked(opening: str, never_left_out: set[str]) -> None:
    stage = Stage()
    await stage.opens()
    await stage.chooses("yes")
    await stage.says("me, 60, male")
    asked: set[str] = set()
    turn = await stage.says(opening)
    while turn.state in ASKING and turn.state is not State.RECAP:
        asked |= named(turn.question)
        offered = {option.value for option in turn.question.choices} if turn.question else set()
        turn = await (stage.chooses(NONE) if NONE in offered else stage.says("I don't know"))
    assert never_left_out <= asked
