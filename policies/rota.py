"""Who is on call when: people, the ways to reach each, a weekly rota in the clinic's own time, and exceptions to it.

Pure. Shifts are in the clinic's local time, so that daylight saving moves nobody's shift. Knows nothing about senders
or pages.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Literal, NamedTuple, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from policies.findings import Content

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

AHEAD = timedelta(days=8)
"""How far ahead the next change is looked for: longer than a week, so that every weekly shift comes up."""

SHORTEST_STEP, LONGEST_STEP = 60.0, 120.0
"""Bounds, in seconds, of the time that people on call have to answer."""

CARRIER = {"text": "telephone", "voice": "telephone"}
"""Kinds of way that share one carrier: one fault stops them together."""

ENOUGH = 2
"""How many independent carriers every page, and every person, should have: no single fault may stop them all."""

LONGEST_NAME = 60

LATEST_WAY = 50.0
"""By this many seconds into a step the last way is tried: before the shortest step is over."""


class Way(Content):
    """One way to reach a person: a mail address, or a telephone number in E.164.

    It is tried when a step has gone unanswered for `after_seconds`, and at once where no way before it got through.
    """

    kind: Literal["mail", "text", "voice"]
    address: str = Field(min_length=3, max_length=120)
    after_seconds: float = Field(default=0.0, ge=0.0, le=LATEST_WAY)


class Person(Content):
    """Each round of a page tries all of their ways, each after its own delay."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    ways: tuple[Way, ...] = ()


class Step(Content):
    """A rung of the ladder: whoever is on call for `to` has `after_seconds` to answer."""

    to: str = Field(min_length=1, max_length=LONGEST_NAME)
    after_seconds: float = Field(default=SHORTEST_STEP, ge=SHORTEST_STEP, le=LONGEST_STEP)


class Shift(Content):
    """Every week on these days, from `start` to `end`. An `end` that is not after `start` is on the next day."""

    to: str
    person: str
    days: tuple[Day, ...] = Field(min_length=1)
    start: time
    end: time


class Override(Content):
    """Takes the place of the weekly shifts from `begins` to `ends`, in the clinic's local time."""

    to: str
    person: str
    begins: datetime
    ends: datetime

    @model_validator(mode="after")
    def _is_some_time(self) -> Self:
        if self.begins.tzinfo or self.ends.tzinfo:
            raise ValueError("an exception is written in the clinic's own time, without a zone")
        if self.ends <= self.begins:
            raise ValueError("an exception must end after it begins")
        return self


class Rota(Content):
    """The steps in order, repeated for ever; `last_resort` are people who join from the second time round."""

    zone: str = "UTC"
    people: tuple[Person, ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1)
    shifts: tuple[Shift, ...] = ()
    overrides: tuple[Override, ...] = ()
    last_resort: tuple[str, ...] = ()

    @field_validator("zone")
    @classmethod
    def _is_known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"“{zone}” is no time zone; write it like Europe/London or America/New_York") from None
        return zone

    @model_validator(mode="after")
    def _names_what_is_there(self) -> Self:
        _no_twice("person", (person.name for person in self.people))
        _no_twice("step", (step.to for step in self.steps))
        known, steps = {person.name for person in self.people}, {step.to for step in self.steps}
        duties = [(one.to, one.person) for one in self.shifts] + [(one.to, one.person) for one in self.overrides]
        for to, person in duties:
            if person not in known:
                raise ValueError(f"there is no person “{person}”")
            if to not in steps:
                raise ValueError(f"there is no step “{to}”")
        if missing := set(self.last_resort) - known:
            raise ValueError(f"there is no person “{min(missing)}”")
        return self

    def person(self, name: str) -> Person:
        return next(person for person in self.people if person.name == name)

    def local(self, at: float) -> datetime:
        """The clinic's local time at `at` (seconds since the epoch), without a zone."""
        return datetime.fromtimestamp(at, ZoneInfo(self.zone)).replace(tzinfo=None)


class Round(NamedTuple):
    """Whom one round of a page goes to. Nobody in `people` means that nobody is on call for it.

    `again` from the second time round: nobody has answered any step.
    """

    to: str
    people: tuple[Person, ...]
    after_seconds: float
    again: bool


class Gap(NamedTuple):
    """Nobody is on call for `to` between these times, in the clinic's local time."""

    to: str
    begins: datetime
    ends: datetime


def round_of(rota: Rota, attempt: int, at: float) -> Round:
    """Round `attempt`, counted from 0, at `at` seconds since the epoch."""
    step = rota.steps[attempt % len(rota.steps)]
    people = on_duty(rota, step.to, rota.local(at))
    if again := attempt >= len(rota.steps):
        people = tuple(dict.fromkeys((*people, *map(rota.person, rota.last_resort))))
    return Round(step.to, people, step.after_seconds, again)


def on_duty(rota: Rota, to: str, local: datetime) -> tuple[Person, ...]:
    """Who is on call for a step at this local time: by an override that is in force, else by the weekly shifts."""
    instead = [one.person for one in rota.overrides if one.to == to and one.begins <= local < one.ends]
    names = instead or [shift.person for shift in rota.shifts if shift.to == to and _holds(shift, local)]
    return tuple(rota.person(name) for name in dict.fromkeys(names))


def uncovered(rota: Rota, at: float) -> list[str]:
    """The steps for which nobody is on call at `at` seconds since the epoch."""
    return [step.to for step in rota.steps if not on_duty(rota, step.to, rota.local(at))]


def reached_by(rota: Rota) -> set[str]:
    """The kinds of way by which the rota's people are reached."""
    return {way.kind for person in rota.people for way in person.ways}


def next_change(rota: Rota, to: str, local: datetime) -> tuple[datetime, tuple[Person, ...]] | None:
    """When somebody else is on call for a step, and who; None if that does not change within a week."""
    now = on_duty(rota, to, local)
    for moment in _moments(rota, local):
        if (then := on_duty(rota, to, moment)) != now:
            return moment, then
    return None


def gaps(rota: Rota, local: datetime) -> Iterator[Gap]:
    """The times of the next week in which nobody is on call for a step."""
    end = local + timedelta(days=7)
    for step in rota.steps:
        begins = None if on_duty(rota, step.to, local) else local
        for moment in (*(each for each in _moments(rota, local) if each < end), end):
            covered = bool(on_duty(rota, step.to, moment)) or moment == end
            if begins and covered:
                yield Gap(step.to, begins, moment)
                begins = None
            elif not begins and not covered:
                begins = moment


def carriers(ways: Iterable[str], personal: Collection[str] = (), rota: Rota | None = None) -> set[str]:
    """The independent carriers of a page: it reaches nobody only if all of them fail.

    `ways` reach the whole team. `personal` are the kinds of way to one person that the clinic has set up; they count
    if somebody on the rota has one.
    """
    by_rota = reached_by(rota) & set(personal) if rota else set()
    return {CARRIER.get(way, way) for way in (*ways, *by_rota)}


def weak(rota: Rota, personal: Collection[str]) -> Iterator[str]:
    """People with fewer than two independent ways: a single fault would keep every page from them.

    `personal` are the kinds of way to one person that the clinic has set up: nothing goes out by any other.
    """
    for person in rota.people:
        if len(carriers(way.kind for way in person.ways if way.kind in personal)) < ENOUGH:
            yield person.name


def _holds(shift: Shift, local: datetime) -> bool:
    today, clock = DAYS[local.weekday()], local.time()
    if shift.start < shift.end:
        return today in shift.days and shift.start <= clock < shift.end
    yesterday = DAYS[local.weekday() - 1]
    return (today in shift.days and clock >= shift.start) or (yesterday in shift.days and clock < shift.end)


def _moments(rota: Rota, local: datetime) -> list[datetime]:
    """Every time after `local` at which anything may change, in order."""
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight + timedelta(days=day) for day in range(AHEAD.days + 1)]
    clocks = {clock for shift in rota.shifts for clock in (shift.start, shift.end)}
    found = {datetime.combine(day, clock) for day in days for clock in clocks}
    found |= {moment for one in rota.overrides for moment in (one.begins, one.ends)}
    return sorted(moment for moment in found if local < moment <= local + AHEAD)


def _no_twice(kind: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"there are two of the same {kind}: “{name}”")
        seen.add(name)
