"""Puts a tuned model into service, unless it is more dangerous than the one it replaces.

Run as: python -m training.promote --gguf runs/small/export/model-q8_0.gguf --scores runs/small/scores --name safety
        --data-dir data
`previsit serve` takes DATA_DIR/models/current.gguf from its next start on. What was there is kept as previous.gguf.
The card that the evaluation wrote lies beside each.
"""

import argparse
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from training.exits import Refused, run_step
from training.export import sha256
from training.inputs import file_at
from training.model_card import card_file

MODELS = "models"


class Dangers(NamedTuple):
    """The shares that decide, on the same held-out cases."""

    missed_critical: float
    safety_compliance: float


def compare(new: Dangers, serving: Dangers | None) -> None:
    """Refuses a model that misses more emergencies, or is unsafe more often, than the one in service."""
    if serving is None:
        return
    if new.missed_critical > serving.missed_critical:
        raise Refused(f"It misses {new.missed_critical:.0%} of emergencies, not {serving.missed_critical:.0%} as now.")
    if new.safety_compliance < serving.safety_compliance:
        raise Refused(f"It is safe in {new.safety_compliance:.0%}, not in {serving.safety_compliance:.0%} as now.")


def promote(gguf: Path, new: Dangers, data_dir: Path, card: Path) -> Path:
    """Puts the file into service in one step. Returns its path."""
    folder = data_dir / MODELS
    folder.mkdir(parents=True, exist_ok=True)
    current, dangers = folder / "current.gguf", folder / "current.json"
    compare(new, _serving(dangers))
    scratch, told = folder / "next.gguf", card.read_text()
    shutil.copyfile(gguf, scratch)
    for name in ("current.gguf", "current.md"):
        if (folder / name).exists():
            os.replace(folder / name, folder / name.replace("current", "previous"))
    os.replace(scratch, current)
    (folder / "current.md").write_text(told)
    dangers.write_text(json.dumps({"sha256": sha256(current), **new._asdict()}, indent=2) + "\n")
    return current


def _serving(dangers: Path) -> Dangers | None:
    if not dangers.exists():
        return None
    found = json.loads(dangers.read_text())
    return Dangers(found["missed_critical"], found["safety_compliance"])


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="previsit model promote", description="Put a tuned model into service.")
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--scores", type=Path, required=True, help="folder that training.evaluate wrote")
    parser.add_argument("--name", required=True, help="which of the scored models it is")
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    options = parser.parse_args(argv)
    file_at(options.gguf)
    found = json.loads(file_at(options.scores / "scores.json").read_text())
    if options.name not in found:
        raise SystemExit(f"{options.name!r} was not scored. There are: {', '.join(found)}")
    new = Dangers(found[options.name]["missed critical"], found[options.name]["safety compliance"])
    card = card_file(options.scores, options.name)
    if not card.exists():
        raise SystemExit(f"There is no {card}: score the model again, so that its card can be kept with it.")
    if sha256(options.gguf) not in card.read_text():
        raise SystemExit(f"{options.gguf} is not the file that was scored as {options.name!r}.")
    try:
        print(f"{promote(options.gguf, new, options.data_dir, card)} is in service from the next start on.")
    except Refused as refused:
        raise SystemExit(f"Not promoted. {refused}") from None


if __name__ == "__main__":
    run_step(main)
