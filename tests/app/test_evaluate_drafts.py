"""`previsit evaluate drafts`: the scorecard that a clinic, or who tunes a model, reads."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.assets import Assets
from app.cli import app
from app.clinic import build_clinic
from app.settings import read_settings
from app.visits import Visit, played
from policies.facts import Status, counting
from tests.conftest import ASSETS_FOLDER

PATIENT = {
    "id": "one",
    "opening": "Sore throat for three days",
    "age_years": 34,
    "sex": "female",
    "present": "fever, it hurts to swallow",
    "absent": "rash",
    "level": ["LOW", "MEDIUM"],
}
CONSULTATION = {
    "id": "two",
    "transcript": "D: What is it?\nP: A sore throat for two days.\nD: Any cough?\nP: No.\nD: A fever?\nP: Yes.",
    "note": {"note": "2/7 sore throat, fever. No cough. Grandchild has a hamster.\nImp: viral."},
}


def run(tmp_path: Path, *words: str, **settings: str) -> Result:
    given = {"PREVISIT_DATA_DIR": str(tmp_path / "data"), **settings}
    return CliRunner().invoke(app, ["evaluate", "drafts", *words], env=given)


@pytest.fixture
def visits(tmp_path: Path, assets: Assets) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "assets").symlink_to(ASSETS_FOLDER)
    path = tmp_path / "visits.jsonl"
    path.write_text("\n".join(map(json.dumps, (PATIENT, CONSULTATION))))
    return path


@pytest.mark.needs_model
def test_the_rules_own_drafts_are_scored_with_the_measures_by_name(tmp_path: Path, visits: Path) -> None:
    done = run(tmp_path, str(visits), "--report", str(tmp_path / "report"))
    assert done.exit_code == 0, done.output
    for measure in (
        "clinical accuracy",
        "safety compliance",
        "missed critical",
        "words to read",
        "note's facts",
        "note's denials",
    ):
        assert measure in done.output
    assert "review passed 100.0% " in " ".join(done.output.split())
    assert "clinical accuracy 100.0% (1/1;" in " ".join(done.output.split()), (
        "where nobody says what is right, none is counted"
    )
    assert "In a note and not read: 1\n  two: Grandchild has a hamster." in done.output
    page = (tmp_path / "report" / "report.md").read_text()
    assert page.startswith("# Drafts of 2 visits")
    head = next(line for line in done.output.splitlines() if line.strip() == "rules alone")
    assert head in page.splitlines(), "a name stands over its column"


def test_an_invalid_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "visits.jsonl"
    path.write_text('{"id": "one", "opening": "ow"}\n')
    done = run(tmp_path, str(path))
    assert done.exit_code == 1
    assert "line 1" in done.output


def test_a_model_file_that_is_not_there_is_named_before_anything_is_scored(tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text(json.dumps(PATIENT))
    done = run(tmp_path, str(tmp_path / "one.jsonl"), "--model", "tuned=/none.gguf")
    assert (done.exit_code, done.output) == (1, "previsit: There is no file /none.gguf.\n")


def test_a_table_without_its_columns_is_named(tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text("a,b\n1,2\n")
    assert "row 2: no dialogue" in run(tmp_path, str(path)).output


def test_what_a_clinician_asks_and_the_patient_answers_is_understood() -> None:
    conversation = played(Visit.model_validate(CONSULTATION), build_clinic(read_settings({})), "en")
    known = {name: fact.status for name, fact in counting(conversation.facts).items()}
    assert known["sore_throat"] is Status.PRESENT
    assert known["cough"] is Status.ABSENT
    assert known["fever"] is Status.PRESENT


@pytest.mark.parametrize(
    "said",
    [
        "Any cough or fever?\nP: Yes.",
        "So you have a cough and a fever. Did you take anything?\nP: No.",
        "If you get a cough or a fever, come back.\nP: Yes.",
    ],
    ids=["either would do", "the question is another one", "advice is no question"],
)
def test_a_bare_answer_tells_only_what_it_answers(said: str) -> None:
    visit = Visit(id="1", transcript=f"D: {said}")
    facts = counting(played(visit, build_clinic(read_settings({})), "en").facts)
    assert not {"cough", "fever"} & set(facts)


def test_a_no_does_not_deny_what_the_patient_had_told() -> None:
    said = "D: What is it?\nP: I have a cough.\nD: Did you take anything for the cough?\nP: No."
    facts = counting(played(Visit(id="1", transcript=said), build_clinic(read_settings({})), "en").facts)
    assert facts["cough"].status is Status.PRESENT


def test_a_yes_to_a_denying_question_denies() -> None:
    said = "D: And there was no fever, is that right?\nP: Yes."
    facts = counting(played(Visit(id="1", transcript=said), build_clinic(read_settings({})), "en").facts)
    assert facts["fever"].status is Status.ABSENT
