"""An on-call plan as people write it: a line for each person, shift, override and step. Pure; the inverse of itself.

people      Kim Lee: text +15551234567, voice +15551234567 after 45
shifts      nurses: mon-fri 08:00-18:00 Kim Lee
overrides   nurses: 2026-12-24 18:00 to 2026-12-25 08:00 Ana Ruiz
steps       nurses 90
last        voice +15559876543
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from typing import NamedTuple, TypeVar

from pydantic import ValidationError

from policies.on_call_plan import Person, Plan, Rung, Way
from policies.rota import DAYS, Day, Override, Shift

CLOCK = r"\d\d:\d\d"
WAY = re.compile(r"(?P<by>[a-z]+)(?: +(?P<to>(?!after )\S+))?(?: +after +(?P<after>\d+))?")
SHIFT = re.compile(rf"(?P<rota>[^:]+): *(?P<days>[a-z, -]+) +(?P<start>{CLOCK})-(?P<end>{CLOCK}) +(?P<who>.+)")
OVERRIDE = re.compile(
    rf"(?P<rota>[^:]+): *(?P<start>\d{{4}}-\d\d-\d\d {CLOCK}) +to +(?P<end>\d{{4}}-\d\d-\d\d {CLOCK}) +(?P<who>.+)"
)
STEP = re.compile(r"(?P<to>.+?) +(?P<seconds>\d+)(?: *s| +seconds)?")

T = TypeVar("T")
FIELDS = ("zone", "people", "shifts", "overrides", "steps", "last")


class Unreadable(Exception):
    """Lines that could not be read; `problems` has a sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class _Section(NamedTuple):
    name: str
    example: str


PEOPLE = _Section("People", "Kim Lee: text +15551234567, voice +15551234567 after 45")
SHIFTS = _Section("Rota", "nurses: mon-fri 08:00-18:00 Kim Lee")
OVERRIDES = _Section("Overrides", "nurses: 2026-12-24 18:00 to 2026-12-25 08:00 Ana Ruiz")
STEPS = _Section("Ladder", "nurses 90")
LAST = _Section("Last resort", "voice +15559876543")


def read_plan(written: Mapping[str, str], siren: bool) -> Plan:
    """The plan that these fields say, or Unreadable with what is wrong, line by line."""
    problems: list[str] = []

    def each(field: str, section: _Section, read: Callable[[str], T]) -> tuple[T, ...]:
        return tuple(_lines(written.get(field, ""), section, read, problems))

    made = {
        "people": each("people", PEOPLE, _person),
        "shifts": each("shifts", SHIFTS, _shift),
        "overrides": each("overrides", OVERRIDES, _override),
        "rungs": each("steps", STEPS, _rung),
        "last_resort": each("last", LAST, _way),
    }
    if not problems and not made["people"]:
        problems.append(f"People: write at least one, like {PEOPLE.example}")
    if not problems and not made["rungs"]:
        problems.append(f"Ladder: write at least one step, like {STEPS.example}")
    if problems:
        raise Unreadable(problems)
    try:
        return Plan.model_validate({"zone": written.get("zone", "").strip(), "siren": siren, **made})
    except ValidationError as error:
        told = [fault["msg"].removeprefix("Value error, ") for fault in error.errors(include_url=False)]
        raise Unreadable(told) from None


def write_plan(plan: Plan) -> dict[str, str]:
    """The fields that `read_plan` reads this plan from."""
    return {
        "zone": plan.zone,
        "people": "\n".join(f"{each.name}: {', '.join(map(way_text, each.ways))}" for each in plan.people),
        "shifts": "\n".join(
            f"{each.rota}: {days_text(each.days)} {each.start:%H:%M}-{each.end:%H:%M} {each.who}"
            for each in plan.shifts
        ),
        "overrides": "\n".join(
            f"{each.rota}: {each.start:%Y-%m-%d %H:%M} to {each.end:%Y-%m-%d %H:%M} {each.who}"
            for each in plan.overrides
        ),
        "steps": "\n".join(f"{each.to} {each.seconds:g}" for each in plan.rungs),
        "last": "\n".join(map(way_text, plan.last_resort)),
    }


def way_text(way: Way) -> str:
    after = f"after {way.after_seconds:g}" if way.after_seconds else ""
    return " ".join(filter(None, (way.by, way.to, after)))


def days_text(days: tuple[Day, ...]) -> str:
    """ "mon-fri" for days in a row, "mon, wed" for others."""
    found = sorted(DAYS.index(day) for day in days)
    if len(found) > 2 and found[-1] - found[0] == len(found) - 1:
        return f"{DAYS[found[0]]}-{DAYS[found[-1]]}"
    return ", ".join(DAYS[number] for number in found)


def _lines(text: str, section: _Section, read: Callable[[str], T], problems: list[str]) -> Iterator[T]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield read(" ".join(line.split()))
        except ValidationError as error:
            field = error.errors(include_url=False)[0]
            problems.append(f"{section.name}, line {number}: {field['msg']}.")
        except ValueError as error:
            said = str(error)
            problems.append(f"{section.name}, line {number}: {said or f'write it like {section.example}'}")


def _person(line: str) -> Person:
    name, colon, ways = line.partition(":")
    if not colon:
        raise ValueError
    return Person(name=name.strip(), ways=tuple(_way(each.strip()) for each in ways.split(",")))


def _way(text: str) -> Way:
    found = _match(WAY, text)
    return Way(by=found["by"], to=found["to"] or "", after_seconds=float(found["after"] or 0))


def _shift(line: str) -> Shift:
    found = _match(SHIFT, line)
    return Shift(
        rota=found["rota"].strip(),
        who=found["who"],
        days=tuple(_days(found["days"])),
        start=_clock(found["start"]),
        end=_clock(found["end"]),
    )


def _override(line: str) -> Override:
    found = _match(OVERRIDE, line)
    return Override(
        rota=found["rota"].strip(), who=found["who"], start=_moment(found["start"]), end=_moment(found["end"])
    )


def _rung(line: str) -> Rung:
    found = _match(STEP, line)
    seconds = float(found["seconds"])
    if not 10 <= seconds <= 3600:
        raise ValueError("a step waits between 10 and 3600 seconds")
    return Rung(to=found["to"], seconds=seconds)


def _days(text: str) -> Iterator[Day]:
    """ "mon-fri", "sat, sun", "fri-mon" over the week's end."""
    for part in text.split(","):
        first, _, last = (each.strip()[:3] for each in part.partition("-"))
        if first not in DAYS or (last or first) not in DAYS:
            raise ValueError(f"days are {', '.join(DAYS)}, or two with a dash")
        number, end = DAYS.index(first), DAYS.index(last or first)
        yield DAYS[number]
        while number != end:
            number = (number + 1) % 7
            yield DAYS[number]


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text} is no time of day") from None


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text} is no day and time") from None


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(text)
    if found is None:
        raise ValueError
    return found
