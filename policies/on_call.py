"""The on-call ladder: whom a page goes to, in what order, for ever until a person acknowledges it.

Pure: knows nothing about senders, clocks or conversations.
"""

from pathlib import Path

import yaml
from pydantic import Field

from policies.findings import Content

DEFAULT = Path(__file__).parent / "content" / "on_call.yaml"


class Step(Content):
    """One round: the role `to` reach, the `senders` to reach it by, the `after_seconds` it has to answer."""

    to: str = Field(min_length=1)
    senders: tuple[str, ...] = Field(min_length=1)
    after_seconds: float = Field(gt=0)


class Ladder(Content):
    """The rounds in order, repeated for ever. From the second time round, `last_resort` senders join each."""

    steps: tuple[Step, ...] = Field(min_length=1)
    last_resort: tuple[str, ...] = ()


def next_step(ladder: Ladder, attempt: int) -> Step:
    """The step of round `attempt`, counted from 0."""
    step = ladder.steps[attempt % len(ladder.steps)]
    if attempt < len(ladder.steps):
        return step
    return step.model_copy(update={"senders": tuple(dict.fromkeys((*step.senders, *ladder.last_resort)))})


def due_after(ladder: Ladder, attempt: int) -> float:
    """Seconds from round `attempt` to the next, if nobody acknowledges."""
    return next_step(ladder, attempt).after_seconds


def load_ladder(path: Path = DEFAULT) -> Ladder:
    return Ladder.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
