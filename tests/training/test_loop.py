"""The whole loop on a few steps: data, tuning, a kill and going on, merge, export, parity, and the answer over HTTP."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("trl", reason="the extra train is not installed")

from app.assets import Assets
from tests.conftest import ASSETS_FOLDER
from training.evaluate import main as evaluate

ROOT = Path(__file__).parents[2]
STEPS = 4
LONGEST = 600


def run(*arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=LONGEST,
        check=False,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def killed_at_the_first_checkpoint(*arguments: object) -> None:
    """As a machine that loses power: no time to say goodbye."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", *map(str, arguments)],
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
def test_what_is_trained_is_what_is_served(assets: Assets, tmp_path: Path) -> None:
    base, data, sft, merged = (tmp_path / name for name in ("base", "data", "sft", "merged"))
    run("training.base", "--gguf", assets.model, "--out", base)
    small = ("--count", 24, "--held-out", 1, "--prompt-tokens", 300, "--assets", ASSETS_FOLDER)
    run("training.data", "--out", data, *small)
    recipe = tmp_path / "recipe.yaml"
    text = (ROOT / "training/recipes/smollm2-135m.yaml").read_text()
    recipe.write_text(text.replace("accumulate: 2", "accumulate: 1").replace("save_every: 10", "save_every: 2"))
    tuning = ("training.sft", "--recipe", recipe, "--base", base, "--data", data, "--out", sft, "--steps", STEPS)

    killed_at_the_first_checkpoint(*tuning)
    run(*tuning)
    steps = [json.loads(line)["step"] for line in (sft / "losses.jsonl").read_text().splitlines()]
    assert steps[-1] == STEPS
    assert 1 not in steps[steps.index(3) + 1 :], "it began anew"

    run("training.merge", "--base", base, "--adapter", sft / "adapter", "--out", merged)
    # Not rounded: after four steps nearly every word is a near tie, which rounding would decide the other way.
    gguf = tmp_path / "export" / "model-f32.gguf"
    gguf.parent.mkdir()
    gguf.write_bytes(b"served")
    with gguf.open("rb") as served:
        run("training.export", "--merged", merged, "--out", gguf.parent, "--precision", "f32")
        assert served.read() == b"served", "the file of a running server was changed"
    parts = ("--base", base, "--adapter", sft / "adapter", "--merged", merged, "--gguf", gguf)
    assert "What is served is what was trained" in run("training.parity", *parts, "--data", data, "--prompts", 1)

    scores = tmp_path / "scores"
    evaluate(["--data", str(data), "--out", str(scores), "--count", "1", "--model", f"tuned={gguf}"])
    assert {"rules alone", "tuned"} == json.loads((scores / "scores.json").read_text()).keys()
    data_dir = tmp_path / "clinic"
    run("training.promote", "--gguf", gguf, "--scores", scores, "--name", "tuned", "--data-dir", data_dir)
    assert (data_dir / "models" / "current.gguf").exists()
