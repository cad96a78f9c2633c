import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.errors import KnowledgeBusy, KnowledgeUnavailable
from knowledge.generations import Generations, verify


def filled(folder: Path, text: str) -> Path:
    generations = Generations(folder)
    with generations.writing() as generation:
        (generation / "inner").mkdir()
        (generation / "inner" / "file").write_text(text)
    current = generations.current()
    assert current is not None
    return current


def test_a_new_folder_has_no_generation(tmp_path: Path) -> None:
    assert Generations(tmp_path / "none").current() is None


def test_the_last_one_written_is_current_and_the_one_before_goes(tmp_path: Path) -> None:
    first = filled(tmp_path, "one")
    second = filled(tmp_path, "two")
    assert (second / "inner" / "file").read_text() == "two"
    assert not first.exists()
    verify(second)


def test_one_that_failed_leaves_the_old_one_in_use(tmp_path: Path) -> None:
    first = filled(tmp_path, "one")
    with pytest.raises(RuntimeError), Generations(tmp_path).writing() as generation:
        (generation / "file").write_text("half")
        raise RuntimeError
    assert Generations(tmp_path).current() == first
    assert {path for path in tmp_path.iterdir() if path.is_dir()} == {first}


def test_a_writer_that_is_killed_leaves_the_old_one_in_use_and_its_rest_goes_later(tmp_path: Path) -> None:
    first = filled(tmp_path, "one")
    code = (
        "import os, sys; from pathlib import Path; from knowledge.generations import Generations\n"
        "with Generations(Path(sys.argv[1])).writing() as generation:\n"
        f"    (generation / 'file').write_text('half'); os.kill(os.getpid(), {signal.SIGKILL})"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert Generations(tmp_path).current() == first
    second = filled(tmp_path, "two")
    assert {path for path in tmp_path.iterdir() if path.is_dir()} == {second}


def test_only_one_writes_at_a_time_and_another_says_that_it_waits(tmp_path: Path) -> None:
    said: list[str] = []
    with (
        Generations(tmp_path).writing(),
        pytest.raises(KnowledgeBusy, match="Another previsit is changing"),
        Generations(tmp_path, patience_s=0.1, waits=lambda: said.append("waits")).writing(),
    ):
        raise AssertionError("two writers")
    assert said == ["waits"]
    with (tmp_path / "lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)


@pytest.mark.parametrize("harm", ["changed", "cut", "removed", "added", "seal"])
def test_a_damaged_one_is_refused(tmp_path: Path, harm: str) -> None:
    current = filled(tmp_path, "one")
    file = current / "inner" / "file"
    if harm == "changed":
        file.write_text("eno")
    elif harm == "cut":
        os.truncate(file, 1)
    elif harm == "removed":
        file.unlink()
    elif harm == "added":
        (current / "more").touch()
    else:
        (current / "seal.json").write_text("{")
    with pytest.raises(KnowledgeUnavailable, match="is damaged"):
        verify(current)


def test_a_pointer_to_nothing_is_none(tmp_path: Path) -> None:
    current = filled(tmp_path, "one")
    (current / "seal.json").unlink()
    assert Generations(tmp_path).current() is None
    (tmp_path / "current").write_text("")
    assert Generations(tmp_path).current() is None


def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(KnowledgeUnavailable, match="cannot be read"):
        Generations(file).current()
    with pytest.raises(KnowledgeUnavailable, match="cannot be written"), Generations(file).writing():
        raise AssertionError("written")


def test_a_pointer_that_is_not_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "current").write_bytes(b"\xff\xfe")
    with pytest.raises(KnowledgeUnavailable, match="cannot be read"):
        Generations(tmp_path).current()
