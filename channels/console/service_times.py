"""How soon staff should answer a waiting case, by level. Knows nothing about conversations.

These are service times, not treatment times: how long a case may wait in the queue before somebody answers it.
"""

from collections.abc import Mapping
from typing import NamedTuple

from policies.levels import Level

MINUTE = 60.0
SERVICE_SECONDS: Mapping[Level, float] = {
    Level.EMERGENCY: 2 * MINUTE,
    Level.HIGH: 30 * MINUTE,
    Level.MEDIUM: 4 * 60 * MINUTE,
    Level.LOW: 24 * 60 * MINUTE,
}


class Due(NamedTuple):
    """How long there is left to answer: `seconds`, negative when it is late."""

    at: float
    seconds: float

    @property
    def late(self) -> bool:
        return self.seconds < 0


def due(level: Level | None, since: float, now: float, service: Mapping[Level, float] = SERVICE_SECONDS) -> Due:
    """When a case should be answered. One without a level yet is treated as HIGH, to be safe."""
    at = since + service[level or Level.HIGH]
    return Due(at, at - now)
