"""What is kept of the compiled content is what the content says now, whatever happened to the file."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app import compiled as module
from app.compiled import compiled
from dialogue.understanding import understand
from policies.levels import Level
from policies.loading import load_ruleset
from policies.triage import triage
from tests.conftest import ASSETS_FOLDER
from tests.stage import clinic

ROOT = ASSETS_FOLDER.parent
DANGER = "crushing pain in my chest since an hour, and my left arm is heavy"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that a first start leaves."""
    folder = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "dont_write_bytecode", False)
        compiled(("en",), folder)
    (file,) = folder.iterdir()
    return file


def is_made_anew(monkeypatch: pytest.MonkeyPatch, folder: Path) -> bool:
    """Whether the content is read again, and nothing is taken from the folder."""

    class Read(Exception):
        pass

    def read(**_: object) -> None:
        raise Read

    monkeypatch.setattr(module, "load_ruleset", read)
    try:
        compiled(("en",), folder)
    except Read:
        return True
    return False


def test_what_was_kept_is_the_same_as_what_is_made_anew(kept: Path) -> None:
    again, made = compiled(("en",), kept.parent), clinic()
    assert again.ruleset == made.ruleset
    assert again.ruleset.content_hash == load_ruleset(languages=("en",)).content_hash
    texts = [text for rule in made.ruleset.rules.values() for text in (*rule.must_fire, *rule.must_not_fire)][::20]
    for text in texts:
        assert understand(text, again.lexicons["en"]) == understand(text, made.lexicons["en"])
    facts = {fact.finding: fact for fact in understand(DANGER, again.lexicons["en"]).facts}
    assert triage(again.ruleset, facts).level is Level.EMERGENCY


def test_the_second_start_takes_what_was_kept(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_made_anew(monkeypatch, kept.parent)


@pytest.mark.parametrize(
    "spoil",
    [lambda kept: kept[:-1], lambda kept: kept[:5000] + b"\0" + kept[5001:], lambda _: b""],
    ids=["cut off", "a byte of another", "empty"],
)
def test_a_spoilt_file_is_made_anew(
    tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[bytes], bytes]
) -> None:
    (tmp_path / kept.name).write_bytes(spoil(kept.read_bytes()))
    assert is_made_anew(monkeypatch, tmp_path)


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert compiled(("en",), tmp_path / "file").ruleset.rules


def test_a_changed_phrase_counts_at_the_next_start(tmp_path: Path) -> None:
    """And what was kept of the content before is gone."""
    for package in ("app", "policies", "dialogue"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for package in ("llm", "knowledge", "storage", "channels"):
        (tmp_path / package).symlink_to(ROOT / package)
    said = "my blorbs are flummoxed"
    assert _screened(tmp_path, said) == []
    content = tmp_path / "policies" / "content" / "findings" / "general.yaml"
    cough = "      - cough*\n"
    content.write_text(content.read_text().replace(cough, f"{cough}      - blorbs .. flummoxed\n", 1))
    assert _screened(tmp_path, said) == ["cough"]
    assert len(list((tmp_path / "app" / "__pycache__").glob("content-*"))) == 1


def _screened(folder: Path, text: str) -> list[str]:
    """The findings in a text, by the program in `folder`."""
    own = {"PYTHONPATH": str(folder), "PREVISIT_PARAPHRASES": "false", "PREVISIT_DATA_DIR": str(folder / "data")}
    done = subprocess.run(
        [sys.executable, "-c", "from app.cli import main; main()", "screen", "-"],
        input=json.dumps({"id": 1, "text": text}),
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | own,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [found["id"] for found in json.loads(done.stdout)["findings"]]
