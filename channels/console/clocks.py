"""How soon a waiting case wants an answer from staff, by level. Knows nothing about conversations.

These are times of service, not of treatment: how long a case may stand in the queue before somebody has answered it.
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
    """`seconds` that are left; negative when it is late."""

    at: float
    seconds: float

    @property
    def late(self) -> bool:
        return self.seconds < 0


def due(level: Level | None, since: float, now: float, service: Mapping[Level, float] = SERVICE_SECONDS) -> Due:
    """A case without a level yet is treated as one of the second highest: nobody knows better."""
    at = since + service[level or Level.HIGH]
    return Due(at, at - now)
