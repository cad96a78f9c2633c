"""What the latest test of the ways to page says, and when silence is an alarm. Pure; knows nothing about senders."""

from collections.abc import Iterator
from datetime import UTC, datetime

from policies.facts import Record

MISSED = 3
"""So many tests may be missing before it is an alarm: a restart costs one."""


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
    """Sentences for staff; none where nothing is tested."""
    if not every_seconds or latest is None:
        return
    if now - latest.at > MISSED * every_seconds:
        yield f"No test page has gone out since {datetime.fromtimestamp(latest.at, UTC):%d %b %H:%M} UTC."
    for test in latest.trials:
        if not test.arrived:
            yield f"A test page by {test.way} did not get through ({test.reason})."
