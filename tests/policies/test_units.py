import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.units import UNITS, UnitError, convert, dimension


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (100.4, "fahrenheit", "celsius", 38.0),
        (38, "celsius", "fahrenheit", 100.4),
        (12, "months", "years", 1),
        (1, "year", "days", 365.25),
        (90, "minutes", "hours", 1.5),
        (1, "week", "days", 7),
        (180.16, "mg_per_dl", "mmol_per_l", 10),
        (2, "kg", "kg", 2),
    ],
)
def test_converts(value: float, unit: str, to: str, expected: float) -> None:
    assert convert(value, unit, to) == pytest.approx(expected, abs=1e-9)


def test_an_unknown_unit_names_the_known_ones() -> None:
    with pytest.raises(UnitError, match="unknown unit 'fortnights'; known units: minutes, hours, days"):
        convert(1, "fortnights", "days")


def test_two_dimensions_never_mix() -> None:
    with pytest.raises(UnitError, match="'days' measures time, 'celsius' measures temperature"):
        convert(1, "days", "celsius")


@given(st.sampled_from(sorted(UNITS)), st.sampled_from(sorted(UNITS)), st.floats(0.1, 1000))
def test_there_and_back_is_the_same(one: str, other: str, value: float) -> None:
    if dimension(one) == dimension(other):
        assert convert(convert(value, one, other), other, one) == pytest.approx(value, rel=1e-4, abs=1e-4)
