"""How sure a score is."""

from training.bootstrap import interval, paired


def test_what_never_varies_is_certain_and_what_does_is_not() -> None:
    assert interval([1.0] * 20) == (1.0, 1.0)
    low, high = interval([0.0, 1.0] * 20)
    assert 0.3 < low < 0.5 < high < 0.7


def test_a_difference_on_the_same_cases_is_surer_than_two_means() -> None:
    before, after = [0.0, 1.0] * 20, [0.1, 1.1] * 20
    mean, low, high = paired(before, after)
    assert round(mean, 6) == round(low, 6) == round(high, 6) == 0.1
