"""Stops asking a model that keeps failing, and tries it again after a while. Knows nothing about models or waiting.

closed --(`failures` in a row)--> open --(`cool_down` seconds)--> half open --success--> closed, --failure--> open
"""

from collections.abc import Callable
from enum import StrEnum


class BreakerState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Breaker:
    """Call `admit` before each call of the model, and `record` after an admitted one. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float], failures: int = 3, cool_down: float = 30.0) -> None:
        self._clock = clock
        self._failures = failures
        self._cool_down = cool_down
        self._in_a_row = 0
        self._opened_at: float | None = None
        self._trial = False

    @property
    def state(self) -> BreakerState:
        if self._opened_at is None:
            return BreakerState.CLOSED
        cooled = self._clock() - self._opened_at >= self._cool_down
        return BreakerState.HALF_OPEN if cooled else BreakerState.OPEN

    def admit(self) -> bool:
        """Whether a call may be made now. While half open, only one may be, until it is recorded."""
        if self.state is BreakerState.CLOSED:
            return True
        if self.state is BreakerState.OPEN or self._trial:
            return False
        self._trial = True
        return True

    def record(self, ok: bool) -> None:
        """A success closes the breaker. A failure is counted; while half open, it opens the breaker again."""
        trial, self._trial = self._trial, False
        if ok:
            self._in_a_row, self._opened_at = 0, None
            return
        self._in_a_row += 1
        if trial or self._in_a_row >= self._failures:
            self._opened_at = self._clock()
