"""`previsit invite`: what was typed is checked before the settings are."""

from pathlib import Path

import pytest

from tests.app.running import run


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["12"], "This is no telephone number."),
        (["12", "--language", "xx"], "This is no telephone number."),
        (["+15551234567", "--language", "xx"], "Patients cannot chat in 'xx' here."),
        (["+15551234567"], "There is no line for texts."),
    ],
)
def test_the_first_fault_that_a_user_can_mend_is_named(typed: list[str], said: str, tmp_path: Path) -> None:
    done = run("invite", *typed, folder=tmp_path / "data")
    assert done.returncode == 1
    assert said in done.stderr and "Traceback" not in done.stderr
