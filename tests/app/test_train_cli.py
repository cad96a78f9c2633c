"""`previsit train STEP` becomes the step: whoever ends the command ends the step."""

import subprocess
import time
from pathlib import Path

from tests.app.running import LONGEST, PREVISIT, run


def test_a_step_replaces_the_command_s_own_process(tmp_path: Path) -> None:
    begun = [str(PREVISIT), "train", "data", "--out", str(tmp_path / "data"), "--count", "100000"]
    with subprocess.Popen(begun, stderr=subprocess.DEVNULL) as step:
        seen, until = b"", time.monotonic() + LONGEST
        while b"training.data" not in seen and time.monotonic() < until and step.poll() is None:
            seen = Path(f"/proc/{step.pid}/cmdline").read_bytes()
        step.kill()
    assert b"training.data" in seen


def test_models_are_scored_beside_the_other_scorecards_too(tmp_path: Path) -> None:
    beside, own = (run(*words, "--help", folder=tmp_path) for words in (("evaluate", "model"), ("model", "evaluate")))
    assert beside.returncode == 0
    assert beside.stdout == own.stdout and "--counterfactual" in own.stdout
