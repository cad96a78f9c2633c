"""`previsit interview`: a whole conversation against a patient who knows only what the script says."""

import json
from pathlib import Path

import pytest

from app.interviewing import Interview, RecordedFact, Script, in_time, interview
from dialogue.wording import load_catalogue
from tests.app.running import run
from tests.stage import clinic, spanish_clinic

THROAT = {
    "id": "throat",
    "opening": "I have had a sore throat for three days",
    "age_years": 34,
    "sex": "female",
    "present": "fever of 38.5",
    "absent": "trouble breathing, drooling",
}


def played(**changes: object) -> Interview:
    return interview(Script.model_validate(THROAT | changes), clinic(), "en")


def facts(outcome: Interview) -> dict[str, RecordedFact]:
    return {fact["id"]: fact for fact in outcome["facts"]}


def test_the_command_writes_the_promised_shape_and_the_same_again(tmp_path: Path) -> None:
    text = json.dumps(THROAT) + "\n" + json.dumps(THROAT | {"id": 2, "opening": "crushing pain in my chest"})
    done = run("interview", "-", folder=tmp_path, text=text)
    assert (done.returncode, done.stderr) == (0, "")
    outcomes = [json.loads(line) for line in done.stdout.splitlines()]
    keys = {"id", "level", "decision", "rules", "turns", "questions", "facts", "stopped"}
    assert [outcome.keys() for outcome in outcomes] == [keys, keys]
    assert [(outcome["id"], outcome["stopped"]) for outcome in outcomes] == [("throat", "complete"), (2, "red_flag")]
    assert run("interview", "-", folder=tmp_path, text=text).stdout == done.stdout


def test_the_patient_tells_what_the_script_says_and_nothing_else() -> None:
    told = facts(played())
    assert told["age"]["value"] == pytest.approx(34 * 365.25)
    assert told["sex"]["value"] == "female"
    assert told["symptom_duration"]["value"] == 3.0
    assert told["fever"]["status"] == "present"
    assert told["cannot_swallow_saliva"]["status"] == "absent"
    assert told["allergies"]["status"] == "unknown"


def test_each_question_is_counted_as_a_turn() -> None:
    outcome = played()
    assert outcome["turns"] == len(outcome["questions"]) <= 20


def test_danger_ends_it_with_a_page() -> None:
    outcome = played(present="I cannot swallow my own spit and I am drooling", absent="")
    assert (outcome["decision"], outcome["level"], outcome["stopped"]) == ("page", "EMERGENCY", "red_flag")


def test_a_condition_told_late_makes_its_danger_asked_for() -> None:
    sick = {"opening": "I keep being sick.", "age_years": 22, "sex": "male", "absent": "fever"}
    assert played(**sick, present="type 1 diabetes. sugar is 24")["level"] == "EMERGENCY"


def test_a_common_complaint_is_asked_about_the_dangers_of_every_protocol() -> None:
    back = {"opening": "My back hurts.", "age_years": 71, "sex": "male", "absent": "injury"}
    assert played(**back, present="my belly is pulsing")["level"] == "EMERGENCY"


def test_a_relatives_illness_is_not_answered_for_the_patient() -> None:
    told = facts(
        played(
            opening="A 33-year-old woman with bloating found at a blood donation session.",
            present="loose stools three times a day, sister has type 1 diabetes",
            absent="",
        )
    )
    assert told["diabetes"]["status"] != "present"
    assert told.get("blood_in_stool", {"status": ""})["status"] != "present"


def test_a_baby_is_a_child_whose_parent_writes() -> None:
    told = facts(played(age_years=0.1, opening="my baby has a runny nose", present="", absent=""))
    assert told["who"]["value"] == "my_child"
    assert told["age"]["value"] == pytest.approx(36.5, abs=0.1)


def test_a_sex_that_is_not_told_is_not_known() -> None:
    assert "sex" not in facts(played(sex="")) or facts(played(sex=""))["sex"]["status"] == "unknown"


@pytest.mark.parametrize(("days", "said"), [(0.5, "12 hours"), (5, "5 days"), (21, "3 weeks"), (12418.5, "34 years")])
def test_times_are_said_as_people_say_them(days: float, said: str) -> None:
    assert in_time(days, load_catalogue("en").units) == said


def test_a_patient_of_another_language_tells_the_age_in_it() -> None:
    """ "34 years" in a Spanish chat is no age: it was taken for how long the complaint had lasted."""
    script = Script(id=1, opening="me duele la garganta", age_years=34, sex="female")
    assert facts(interview(script, spanish_clinic(), "es"))["symptom_duration"]["value"] is None


def test_a_bad_script_is_named_by_its_line(tmp_path: Path) -> None:
    done = run("interview", "-", folder=tmp_path, text=json.dumps(THROAT | {"age_years": "old"}))
    assert done.returncode == 1
    assert "previsit: line 1: age_years: Input should be a valid number" in done.stderr
