"""How often one member of staff may do what reaches patients, sends something out or costs the server much.

Far above what a person does by hand: it ends a stuck key, a script and a stolen session, not a busy day. Acknowledging
and taking a case are never limited. Knows nothing about what is sent.
"""

import math
from collections.abc import Callable

from channels.rate_limit import RateLimit

Clock = Callable[[], float]

SENDS = frozenset({"ask", "write", "release", "book", "close", "hand_over"})
"""What is done to a case that a patient, a doctor or another system gets something of."""


class ConsoleLimits:
    """By name of the person. In this process's memory, as all our limits."""

    def __init__(self, clock: Clock) -> None:
        self.sent = RateLimit(burst=40, per_minute=20, clock=clock)
        self.invited = RateLimit(burst=20, per_minute=6, clock=clock)
        self.exported = RateLimit(burst=10, per_minute=2, clock=clock)
        self.put_in = RateLimit(burst=20, per_minute=6, clock=clock)


def too_much(wait: float) -> str:
    """What the person is told who has to wait so many seconds."""
    seconds = math.ceil(wait)
    again = f"{seconds} second{'s' if seconds > 1 else ''}" if seconds < 120 else f"{math.ceil(seconds / 60)} minutes"
    return f"That is a lot in a short time, so this was not done. Wait {again}, then do it again."
