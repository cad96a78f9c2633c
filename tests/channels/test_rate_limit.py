import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.rate_limit import RateLimit


class Watch:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_allows_a_burst_then_says_how_long_to_wait(watch: Watch) -> None:
    limit = RateLimit(burst=2, per_minute=60, clock=watch)
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 1]


def test_waiting_that_long_is_enough_and_less_is_not(watch: Watch) -> None:
    limit = RateLimit(burst=1, per_minute=30, clock=watch)
    limit.wait("a")
    watch.time = 1.9
    assert limit.wait("a") == pytest.approx(0.1)
    watch.time = 2.0
    assert limit.wait("a") == 0


def test_keys_do_not_share(watch: Watch) -> None:
    limit = RateLimit(burst=1, per_minute=1, clock=watch)
    assert limit.wait("a") == 0
    assert limit.wait("b") == 0
    assert limit.wait("a") > 0


def test_forgets_the_key_that_was_unused_longest(watch: Watch) -> None:
    limit = RateLimit(burst=1, per_minute=1, keys=2, clock=watch)
    for key in "abac":
        limit.wait(key)
    assert limit.wait("a") > 0, "used again, so remembered"
    assert limit.wait("b") == 0, "the oldest, so forgotten"


@given(st.lists(st.floats(0, 30), max_size=60))
def test_never_allows_more_than_burst_and_rate(pauses: list[float]) -> None:
    watch = Watch()
    limit = RateLimit(burst=5, per_minute=60, clock=watch)
    allowed = 0
    for pause in pauses:
        watch.time += pause
        allowed += limit.wait("a") == 0
    assert allowed <= 5 + watch.time + 1e-6
