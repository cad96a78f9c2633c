"""`previsit evaluate`: the figures that are published count what they say, and every miss is listed with its reason."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import app

runner = CliRunner()


def run(command: str, folder: Path, lines: list[dict[str, Any]], *more: str) -> str:
    path = folder / "lines.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    result = runner.invoke(app, ["evaluate", command, str(path), *more])
    assert result.exit_code == 0, result.output
    return result.output


MESSAGES = [
    {"id": 1, "text": "I have a crushing pain in my chest and my left arm feels heavy", "label": "emergency"},
    {"id": 2, "text": "could this be a heart attack?", "label": "emergency"},
    {"id": 3, "text": "qwfp zxcv", "label": "emergency"},
    {"id": 4, "text": "I need new glasses", "label": "ordinary"},
    {"id": 5, "text": "Mum is unconscious and I can't wake her up", "label": "ordinary"},
]


def test_screening_counts_pages_questions_and_what_was_missed(tmp_path: Path) -> None:
    printed = run("screening", tmp_path, MESSAGES)
    figures = {line.split("  ")[1]: line for line in printed.splitlines() if "%" in line}
    assert "(2/3;" in figures["emergencies paged or asked back"]
    assert "(1/3;" in figures["emergencies paged at once"]
    assert "(1/2;" in figures["ordinary messages paged"]
    assert "3: not understood: qwfp zxcv" in printed
    assert "5: unresponsive_or_not_breathing" in printed


def test_triage_counts_too_low_and_too_high(tmp_path: Path) -> None:
    patient = {"age_years": 30, "sex": "female", "absent": ""}
    printed = run(
        "triage",
        tmp_path,
        [
            {**patient, "id": "a", "opening": "crushing pain in my chest", "present": "", "level": "EMERGENCY"},
            {**patient, "id": "b", "opening": "I have a scratchy throat", "present": "for a day", "level": "EMERGENCY"},
            {**patient, "id": "c", "opening": "crushing pain in my chest", "present": "", "level": ["LOW", "MEDIUM"]},
        ],
    )
    assert "accuracy                            33.3%  (1/3;" in printed
    assert "strictly safe                       66.7%  (2/3;" in printed
    assert "over-triage                         33.3%  (1/3;" in printed
    assert "b: too low" in printed
    assert "c: too high" in printed


def test_a_report_is_a_page_and_a_picture(tmp_path: Path) -> None:
    run("screening", tmp_path, MESSAGES, "--report", str(tmp_path / "report"))
    assert (tmp_path / "report" / "report.md").read_text("utf-8").startswith("# Screening of 5 first messages")
    assert (tmp_path / "report" / "report.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("scorecard", ["screening", "triage", "drafts", "retrieval"])
@pytest.mark.parametrize(
    ("content", "told"), [(b"", "lines.jsonl is empty"), (b"\xff\xfe\x00", "line 1: line: Invalid")]
)
def test_a_file_without_lines_or_of_no_text_is_named(scorecard: str, content: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(content)
    result = runner.invoke(app, ["evaluate", scorecard, str(path)])
    assert result.exit_code == 1
    assert told in " ".join(result.output.split())


def test_a_bad_line_is_named_without_its_words(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text('{"id": 1, "text": "secret words", "label": "maybe"}\n', "utf-8")
    result = runner.invoke(app, ["evaluate", "screening", str(path)])
    assert result.exit_code == 1
    assert "line 1: label" in result.output
    assert "secret" not in result.output
