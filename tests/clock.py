"""A clock that tests set by hand."""

NOON = 1_763_812_800.0
"""Noon of a day (UTC), in seconds since the epoch: when tests begin unless they say otherwise."""


class SetClock:
    """A `Clock` that stands still until it is set."""

    def __init__(self, at: float = NOON) -> None:
        self.at = at

    def now(self) -> float:
        return self.at
