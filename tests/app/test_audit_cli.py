"""`previsit audit verify`: what staff did is on record, and a record that was changed is told by its line."""

from pathlib import Path

from typer.testing import CliRunner, Result

from app.cli import app
from tests.app.running import nurse, patient, running


def verify(folder: Path) -> Result:
    return CliRunner().invoke(app, ["audit", "verify", "--data-dir", str(folder)])


def test_a_trail_is_whole_until_somebody_changes_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with running(folder) as server, patient(server.address) as chat, nurse(server) as browser:
        chat.says("I have a crushing pain in my chest and my left arm feels heavy")
        assert browser.get(f"/console/cases/{chat.view['id']}").status_code == 200
        whole = verify(folder)
        assert whole.exit_code == 0 and "is as it was written" in whole.output
    trail = folder / "audit.jsonl"
    text = trail.read_text("utf-8")
    assert '"nurse"' in text and "crushing" not in text
    trail.write_text(text.replace('"nurse"', '"nobody"', 1), "utf-8")
    changed = verify(folder)
    assert changed.exit_code == 1
    assert f"{trail}:1: " in changed.output and "not as it was written" in changed.output


def test_without_a_key_there_is_nothing_to_prove(tmp_path: Path) -> None:
    done = verify(tmp_path)
    assert done.exit_code == 1 and "no master key" in done.output
    assert not list(tmp_path.iterdir()), "looking makes no key"
