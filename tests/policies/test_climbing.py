"""How a page climbs its plan, to the second, over a day and a night, and through both changes of the clocks."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.climbing import Place, Reach, next_place, round_at
from policies.on_call_plan import EVERYBODY, Person, Plan, Rung, Way
from policies.rota import DAYS, Shift

KIM = Person(name="Kim", ways=(Way(by="text", to="+15550001"), Way(by="voice", to="+15550001", after_seconds=45)))
ANA = Person(name="Ana", ways=(Way(by="ntfy", to="ana"),))
LEA = Person(name="Lea", ways=(Way(by="mail", to="lea@clinic.example"),))
SHIFTS = (
    Shift(rota="nurses", who="Kim", days=DAYS, start=time(8), end=time(20)),
    Shift(rota="nurses", who="Ana", days=DAYS, start=time(20), end=time(8)),
)
PLAN = Plan(
    zone="America/New_York",
    people=(KIM, ANA, LEA),
    shifts=SHIFTS,
    rungs=(Rung(to="nurses", seconds=90), Rung(to="Lea", seconds=60), Rung(to=EVERYBODY, seconds=120)),
    last_resort=(Way(by="voice", to="+15559999"),),
)


def local(*when: int) -> float:
    return datetime(*when, tzinfo=ZoneInfo("America/New_York")).timestamp()  # type: ignore[arg-type, misc]


NOON = local(2026, 11, 25, 12)


def climb(plan: Plan, start: float, rounds: int) -> list[tuple[float, Place]]:
    """When each round begins if every look comes in time."""
    now, place, found = start, None, []
    for attempt in range(rounds):
        place = next_place(plan, place, attempt, now)
        found.append((now, place))
        now = place.until
    return found


def test_each_way_in_its_time_then_the_next_rung_then_from_the_beginning() -> None:
    found = [(at - NOON, place.loop, place.rung, place.part) for at, place in climb(PLAN, NOON, 7)]
    assert found == [
        (0, 0, 0, 0),
        (45, 0, 0, 1),
        (90, 0, 1, 0),
        (150, 0, 2, 0),
        (195, 0, 2, 1),
        (270, 1, 0, 0),
        (315, 1, 0, 1),
    ]


def test_who_is_reached_and_by_what() -> None:
    first, second, lea = (round_at(PLAN, place) for _, place in climb(PLAN, NOON, 3))
    assert first.first == (Reach("Kim", "text", "+15550001"),)
    assert first.spare == second.first == (Reach("Kim", "voice", "+15550001"),)
    assert lea.first == (Reach("Lea", "mail", "lea@clinic.example"),)


def test_the_last_resort_and_the_siren_join_the_second_time_round() -> None:
    rounds = [round_at(PLAN, place) for _, place in climb(PLAN, NOON, 6)]
    assert [each.siren for each in rounds] == [False, False, False, False, False, True]
    assert rounds[5].first == (Reach("Kim", "text", "+15550001"), Reach("", "voice", "+15559999"))


def test_where_nobody_is_on_call_the_next_rung_has_it_at_once() -> None:
    days = PLAN.model_copy(update={"shifts": SHIFTS[:1]})
    place = next_place(days, None, 0, local(2026, 11, 25, 23))
    assert (place.rung, place.whom) == (1, ("Lea",))


def test_where_nobody_is_on_call_at_all_the_last_resort_has_it_at_once() -> None:
    lonely = PLAN.model_copy(update={"shifts": SHIFTS[:1], "rungs": PLAN.rungs[:1]})
    place = next_place(lonely, None, 0, local(2026, 11, 25, 23))
    assert (place.whom, place.until - place.since) == ((), 90)
    assert round_at(lonely, place) == ((Reach("", "voice", "+15559999"),), (), True)


def test_more_danger_repeats_the_round_and_does_not_put_the_next_off() -> None:
    first = next_place(PLAN, None, 0, NOON)
    again = next_place(PLAN, first, 1, NOON + 20)
    assert again == first.model_copy(update={"attempt": 1})
    assert next_place(PLAN, again, 2, again.until).part == 1


def test_a_look_that_comes_too_late_skips_no_way() -> None:
    first = next_place(PLAN, None, 0, NOON)
    late = next_place(PLAN, first, 1, NOON + 3600)
    assert (late.rung, late.part, late.until) == (0, 1, NOON + 3600)
    assert next_place(PLAN, late, 2, late.until).rung == 1


def test_a_way_after_the_rung_s_end_is_tried_within_it() -> None:
    slow = KIM.model_copy(update={"ways": (KIM.ways[0], KIM.ways[1].model_copy(update={"after_seconds": 500}))})
    plan = PLAN.model_copy(update={"people": (slow,), "rungs": (Rung(to="Kim", seconds=60),), "shifts": ()})
    assert [each.by for each in round_at(plan, next_place(plan, None, 0, NOON)).first] == ["text", "voice"]


@pytest.mark.parametrize("day", [(2026, 3, 8), (2026, 11, 1), (2026, 7, 1)])
def test_every_round_of_a_day_and_a_night_is_exact(day: tuple[int, int, int]) -> None:
    """From the evening before a change of the clocks to the evening after: no drift, and always who is on call then."""
    start = local(*day) - 4 * 3600
    rounds = [each for each in climb(PLAN, start, 2600) if each[0] < start + 24 * 3600]
    turns = [at for at, place in rounds if place.rung == 0 and place.part == 0]
    assert turns == [start + 270.0 * n for n in range(320)]
    for at, place in rounds:
        assert place.whom == PLAN.whom(PLAN.rungs[place.rung], place.since)
        assert at == place.since or place.part
    hand_over = local(*day, 8)
    on_call = {(at >= hand_over, place.whom) for at, place in rounds if place.rung == 0 and at < local(*day, 20)}
    assert (False, ("Ana",)) in on_call and (True, ("Kim",)) in on_call


DELAY = st.floats(min_value=0, max_value=300)
PEOPLE = st.lists(st.lists(DELAY, min_size=1, max_size=3), min_size=1, max_size=3)


@settings(max_examples=150, deadline=None)
@given(
    people=PEOPLE,
    rungs=st.lists(st.tuples(st.integers(0, 2), st.integers(10, 300)), min_size=1, max_size=4),
    start=st.integers(0, 2_000_000_000),
)
def test_every_plan_reaches_everybody_it_names_within_its_time_and_never_stops(
    people: list[list[float]], rungs: list[tuple[int, int]], start: int
) -> None:
    plan = Plan(
        zone="Europe/Berlin",
        people=tuple(
            Person(name=f"p{n}", ways=tuple(Way(by=f"w{k}", after_seconds=d) for k, d in enumerate(delays)))
            for n, delays in enumerate(people)
        ),
        rungs=tuple(Rung(to=f"p{who % len(people)}", seconds=seconds) for who, seconds in rungs),
    )
    whole = sum(each.seconds for each in plan.rungs)
    found = [each for each in climb(plan, start, 60) if each[1].loop == 0]
    assert {reach.who for _, place in found for reach in round_at(plan, place).first} == {r.to for r in plan.rungs}
    for number, rung in enumerate(plan.rungs):
        tried = [reach.by for _, place in found if place.rung == number for reach in round_at(plan, place).first]
        assert sorted(tried) == sorted(way.by for way in plan.person(rung.to).ways)  # type: ignore[union-attr]
    assert found[-1][1].until == pytest.approx(start + whole)
