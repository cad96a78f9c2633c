"""The benchmark runs from end to end, with counts so small that its figures say nothing; none of them is looked at."""

import os
from pathlib import Path

import pytest
import uvloop

from app.clinic import build_clinic
from app.services import SystemClock
from app.settings import read_settings
from benchmarks.contenders import environment_with, peers
from benchmarks.patient import rehearse
from benchmarks.turns import Options, main

TINY = Options(conversations=2, rotating=3, rounds=1, flights=(1, 2), usual=2)


def test_every_part_prints_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    cores = os.sched_getaffinity(0)
    uvloop.run(main(TINY))
    printed = capsys.readouterr().out
    for row in ("previsit, durable commit", "floor", "3 chats, turn by turn", "every answer typed", "Kept of one"):
        assert row in printed
    assert printed.count("reached") + printed.count("missed") == 5
    assert "./scripts/bench --peers FOLDER" in printed
    assert os.sched_getaffinity(0) == cores


@pytest.mark.parametrize("typing", [False, True])
def test_the_patient_comes_to_the_end_of_the_questions(typing: bool) -> None:
    turns = uvloop.run(rehearse(build_clinic(read_settings({})), SystemClock(), "en", typing=typing))
    assert turns[-1].asked.startswith("Here is what I wrote down")
    assert all(bool(turn.text) is not bool(turn.choices) for turn in turns)
    assert not typing or all(turn.text for turn in turns)


def test_a_rival_is_found_by_the_packages_of_its_environment(tmp_path: Path) -> None:
    for name, packages in {"a": ["redis"], "b": ["redis", "langgraph"]}.items():
        for package in packages:
            (tmp_path / name / "lib/python3.11/site-packages" / package).mkdir(parents=True)
        (tmp_path / name / "bin").mkdir()
        (tmp_path / name / "bin" / "python").touch()
    assert environment_with(["redis", "langgraph"], tmp_path) == tmp_path / "b/bin/python"
    assert environment_with(["burr"], tmp_path) is None
    assert list(peers(tmp_path, "unix:///nowhere", [])) == []
    assert list(peers(None, "unix:///nowhere", [])) == []
