"""The case as a nurse gets it: the latest fact on each finding, and only complaints as complaints."""

import pytest

from app.clinic import build_clinic
from app.settings import read_settings
from channels.console.case_view import groups
from channels.console.queue_rows import complaint_labels
from dialogue.case import case_of
from policies.case import Case
from tests.stage import Stage

pytestmark = pytest.mark.anyio


async def case_after(*texts: str) -> Case:
    stage = Stage()
    await stage.opens()
    await stage.chooses("yes")
    for text in texts:
        now = await stage.says(text)
    return case_of(now, stage.clinic)


def about(case: Case) -> dict[str, str]:
    [group] = [group for group in groups(case) if group.key == "about"]
    assert len({each.finding for each in group.statements}) == len(group.statements), "something is said twice"
    return {each.finding: each.value for each in group.statements}


async def test_the_writers_own_age_and_sex_are_dropped_once_they_write_for_somebody_else() -> None:
    """Age and sex that the writer gave are not the patient's."""
    case = await case_after("me, 34, male", "my mother's face is drooping on one side and she can't speak properly")
    assert about(case) == {"who": "Someone else", "age": "", "sex": "Female"}


@pytest.mark.parametrize("languages", [("en", "es"), ("es",)])
async def test_what_a_patient_said_in_spanish_is_told_to_staff_in_the_language_of_the_labels(
    languages: tuple[str, ...],
) -> None:
    stage = Stage(of=build_clinic(read_settings({}, emergency_number="112", languages=languages)))
    conversation = await stage.engine.start(language="es")
    said = ("sí", "yo, 34, mujer", "no", "dolor de garganta desde hace tres días")
    for number, text in enumerate(said):
        conversation = await stage.engine.say(conversation.id, key=str(number), text=text)
    case = case_of(conversation, stage.clinic)
    assert about(case) == {"age": "34 years", "sex": "Female"}
    assert "3 days" in {each.value for each in case.statements}, case.statements


async def test_that_patients_speak_for_themselves_is_not_listed() -> None:
    assert "who" not in about(await case_after("me, 34, male", "I have a sore throat"))


async def test_a_measurement_is_not_a_complaint_but_the_queue_shows_its_value() -> None:
    case = await case_after("I have a sore throat and a temperature of 38.4 C")
    assert "Temperature" not in case.complaint.split(", ")
    assert any(label.startswith("Temperature 38.4") for label in complaint_labels(case))


async def test_rules_that_one_yes_would_make_true_are_near_the_worst_first() -> None:
    case = await case_after("me, 34, male", "I have had belly pain for two days")
    levels = [each.level for each in case.near]
    assert levels == sorted(levels, reverse=True) and min(levels) > case.level
    ruleset = build_clinic(read_settings({})).ruleset
    assert {each.missing for each in case.near}.isdisjoint(statement.label for statement in case.statements)
    assert all(ruleset.rules[each.rule].because == each.because for each in case.near)
