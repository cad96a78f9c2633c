"""Who is on call when: weekly shifts and what is put in their place, in the clinic's own time zone. Pure.

A shift runs from one instant to another, each the wall clock's on that day: when clocks change it is an hour shorter or
longer, and hands over once. A time that comes twice is meant the first time. Knows nothing about pages.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import Field

from policies.findings import Content

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Shift(Content):
    """`who` is on call on these days from `start` until `end`; an end not after the start is on the next day."""

    rota: str = Field(min_length=1)
    who: str = Field(min_length=1)
    days: tuple[Day, ...] = Field(min_length=1)
    start: time
    end: time


class Override(Content):
    """`who` is on call instead of whoever the shifts name, between two moments on the clinic's clock."""

    rota: str = Field(min_length=1)
    who: str = Field(min_length=1)
    start: datetime
    end: datetime


class Duty(NamedTuple):
    """On call together between two instants (seconds since the epoch); nobody when `who` is empty."""

    who: tuple[str, ...]
    start: float
    end: float


class _Watch(NamedTuple):
    who: str
    start: float
    end: float


class Rota(NamedTuple):
    """One list of shifts and overrides, read in one time zone."""

    zone: ZoneInfo
    shifts: Sequence[Shift]
    overrides: Sequence[Override]

    def on_call(self, now: float) -> tuple[str, ...]:
        """Those on call at this instant, in the order in which they are written; an override goes before the shifts."""
        instead = [watch.who for watch in self._overridden() if watch.start <= now < watch.end]
        usual = [watch.who for watch in self._watches(now, now) if watch.start <= now < watch.end]
        return tuple(dict.fromkeys(instead or usual))

    def ahead(self, now: float, until: float) -> list[Duty]:
        """From now on, one after the other without a gap: those on call, and where nobody is."""
        watches = (*self._watches(now, until), *self._overridden())
        changes = sorted({moment for watch in watches for moment in (watch.start, watch.end) if now < moment < until})
        found: list[Duty] = []
        for start, end in zip((now, *changes), (*changes, until), strict=True):
            who = self.on_call(start)
            if found and found[-1].who == who:
                found[-1] = found[-1]._replace(end=end)
            else:
                found.append(Duty(who, start, end))
        return found

    def _watches(self, now: float, until: float) -> Iterator[_Watch]:
        """Every shift that may touch the time from `now` until `until`."""
        first = datetime.fromtimestamp(now, self.zone).date() - timedelta(days=2)
        last = datetime.fromtimestamp(until, self.zone).date() + timedelta(days=1)
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            for shift in self.shifts:
                if DAYS[day.weekday()] in shift.days:
                    ends = day if shift.start < shift.end else day + timedelta(days=1)
                    yield _Watch(shift.who, self._instant(day, shift.start), self._instant(ends, shift.end))

    def _overridden(self) -> Iterator[_Watch]:
        for one in self.overrides:
            start, end = (self._instant(moment.date(), moment.time()) for moment in (one.start, one.end))
            yield _Watch(one.who, start, end)

    def _instant(self, day: date, clock: time) -> float:
        return datetime.combine(day, clock, self.zone).timestamp()
