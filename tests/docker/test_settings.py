"""The containers use only settings and commands that exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import Settings

DOCKER = Path(__file__).parents[2] / "docker"
PREVISIT = Path(sys.executable).with_name("previsit")


@pytest.mark.parametrize("name", ["compose.yaml", "Dockerfile"])
def test_every_setting_exists(name: str) -> None:
    named = set(re.findall(r"^\s*(?:ENV )?PREVISIT_(\w+)[:=]", (DOCKER / name).read_text(), re.MULTILINE))
    assert named
    assert {field.lower() for field in named} <= Settings.model_fields.keys()


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_every_start_command_exists(command: str) -> None:
    assert f'command: ["{command}"]' in (DOCKER / "compose.yaml").read_text()
    done = subprocess.run([PREVISIT, command, "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
