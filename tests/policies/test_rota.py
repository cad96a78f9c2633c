"""Who is on call at every minute, also when clocks change; and that nobody is never somebody else's fault."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.rota import DAYS, Override, Rota, Shift

NEW_YORK = ZoneInfo("America/New_York")
HOUR = 3600.0
DAY = Shift(rota="nurses", who="Kim", days=DAYS, start=time(8), end=time(20))
NIGHT = Shift(rota="nurses", who="Ana", days=DAYS, start=time(20), end=time(8))
SPRING, AUTUMN = (2026, 3, 8), (2026, 11, 1)
"""The days on which New York's clocks change, at two in the morning."""


def at(*when: int, fold: int = 0, zone: ZoneInfo = NEW_YORK) -> float:
    year, month, day, *clock = when
    return datetime(year, month, day, *clock, tzinfo=zone, fold=fold).timestamp()  # type: ignore[arg-type, misc]


def rota(*shifts: Shift, overrides: tuple[Override, ...] = ()) -> Rota:
    return Rota(NEW_YORK, shifts, overrides)


def test_hands_over_to_the_second() -> None:
    both = rota(DAY, NIGHT)
    assert both.on_call(at(2026, 11, 25, 8) - 1) == ("Ana",)
    assert both.on_call(at(2026, 11, 25, 8)) == ("Kim",)
    assert both.on_call(at(2026, 11, 25, 20)) == ("Ana",)


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    friday = rota(NIGHT.model_copy(update={"days": ("fri",)}))
    assert friday.on_call(at(2026, 11, 27, 23)) == friday.on_call(at(2026, 11, 28, 7)) == ("Ana",)
    assert friday.on_call(at(2026, 11, 27, 7)) == friday.on_call(at(2026, 11, 28, 20)) == ()


@pytest.mark.parametrize(("evening", "morning", "hours"), [((2026, 3, 7), SPRING, 11), ((2026, 10, 31), AUTUMN, 13)])
def test_the_night_in_which_clocks_change(
    evening: tuple[int, int, int], morning: tuple[int, int, int], hours: int
) -> None:
    """An hour shorter in spring and longer in autumn, and the hand-over is at eight on the clock."""
    begins = at(*evening, 20)
    night = rota(DAY, NIGHT).ahead(begins, begins + 24 * HOUR)[0]
    assert night.who == ("Ana",) and (night.start, night.end) == (begins, at(*morning, 8))
    assert night.end - night.start == hours * HOUR


def test_the_hour_that_comes_twice_hands_over_once() -> None:
    early = DAY.model_copy(update={"start": time(1, 30), "end": time(20)})
    late = NIGHT.model_copy(update={"end": time(1, 30)})
    both = rota(early, late)
    changes = both.ahead(at(*AUTUMN), at(*AUTUMN, 12))
    assert [each.who for each in changes] == [("Ana",), ("Kim",)]
    assert changes[0].end == at(*AUTUMN, 1, 30) < at(*AUTUMN, 1, 30, fold=1)


def test_an_override_goes_before_the_shifts_and_ends() -> None:
    sick = Override(rota="nurses", who="Lea", start=datetime(2026, 11, 25, 12), end=datetime(2026, 11, 25, 22))
    swapped = rota(DAY, NIGHT, overrides=(sick,))
    assert [each.who for each in swapped.ahead(at(2026, 11, 25, 11), at(2026, 11, 25, 23))] == [
        ("Kim",),
        ("Lea",),
        ("Ana",),
    ]


def test_where_nobody_is_on_call_it_is_said() -> None:
    gaps = [each for each in rota(DAY).ahead(at(2026, 11, 25, 9), at(2026, 11, 26, 9)) if not each.who]
    assert [(each.start, each.end) for each in gaps] == [(at(2026, 11, 25, 20), at(2026, 11, 26, 8))]


CLOCK = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
ZONE = st.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "UTC"])
AROUND = st.sampled_from([SPRING, AUTUMN, (2026, 3, 29), (2026, 10, 25), (2026, 4, 5), (2026, 10, 4), (2026, 7, 1)])


@settings(max_examples=60, deadline=None)
@given(zone=ZONE, day=AROUND, cuts=st.lists(CLOCK, min_size=2, max_size=5, unique=True))
def test_shifts_that_follow_one_another_leave_nobody_out(
    zone: str, day: tuple[int, int, int], cuts: list[time]
) -> None:
    """Round the clock in any zone: at no minute of the day is nobody on call, whatever the clocks do."""
    cuts = sorted(cuts)
    ends = [*cuts[1:], cuts[0]]
    shifts = [
        Shift(rota="r", who=f"p{n}", days=DAYS, start=start, end=end)
        for n, (start, end) in enumerate(zip(cuts, ends, strict=True))
    ]
    whole, begins = Rota(ZoneInfo(zone), shifts, ()), at(*day, zone=ZoneInfo(zone))
    assert all(whole.on_call(begins + 60.0 * minute) for minute in range(-120, 26 * 60, 7))


@settings(max_examples=60, deadline=None)
@given(
    zone=ZONE,
    day=AROUND,
    spans=st.lists(st.tuples(CLOCK, CLOCK), min_size=1, max_size=3),
    minute=st.integers(0, 24 * 60),
)
def test_what_lies_ahead_is_what_will_be(
    zone: str, day: tuple[int, int, int], spans: list[tuple[time, time]], minute: int
) -> None:
    shifts = [Shift(rota="r", who=f"p{n}", days=DAYS, start=a, end=b) for n, (a, b) in enumerate(spans)]
    some, begins = Rota(ZoneInfo(zone), shifts, ()), at(*day, zone=ZoneInfo(zone))
    then = begins + 60.0 * minute
    [found] = [each for each in some.ahead(begins, begins + 25 * HOUR) if each.start <= then < each.end]
    assert found.who == some.on_call(then)
