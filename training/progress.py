"""Says how far a training run is and how long it still takes, and keeps its losses as JSON lines. Knows no trainer."""

import json
import time
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

SHOWN = ("loss", "rewards/margins", "eval_loss")


class Progress(TrainerCallback):  # type: ignore[misc]  # transformers' own types end here
    """Writes lines of `{step, loss, seconds}` to `log`, and continues it when a run is resumed."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._since = time.monotonic()
        self._first = 0

    def on_train_begin(self, args: Any, state: Any, control: Any, **kept: Any) -> None:
        self._since, self._first = time.monotonic(), state.global_step

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **kept: Any) -> None:
        found = {name: value for name, value in (logs or {}).items() if name in SHOWN}
        if not found or not state.is_world_process_zero:
            return  # each process logs: one writes
        seconds = time.monotonic() - self._since
        done = state.global_step - self._first
        left = (state.max_steps - state.global_step) * seconds / max(done, 1)
        with self._log.open("a") as lines:
            lines.write(json.dumps({"step": state.global_step, "seconds": round(seconds, 1), **found}) + "\n")
        shown = ", ".join(f"{name} {value:.3f}" for name, value in found.items())
        print(f"step {state.global_step} of {state.max_steps}: {shown}; about {left / 60:.0f} min left", flush=True)
