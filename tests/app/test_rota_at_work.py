"""A page climbs the rota with the real worker and pager, on a clock that is set by hand: every round to the second."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.on_call import OnCall
from dialogue.clinic import Clinic
from dialogue.duties import CheckPage, NextWay, SendPage
from dialogue.events import Acknowledged, PageMissed
from dialogue.paging_ports import Notice, Sender, SendFailed
from policies.rota import DAYS, Person, Rota, Shift, Step, Way, on_duty, round_of
from storage.rotas import MemoryRotas
from tests.clock import NOON, SetClock
from tests.stage import Stage, clinic

pytestmark = pytest.mark.anyio

DANGER = "I have a crushing pain in my chest and my left arm feels heavy"
NEW_YORK = ZoneInfo("America/New_York")
KIM = Person(name="Kim", ways=(Way(kind="text", address="+15550000001"),))
ANA = Person(name="Ana", ways=(Way(kind="text", address="+15550000002"),))
LEA = Person(name="Lea", ways=(Way(kind="text", address="+15550000003"),))
SHIFTS = (
    Shift(to="nurse", person="Kim", days=DAYS, start=time(8), end=time(20)),
    Shift(to="nurse", person="Ana", days=DAYS, start=time(20), end=time(8)),
    Shift(to="doctor", person="Lea", days=DAYS, start=time(0), end=time(0)),
)
ROTA = Rota(
    zone="America/New_York",
    people=(KIM, ANA, LEA),
    steps=(Step(to="nurse", after_seconds=90), Step(to="doctor", after_seconds=60)),
    shifts=SHIFTS,
)
LOOP = 150.0


class Ward:
    """`heard` is when whose telephone rang, in seconds from the start."""

    def __init__(self, start: float, of: Clinic | None = None) -> None:
        self.clock, self.start = SetClock(start), start
        self.heard: list[tuple[float, str]] = []
        self.by: list[tuple[float, str]] = []
        self.rotas = MemoryRotas()
        self.broken: set[str] = set()
        ways = {"text": self._line, "voice": self._line, "mail": self._line}
        self.stage = Stage(clock=self.clock, of=of, on_call=OnCall(self.rotas, self.clock, ways))

    def _line(self, person: Person, address: str) -> Sender:
        ward = self

        class Line:
            name = f"text: {person.name}"

            async def send(self, notice: Notice) -> None:
                if address in ward.broken:
                    raise SendFailed("told to fail")
                ward.heard.append((ward.clock.at - ward.start, person.name))
                ward.by.append((ward.clock.at - ward.start, address))

        return Line()

    async def danger(self, rota: Rota = ROTA) -> None:
        await self.rotas.add(rota, "Ada", self.start - 60, 0)
        await self.stage.opens()
        await self.stage.says(DANGER)

    async def until(self, seconds: float) -> None:
        """Every duty in its very second."""
        while True:
            await self.stage.works()
            due = [each.due for each in self.stage.ledger.owed.values() if isinstance(each, SendPage | CheckPage)]
            if not due or min(due) - self.start > seconds:
                self.clock.at = self.start + seconds
                return
            self.clock.at = max(self.clock.at, min(due))


def local(*when: int) -> float:
    return datetime(*when, tzinfo=NEW_YORK).timestamp()  # type: ignore[arg-type, misc]


async def test_each_step_in_its_second_for_as_long_as_nobody_answers() -> None:
    ward = Ward(local(2026, 11, 25, 12))
    await ward.danger()
    await ward.until(2 * LOOP)
    assert ward.heard == [(0, "Kim"), (90, "Lea"), (150, "Kim"), (240, "Lea"), (300, "Kim")]
    assert [notice.siren for notice in ward.stage.sender.notices] == [False, False, True, True, True]


IN_ORDER = Person(
    name="Kim",
    ways=(
        Way(kind="voice", address="a call", after_seconds=40),
        Way(kind="mail", address="a mail"),
        Way(kind="text", address="a text", after_seconds=15),
    ),
)
ONE_BY_ONE = ROTA.model_copy(update={"people": (IN_ORDER, ANA, LEA)})


async def test_ways_are_tried_one_after_another_each_in_its_second_and_once() -> None:
    """From the second time round all at once: then nobody has answered anything."""
    ward = Ward(local(2026, 11, 25, 12))
    await ward.danger(ONE_BY_ONE)
    await ward.until(149)
    assert ward.by == [(0, "a mail"), (15, "a text"), (40, "a call"), (90, LEA.ways[0].address)]
    await ward.until(150)
    assert sorted(ward.by[4:]) == [(150, "a call"), (150, "a mail"), (150, "a text")]


async def test_who_acknowledges_is_not_tried_by_the_next_way() -> None:
    ward = Ward(local(2026, 11, 25, 12))
    await ward.danger(ONE_BY_ONE)
    await ward.until(20)
    await ward.stage.acts(Acknowledged(at=ward.clock.at, by="Kim"))
    await ward.until(500)
    assert ward.by == [(0, "a mail"), (15, "a text")]


async def test_the_next_way_is_tried_at_once_where_none_before_it_got_through() -> None:
    ward = Ward(local(2026, 11, 25, 12))
    ward.broken = {"a mail", "a text"}
    await ward.danger(ONE_BY_ONE)
    await ward.until(80)
    assert ward.by == [(0, "a call")]


async def test_a_way_that_failed_is_tried_again_with_the_next() -> None:
    ward = Ward(local(2026, 11, 25, 12))
    ward.broken = {"a text"}
    await ward.danger(ONE_BY_ONE)
    await ward.until(20)
    ward.broken.clear()
    await ward.until(80)
    assert sorted(ward.by) == [(0, "a mail"), (40, "a call"), (40, "a text")]


CALL_FIRST = ROTA.model_copy(
    update={
        "people": (
            Person(
                name="Kim",
                ways=(
                    Way(kind="voice", address="a call"),
                    Way(kind="text", address="a text", after_seconds=40),
                    Way(kind="mail", address="a mail", after_seconds=50),
                ),
            ),
            ANA,
            LEA,
        )
    }
)


async def call_missed(broken: Collection[str] = ()) -> Ward:
    """Ten seconds after a danger, when the call to Kim has reached nobody. `broken` are ways that fail."""
    ward = Ward(local(2026, 11, 25, 12))
    ward.broken = {*broken}
    await ward.danger(CALL_FIRST)
    await ward.until(10)
    await ward.stage.acts(PageMissed(at=ward.clock.at, sender="voice: Kim"))
    return ward


async def test_a_way_that_reached_nobody_is_followed_by_the_next_at_once_and_once() -> None:
    ward = await call_missed()
    await ward.until(30)
    assert ward.by == [(0, "a call"), (10, "a text")]
    await ward.until(80)
    assert ward.by == [(0, "a call"), (10, "a text"), (50, "a mail")]


async def test_where_the_next_way_fails_too_the_one_after_it_is_tried() -> None:
    ward = await call_missed(broken={"a text"})
    await ward.until(30)
    assert ward.by == [(0, "a call"), (10, "a mail")]


async def test_trying_the_next_way_twice_reaches_nobody_twice() -> None:
    ward = await call_missed()
    [again] = [one for one in ward.stage.ledger.owed.values() if isinstance(one, NextWay)]
    await ward.stage.attends(again)
    await ward.stage.attends(again)
    assert ward.by == [(0, "a call"), (10, "a text")]


async def test_a_late_report_about_an_earlier_round_changes_nothing() -> None:
    ward = await call_missed()
    [late] = [one for one in ward.stage.ledger.owed.values() if isinstance(one, NextWay)]
    await ward.until(95)
    before = list(ward.by)
    await ward.stage.attends(late)
    assert ward.by == before


async def test_a_page_raised_by_a_clock_that_is_ahead_goes_out_at_once() -> None:
    """Servers and workers are apart: they do not share a clock."""
    ward = Ward(local(2026, 11, 25, 12))
    await ward.danger(ONE_BY_ONE)
    ward.clock.at -= 30
    [send] = [duty for duty in ward.stage.ledger.owed.values() if isinstance(duty, SendPage)]
    await ward.stage.attends(send)
    assert ward.by == [(-30, "a mail")] and ward.stage.sender.notices


async def test_acknowledging_ends_it() -> None:
    ward = Ward(local(2026, 11, 25, 12))
    await ward.danger()
    await ward.until(60)
    await ward.stage.acts(Acknowledged(at=ward.clock.at, by="Kim"))
    await ward.until(500)
    assert ward.heard == [(0, "Kim")]


async def test_rounds_stay_on_time_through_a_change_of_shift() -> None:
    """An hour before it and half an hour after."""
    ward = Ward(local(2026, 11, 25, 19))
    await ward.danger()
    await ward.until(1.5 * 3600)
    nurses = [(at, who) for at, who in ward.heard if at % LOOP == 0]
    assert nurses == [(LOOP * n, "Kim" if n < 24 else "Ana") for n in range(37)]
    assert max(later - earlier for (earlier, _), (later, _) in pairwise(ward.heard)) <= 90


async def test_nobody_answers_for_a_day_and_a_night_and_every_round_is_in_its_second() -> None:
    """Through real worker, pager and outbox, over the night in which the clocks change."""
    ward = Ward(local(2026, 3, 8) - 4 * 3600)
    await ward.danger()
    await ward.until(24 * 3600 - 1)
    turns = range(24 * 3600 // int(LOOP))
    hours = [datetime.fromtimestamp(ward.start + LOOP * turn, NEW_YORK).hour for turn in turns]
    nurses = [(LOOP * turn, "Kim" if 8 <= hour < 20 else "Ana") for turn, hour in zip(turns, hours, strict=True)]
    assert [each for each in ward.heard if each[1] != "Lea"] == nurses
    assert [at for at, who in ward.heard if who == "Lea"] == [LOOP * turn + 90 for turn in turns]
    assert len(ward.stage.sender.notices) == len({notice.key for notice in ward.stage.sender.notices}) == 2 * len(turns)


async def test_a_step_of_the_rota_is_not_put_off_by_a_longer_repeat() -> None:
    """The ladder's own time is for clinics without a rota; it was once waited for first."""
    steps = tuple(step.model_copy(update={"after_seconds": 300.0}) for step in clinic().ladder.steps)
    ward = Ward(local(2026, 11, 25, 12), replace(clinic(), ladder=clinic().ladder.model_copy(update={"steps": steps})))
    await ward.danger()
    await ward.until(90)
    assert ward.heard == [(0, "Kim"), (90, "Lea")]


async def test_a_page_that_goes_out_again_uses_the_newest_rota() -> None:
    ward = Ward(NOON)
    await ward.danger()
    await ward.stage.works()
    await ward.stage.acts(Acknowledged(at=ward.clock.at, by="Kim"))
    changed = ROTA.model_copy(update={"shifts": (SHIFTS[2].model_copy(update={"to": "nurse"}),)})
    await ward.rotas.add(changed, "Ada", ward.clock.at, 1)
    await ward.until(ward.stage.clinic.act_seconds)
    await ward.stage.works()
    assert ward.heard[-1][1] == "Lea"
    page = (await ward.stage.now()).page
    assert page is not None and page.rota == 2


@pytest.mark.parametrize("day", [(2026, 3, 8), (2026, 11, 1), (2026, 7, 1)])
def test_every_round_of_a_day_and_a_night_is_exact_also_when_clocks_change(day: tuple[int, int, int]) -> None:
    """From the evening before to the evening after: somebody is reached in every round, and it is who is on call."""
    now, turn, start = local(*day) - 4 * 3600, 0, local(*day) - 4 * 3600
    while now < start + 24 * 3600:
        found = round_of(ROTA, turn, now)
        assert now == start + LOOP * (turn // 2) + 90 * (turn % 2)
        clock = datetime.fromtimestamp(now, NEW_YORK)
        day_time = 8 <= clock.hour < 20
        assert [one.name for one in found.people] == [("Kim" if day_time else "Ana") if turn % 2 == 0 else "Lea"]
        now, turn = now + found.after_seconds, turn + 1
    assert turn == 2 * 24 * 3600 / LOOP


CLOCK = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
ZONE = st.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "UTC"])
AROUND = st.sampled_from([(2026, 3, 8), (2026, 11, 1), (2026, 3, 29), (2026, 10, 25), (2026, 4, 5), (2026, 10, 4)])


@settings(max_examples=60, deadline=None)
@given(zone=ZONE, day=AROUND, cuts=st.lists(CLOCK, min_size=2, max_size=5, unique=True))
def test_shifts_that_follow_one_another_leave_nobody_out(
    zone: str, day: tuple[int, int, int], cuts: list[time]
) -> None:
    """Round the clock in any zone: at no minute of the day is nobody on call, whatever the clocks do."""
    cuts = sorted(cuts)
    people = tuple(Person(name=f"p{number}") for number in range(len(cuts)))
    shifts = tuple(
        Shift(to="nurse", person=f"p{number}", days=DAYS, start=start, end=end)
        for number, (start, end) in enumerate(zip(cuts, [*cuts[1:], cuts[0]], strict=True))
    )
    rota = Rota(zone=zone, people=people, steps=(Step(to="nurse"),), shifts=shifts)
    begins = datetime(*day, tzinfo=ZoneInfo(zone)).timestamp()
    assert all(on_duty(rota, "nurse", rota.local(begins + 60.0 * minute)) for minute in range(-120, 26 * 60, 7))
