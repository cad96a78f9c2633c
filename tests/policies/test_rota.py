"""Who is on call when, hour by hour over weeks with and without a change of daylight saving."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from policies.rota import DAYS, Override, Person, Rota, Shift, Step, Way, gaps, next_change, on_duty, round_of, weak

KIM = Person(name="Kim", ways=(Way(kind="text", address="+15550101"), Way(kind="voice", address="+15550101")))
ANA = Person(name="Ana", ways=(Way(kind="mail", address="ana@clinic.example"),))
JO = Person(name="Jo")
FIRST, SECOND = Step(to="first nurse"), Step(to="second nurse", after_seconds=120)
WEEK = DAYS[:5]


def shift(person: str, start: int, end: int, days: Any = DAYS, to: str = "first nurse") -> Shift:
    return Shift(to=to, person=person, days=days, start=time(start), end=time(end))


def rota(*shifts: Shift, **more: Any) -> Rota:
    fields = {"zone": "Europe/London", "people": (KIM, ANA, JO), "steps": (FIRST, SECOND), **more}
    return Rota(shifts=shifts, **fields)


DAY_AND_NIGHT = rota(shift("Kim", 8, 20), shift("Ana", 20, 8))


def names(found: tuple[Person, ...]) -> list[str]:
    return [person.name for person in found]


def at(*moment: int) -> datetime:
    return datetime(*moment)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("hour", "minute", "who"), [(7, 59, "Ana"), (8, 0, "Kim"), (19, 59, "Kim"), (20, 0, "Ana"), (0, 0, "Ana")]
)
def test_a_shift_begins_and_ends_on_the_minute_and_passes_midnight(hour: int, minute: int, who: str) -> None:
    assert names(on_duty(DAY_AND_NIGHT, "first nurse", at(2026, 11, 25, hour, minute))) == [who]


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    nights = rota(shift("Kim", 20, 8, ("fri",)))
    assert names(on_duty(nights, "first nurse", at(2026, 11, 28, 7, 59))) == ["Kim"], "Saturday morning"
    assert names(on_duty(nights, "first nurse", at(2026, 11, 27, 7, 59))) == [], "Friday morning"


def test_an_exception_stands_in_place_of_the_rota_and_ends() -> None:
    morning = Override(to="first nurse", person="Jo", begins=at(2026, 11, 25, 10), ends=at(2026, 11, 25, 12))
    ill = DAY_AND_NIGHT.model_copy(update={"overrides": (morning,)})
    who = [names(on_duty(ill, "first nurse", at(2026, 11, 25, hour))) for hour in (9, 10, 11, 12)]
    assert who == [["Kim"], ["Jo"], ["Jo"], ["Kim"]]


@pytest.mark.parametrize("day", [datetime(2026, 3, 29), datetime(2026, 10, 25), datetime(2026, 11, 25)])
def test_daylight_saving_moves_nobodys_shift(day: datetime) -> None:
    """Minute by minute over 48 hours since the epoch: the clinic's clocks decide, and nobody is missing."""
    begin = day.replace(tzinfo=ZoneInfo("Europe/London")).astimezone(UTC).timestamp()
    for minute in range(48 * 60):
        moment = begin + minute * 60
        hour = datetime.fromtimestamp(moment, ZoneInfo("Europe/London")).hour
        assert names(round_of(DAY_AND_NIGHT, 0, moment).people) == (["Kim"] if 8 <= hour < 20 else ["Ana"])


def test_rounds_climb_the_steps_and_the_last_resort_joins_from_the_second_time_round() -> None:
    ladder = rota(shift("Kim", 0, 0), shift("Ana", 0, 0, to="second nurse"), last_resort=("Jo",))
    rounds = [round_of(ladder, attempt, 0.0) for attempt in range(4)]
    assert [(one.to, names(one.people)) for one in rounds] == [
        ("first nurse", ["Kim"]),
        ("second nurse", ["Ana"]),
        ("first nurse", ["Kim", "Jo"]),
        ("second nurse", ["Ana", "Jo"]),
    ]
    assert [one.after_seconds for one in rounds] == [60, 120, 60, 120]


def test_who_comes_next_and_when() -> None:
    assert next_change(DAY_AND_NIGHT, "first nurse", at(2026, 11, 25, 9)) == (at(2026, 11, 25, 20), (ANA,))
    assert next_change(rota(shift("Kim", 0, 0)), "first nurse", at(2026, 11, 25, 9)) is None
    weekly = rota(shift("Kim", 9, 10, ("wed",)))
    assert next_change(weekly, "first nurse", at(2026, 11, 25, 10)) == (at(2026, 12, 2, 9), (KIM,))


def test_gaps_are_named() -> None:
    found = list(gaps(rota(shift("Kim", 8, 20, WEEK), shift("Ana", 0, 0, to="second nurse")), at(2026, 11, 27, 9)))
    assert [(gap.to, gap.begins, gap.ends) for gap in found][:2] == [
        ("first nurse", at(2026, 11, 27, 20), at(2026, 11, 30, 8)),
        ("first nurse", at(2026, 11, 30, 20), at(2026, 12, 1, 8)),
    ]
    assert list(gaps(rota(shift("Kim", 0, 0), shift("Ana", 0, 0, to="second nurse")), at(2026, 11, 27, 9))) == []


def test_who_can_be_reached_by_one_way_only_is_named() -> None:
    """Texts and calls hang on one carrier: they are one way."""
    every = {"mail", "text", "voice"}
    assert list(weak(DAY_AND_NIGHT, every)) == ["Kim", "Ana", "Jo"]
    both = Person(name="Kim", ways=(Way(kind="text", address="+155"), Way(kind="mail", address="k@clinic.example")))
    assert list(weak(DAY_AND_NIGHT.model_copy(update={"people": (both,)}), every)) == []
    only_mail = weak(DAY_AND_NIGHT.model_copy(update={"people": (both,)}), {"mail"})
    assert list(only_mail) == ["Kim"], "the clinic has no telephone set up: no text ever goes out"


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"zone": "Europe/Londn"}, "is no time zone"),
        ({"steps": ()}, "at least 1"),
        ({"steps": (FIRST, FIRST)}, "two of the same step"),
        ({"people": (KIM, KIM)}, "two of the same person"),
        ({"shifts": (shift("Nobody", 8, 9),)}, "no person “Nobody”"),
        ({"shifts": (shift("Kim", 8, 9, to="third"),)}, "no step “third”"),
        ({"last_resort": ("Nobody",)}, "no person “Nobody”"),
    ],
)
def test_a_reference_to_an_unknown_person_or_step_is_refused(broken: dict[str, Any], says: str) -> None:
    fields = {"zone": "UTC", "people": (KIM,), "steps": (FIRST,), "shifts": (), **broken}
    with pytest.raises(ValidationError, match=says):
        Rota(**fields)


def test_an_exception_that_never_is_and_a_step_that_waits_too_long_are_refused() -> None:
    with pytest.raises(ValidationError, match="must end after"):
        Override(to="a", person="b", begins=at(2026, 1, 2), ends=at(2026, 1, 1))
    with pytest.raises(ValidationError):
        Step(to="slow", after_seconds=121)


hours = st.integers(0, 23)
shifts = st.builds(
    shift, st.sampled_from(["Kim", "Ana"]), hours, hours, st.lists(st.sampled_from(DAYS), min_size=1, unique=True)
)


@given(st.lists(shifts, max_size=5), st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))
def test_the_predicted_next_change_is_right(made: list[Shift], moment: datetime) -> None:
    given_rota = rota(*made)
    told = next_change(given_rota, "first nurse", moment)
    until = told[0] if told else moment + timedelta(days=7)
    step = (until - moment) / 50
    for part in range(50):
        assert on_duty(given_rota, "first nurse", moment + part * step) == on_duty(given_rota, "first nurse", moment)
    if told:
        assert on_duty(given_rota, "first nurse", told[0]) == told[1]
    for gap in gaps(given_rota, moment):
        middle = gap.begins + (gap.ends - gap.begins) / 2
        assert on_duty(given_rota, gap.to, middle) == ()
