"""The latest test of the ways to page, and when its result or its absence is an alarm. Knows nothing about senders."""

from collections.abc import Iterator
from datetime import UTC, datetime

from policies.facts import Record

MISSED = 3
"""How many tests may be missing before that is an alarm; a restart alone skips one."""


class WayTrial(Record):
    """Whether a test page got through by one way; `reason` is why not, without an address."""

    way: str
    arrived: bool
    reason: str = ""


class TrialRound(Record):
    """All ways that were tested together, at seconds since the epoch."""

    at: float
    trials: tuple[WayTrial, ...]


def alarms(latest: TrialRound | None, every_seconds: float, now: float) -> Iterator[str]:
    """What staff must be told, in sentences; nothing where no tests are set up (`every_seconds` is 0)."""
    if not every_seconds or latest is None:
        return
    if now - latest.at > MISSED * every_seconds:
        yield f"No test page has gone out since {datetime.fromtimestamp(latest.at, UTC):%d %b %H:%M} UTC."
    for test in latest.trials:
        if not test.arrived:
            yield f"A test page by {test.way} did not get through ({test.reason})."
