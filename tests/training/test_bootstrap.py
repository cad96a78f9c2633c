"""Confidence intervals of scores."""

from training.bootstrap import interval, paired, share_interval


def test_a_constant_score_has_no_interval_and_a_varying_one_has() -> None:
    assert interval([1.0] * 20) == (1.0, 1.0)
    low, high = interval([0.0, 1.0] * 20)
    assert 0.3 < low < 0.5 < high < 0.7


def test_a_difference_on_the_same_cases_is_surer_than_two_means() -> None:
    before, after = [0.0, 1.0] * 20, [0.1, 1.1] * 20
    mean, low, high = paired(before, after)
    assert round(mean, 6) == round(low, 6) == round(high, 6) == 0.1


def test_forty_of_forty_still_has_an_interval_below_one() -> None:
    low, high = share_interval([1.0] * 40)
    assert (round(low, 2), high) == (0.91, 1.0)
    low, high = share_interval([0.0] * 11)
    assert (low, round(high, 2)) == (0.0, 0.28)
    assert share_interval([0.0, 1.0] * 20) == interval([0.0, 1.0] * 20)
