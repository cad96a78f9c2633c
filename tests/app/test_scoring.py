"""Intervals are those of Clopper and Pearson; published values for comparison."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.scoring import Share


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(15, 15, 0.782, 1.0), (14, 14, 0.768, 1.0), (74, 74, 0.951, 1.0), (0, 10, 0.0, 0.308), (5, 10, 0.187, 0.813)],
)
def test_the_interval_is_the_published_one(count: int, of: int, low: float, high: float) -> None:
    assert Share(count, of).interval == pytest.approx((low, high), abs=0.001)


def test_without_cases_the_interval_is_everything() -> None:
    share = Share(0, 0)
    assert share.value is None
    assert share.interval == (0.0, 1.0)
    assert str(share) == "none to count"


@given(st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_share_lies_in_its_interval(counted: tuple[int, int]) -> None:
    share = Share(*counted)
    low, high = share.interval
    assert 0 <= low <= (share.value or 0) + 1e-9
    assert (share.value or 0) - 1e-9 <= high <= 1
