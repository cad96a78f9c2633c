"""Token buckets in this process's memory: who may do something again, and when. Knows nothing about HTTP."""

import time
from collections import OrderedDict
from collections.abc import Callable


class RateLimit:
    """Allows `burst` calls at once and then `per_minute`, for each key. Beyond `keys` keys the least recently used one
    is forgotten."""

    def __init__(
        self,
        burst: int,
        per_minute: float,
        *,
        keys: int = 20_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = float(burst)
        self._per_second = per_minute / 60
        self._keys = keys
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Takes one token and returns 0; or takes none and returns the seconds until there is one."""
        now = self._clock()
        tokens, seen = self._buckets.pop(key, (self._burst, now))
        tokens = min(self._burst, tokens + (now - seen) * self._per_second)
        allowed = tokens >= 1
        self._buckets[key] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > self._keys:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / self._per_second
