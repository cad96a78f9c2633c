"""A model goes into service only if it is no more dangerous than the one before."""

import json
from pathlib import Path

import pytest

from training.exits import Refused
from training.export import sha256
from training.promote import Dangers, main, promote


def gguf(folder: Path, words: str) -> Path:
    path = folder / f"{words}.gguf"
    path.write_text(words)
    return path


def card(folder: Path, words: str) -> Path:
    path = folder / f"card-{words}.md"
    path.write_text(f"card of {words}")
    return path


def test_the_first_model_and_a_better_one_are_promoted_and_the_last_is_kept(tmp_path: Path) -> None:
    first = promote(gguf(tmp_path, "first"), Dangers(0.1, 0.8), tmp_path / "data", card(tmp_path, "first"))
    assert first.read_text() == "first"
    better = promote(gguf(tmp_path, "better"), Dangers(0.0, 0.9), tmp_path / "data", card(tmp_path, "better"))
    assert better.read_text() == "better"
    assert (better.parent / "previous.gguf").read_text() == "first"
    assert (better.parent / "current.md").read_text() == "card of better"
    assert (better.parent / "previous.md").read_text() == "card of first"


@pytest.mark.parametrize(
    ("worse", "why"), [(Dangers(0.2, 0.9), "misses 20% of emergencies"), (Dangers(0.0, 0.7), "safe in 70%")]
)
def test_a_more_dangerous_model_is_refused_and_nothing_changes(tmp_path: Path, worse: Dangers, why: str) -> None:
    serving = promote(gguf(tmp_path, "first"), Dangers(0.1, 0.8), tmp_path / "data", card(tmp_path, "first"))
    with pytest.raises(Refused, match=why):
        promote(gguf(tmp_path, "worse"), worse, tmp_path / "data", card(tmp_path, "worse"))
    assert serving.read_text() == "first"
    assert (serving.parent / "current.md").read_text() == "card of first"


def test_a_model_file_other_than_the_scored_one_is_refused(tmp_path: Path) -> None:
    scored, other = gguf(tmp_path, "scored"), gguf(tmp_path, "other")
    scores = {"tuned, in its schema": {"missed critical": 0.0, "safety compliance": 1.0}}
    (tmp_path / "scores.json").write_text(json.dumps(scores))
    asked = ("--scores", str(tmp_path), "--name", "tuned, in its schema", "--data-dir", str(tmp_path / "data"))
    with pytest.raises(SystemExit, match="no .*card-tuned.md"):
        main(["--gguf", str(scored), *asked])
    (tmp_path / "card-tuned.md").write_text(f"sha256 {sha256(scored)}")
    with pytest.raises(SystemExit, match="not the file that was scored"):
        main(["--gguf", str(other), *asked])
    main(["--gguf", str(scored), *asked])
    assert (tmp_path / "data/models/current.md").exists()
