"""`previsit protocols`: clinicians see what is there, and a broken file is told with its place."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from policies.loading import CONTENT


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["protocols", *map(str, arguments)])


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CONTENT, tmp_path / "content"))


@pytest.mark.parametrize(
    ("broken", "mended", "told"),
    [
        ("when: ", "when: chest_pian or ", "unknown finding 'chest_pian'; did you mean 'chest_pain'?"),
        ("  level: ", "  levl: ", "levl"),
        ("  level: ", "  level: : ", ""),
    ],
)
def test_a_broken_file_is_told_with_file_line_and_column(content: Path, broken: str, mended: str, told: str) -> None:
    path = content / "global_rules.yaml"
    path.write_text(path.read_text("utf-8").replace(broken, mended, 1), "utf-8")
    line = next(n for n, text in enumerate(path.read_text("utf-8").splitlines(), 1) if mended in text)
    for command in ("check", "coverage"):
        done = run(command, content)
        assert done.exit_code == 1
        places = [told_line for told_line in done.output.splitlines() if told in told_line]
        assert any(place.startswith("global_rules.yaml:") for place in places), done.output
        assert any(abs(int(place.split(":")[1]) - line) <= 3 for place in places), done.output
        assert all(place.split(":")[2].isdigit() for place in places)


def test_an_example_that_its_rule_does_not_keep_is_a_problem(content: Path) -> None:
    path = content / "global_rules.yaml"
    text = path.read_text("utf-8")
    start = text.index("must_fire:") + len("must_fire:")
    path.write_text(text[:start] + "\n    - I need new glasses" + text[start:], "utf-8")
    done = run("check", content)
    assert done.exit_code == 1
    assert "must fire, and does not: 'I need new glasses'" in done.output


def test_a_folder_without_content_is_told(tmp_path: Path) -> None:
    done = run("check", tmp_path / "none")
    assert done.exit_code == 1
    assert ":0:0:" in done.output or "cannot be read" in done.output


def test_coverage_counts_the_rules_of_every_protocol() -> None:
    done = run("coverage")
    assert done.exit_code == 0
    rows = {line.split()[0]: line for line in done.output.splitlines() if line.strip()}
    assert {"chest_pain", "sore_throat", "headache", "abdominal_pain", "fever_child"} <= rows.keys()
    assert "findings" in done.output and "rules" in done.output


def test_the_machine_is_drawn_and_tabled() -> None:
    assert run("graph").output.startswith("stateDiagram-v2")
    assert "urgent" in run("graph", "--table").output


def test_one_protocol_is_drawn_and_one_that_is_unknown_is_told() -> None:
    assert run("graph", "chest_pain").exit_code == 0
    unknown = run("graph", "chest_pian")
    assert unknown.exit_code == 1
    assert "chest_pain" in unknown.output
