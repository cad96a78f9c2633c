"""The whole loop on a few steps: data, tuning, a kill and going on, merge, export, parity, and the answer over HTTP."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pytest

pytest.importorskip("trl", reason="the extra train is not installed")

from app.assets import Assets
from tests.conftest import ASSETS_FOLDER
from training import base, data, evaluate, export, merge, parity, promote, sft

ROOT = Path(__file__).parents[2]
STEPS = 4
LONGEST = 600


class Stage(Protocol):
    """A step of the loop, as its command calls it."""

    def main(self, argv: Sequence[str] | None = None) -> None: ...


def run(stage: Stage, *arguments: object) -> None:
    """In this process: each start of a new one would read torch again."""
    stage.main([*map(str, arguments)])


def killed_at_the_first_checkpoint(*arguments: object) -> None:
    """Tuning on a machine that loses power: no time to say goodbye."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "training.sft", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    assert process.stdout
    for line in process.stdout:
        if line.startswith("step 3 of"):
            break
    process.send_signal(signal.SIGKILL)
    process.wait(LONGEST)
    process.stdout.close()


@pytest.mark.needs_model
@pytest.mark.filterwarnings("ignore::FutureWarning")  # of the training libraries to one another
def test_what_is_trained_is_what_is_served(assets: Assets, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start, cases, tuned, merged = (tmp_path / name for name in ("base", "data", "sft", "merged"))
    run(base, "--gguf", assets.model, "--out", start)
    small = ("--count", 24, "--held-out", 1, "--prompt-tokens", 300, "--assets", ASSETS_FOLDER)
    run(data, "--out", cases, *small)
    recipe = tmp_path / "recipe.yaml"
    text = (ROOT / "training/recipes/smollm2-135m.yaml").read_text()
    recipe.write_text(text.replace("accumulate: 2", "accumulate: 1").replace("save_every: 10", "save_every: 2"))
    tuning = ("--recipe", recipe, "--base", start, "--data", cases, "--out", tuned, "--steps", STEPS)

    killed_at_the_first_checkpoint(*tuning)
    run(sft, *tuning)
    steps = [json.loads(line)["step"] for line in (tuned / "losses.jsonl").read_text().splitlines()]
    assert steps[-1] == STEPS
    assert 1 not in steps[steps.index(3) + 1 :], "it began anew"

    run(merge, "--base", start, "--adapter", tuned / "adapter", "--out", merged)
    # Not rounded: after four steps nearly every word is a near tie, which rounding would decide the other way.
    gguf = tmp_path / "export" / "model-f32.gguf"
    gguf.parent.mkdir()
    gguf.write_bytes(b"served")
    with gguf.open("rb") as served:
        run(export, "--merged", merged, "--out", gguf.parent, "--precision", "f32")
        assert served.read() == b"served", "the file of a running server was changed"
    parts = ("--base", start, "--adapter", tuned / "adapter", "--merged", merged, "--gguf", gguf)
    run(parity, *parts, "--data", cases, "--prompts", 1)
    assert "What is served is what was trained" in capsys.readouterr().out

    scores = tmp_path / "scores"
    run(evaluate, "--data", cases, "--out", scores, "--count", 1, "--model", f"tuned={gguf}")
    assert {"rules alone", "tuned"} == json.loads((scores / "scores.json").read_text()).keys()
    data_dir = tmp_path / "clinic"
    run(promote, "--gguf", gguf, "--scores", scores, "--name", "tuned", "--data-dir", data_dir)
    assert (data_dir / "models" / "current.gguf").exists()
