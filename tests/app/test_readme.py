"""What README and the operator's page say one can type and set exists."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.settings import Settings

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "docs" / "operations.md"]
COMMANDS = [
    ["serve"], ["worker"], ["chat"], ["screen"], ["interview"], ["doctor"], ["staff", "add"], ["audit", "verify"],
    ["protocols", "check"], ["protocols", "coverage"], ["protocols", "graph"],
    ["guidelines", "ingest"], ["guidelines", "search"],
]  # fmt: skip


def texts() -> str:
    return "\n".join(page.read_text("utf-8") for page in PAGES)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_exists_and_explains_itself(command: list[str]) -> None:
    done = CliRunner().invoke(app, [*command, "--help"])
    assert done.exit_code == 0
    assert command[0] in texts() and command[-1] in texts()


def test_every_command_that_is_named_is_one() -> None:
    named = set(re.findall(r"^previsit (\w+)", texts(), re.MULTILINE)) | set(re.findall(r"`previsit (\w+)", texts()))
    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    known |= {group.name for group in app.registered_groups if group.name}
    assert named and named <= known
    readme = PAGES[0].read_text("utf-8")
    assert {name for name in known if not re.search(rf"(previsit|\|) {name}\b", readme)} == set()


def test_every_setting_that_is_named_is_one() -> None:
    named = {name.lower() for name in re.findall(r"PREVISIT_([A-Z][A-Z_]+)", texts())}
    assert named and named <= Settings.model_fields.keys()


def test_every_script_that_is_named_can_be_run() -> None:
    for name in set(re.findall(r"\./scripts/(\w+)", texts())):
        assert (ROOT / "scripts" / name).stat().st_mode & 0o111, name


def test_every_module_that_is_to_be_run_exists() -> None:
    for name in set(re.findall(r"python -m ([\w.]+)", texts())):
        assert (ROOT / (name.replace(".", "/") + ".py")).is_file(), name
