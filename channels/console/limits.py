"""How often one member of staff may do what reaches patients, sends something out or is expensive for the server.

The limits are far above what a person does by hand: they stop a stuck key, a script or a stolen session, not a busy
day. Acknowledging and taking a case are never limited. Knows nothing about what is sent.
"""

import math
from collections.abc import Callable

from channels.rate_limit import RateLimit

Clock = Callable[[], float]

SENDS = frozenset({"ask", "write", "release", "book", "close", "hand_over"})
"""The actions that send something to a patient, a doctor or another system."""


class ConsoleLimits:
    """The limits, counted by the person's name in this process's memory."""

    def __init__(self, clock: Clock) -> None:
        self.sent = RateLimit(burst=40, per_minute=20, clock=clock)
        self.invited = RateLimit(burst=20, per_minute=6, clock=clock)
        self.exported = RateLimit(burst=10, per_minute=2, clock=clock)
        self.put_in = RateLimit(burst=20, per_minute=6, clock=clock)


def too_much(wait: float) -> str:
    """The message to a person who has to wait so many seconds."""
    seconds = math.ceil(wait)
    again = f"{seconds} second{'s' if seconds > 1 else ''}" if seconds < 120 else f"{math.ceil(seconds / 60)} minutes"
    return f"That is a lot in a short time, so this was not done. Wait {again}, then do it again."
