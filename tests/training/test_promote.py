"""Only a model that is no more dangerous than the one in service takes its place."""

from pathlib import Path

import pytest

from training.promote import Dangers, Refused, promote


def gguf(folder: Path, words: str) -> Path:
    path = folder / f"{words}.gguf"
    path.write_text(words)
    return path


def test_the_first_model_and_a_better_one_are_promoted_and_the_last_is_kept(tmp_path: Path) -> None:
    first = promote(gguf(tmp_path, "first"), Dangers(0.1, 0.8), tmp_path / "data")
    assert first.read_text() == "first"
    better = promote(gguf(tmp_path, "better"), Dangers(0.0, 0.9), tmp_path / "data")
    assert better.read_text() == "better"
    assert (better.parent / "previous.gguf").read_text() == "first"


@pytest.mark.parametrize(
    ("worse", "why"), [(Dangers(0.2, 0.9), "misses 20% of emergencies"), (Dangers(0.0, 0.7), "safe in 70%")]
)
def test_a_more_dangerous_model_is_refused_and_nothing_changes(tmp_path: Path, worse: Dangers, why: str) -> None:
    serving = promote(gguf(tmp_path, "first"), Dangers(0.1, 0.8), tmp_path / "data")
    with pytest.raises(Refused, match=why):
        promote(gguf(tmp_path, "worse"), worse, tmp_path / "data")
    assert serving.read_text() == "first"
