"""How a page climbs its plan: whom and by which way next, and until when. Pure: (plan, place, clock) → next place.

A page keeps the plan that it began with, and where it is in it; a plan that was changed meanwhile is for later pages.
"""

from typing import NamedTuple

from policies.facts import Record
from policies.on_call_plan import Plan, Way


class Place(Record):
    """Where a page is in its plan: round `attempt` of the page, part `part` of rung `rung`, the ladder's turn `loop`.

    It lasts `until` (seconds since the epoch); the rung began at `since`. `whom` are the people who are reached.
    """

    attempt: int
    loop: int
    rung: int
    part: int
    since: float
    until: float
    whom: tuple[str, ...]


class Reach(NamedTuple):
    """A person, or nobody in particular, by one way."""

    who: str
    by: str
    to: str


class Round(NamedTuple):
    """Whom a round reaches: `first` at once, `spare` too when none of those takes it. `siren` as the plan says."""

    first: tuple[Reach, ...]
    spare: tuple[Reach, ...]
    siren: bool


def next_place(plan: Plan, before: Place | None, attempt: int, now: float) -> Place:
    """Where round `attempt` is. One that comes before its time (more danger was told) repeats where the page is."""
    if before is None:
        return _rung(plan, 0, 0, attempt, now)
    if now < before.until:
        return before.model_copy(update={"attempt": attempt})
    if before.part + 1 < len(_delays(plan, before)):
        return _part(plan, before.model_copy(update={"attempt": attempt, "part": before.part + 1}), now)
    return _rung(plan, before.loop, before.rung + 1, attempt, now)


def round_at(plan: Plan, place: Place) -> Round:
    delays = _delays(plan, place)
    due = [_ways(plan, place.whom, delays, part) for part in range(len(delays))]
    desperate = place.loop > 0 or not place.whom
    last = tuple(Reach("", way.by, way.to) for way in plan.last_resort) if desperate else ()
    first = (*(due[place.part] if due else ()), *last)
    spare = tuple(reach for part in due[place.part + 1 :] for reach in part)
    return Round(first, spare, plan.siren and desperate)


def _rung(plan: Plan, loop: int, rung: int, attempt: int, now: float) -> Place:
    """The next rung that reaches anybody; when none does, this one reaches nobody, and the last resort has it."""
    for step in range(len(plan.rungs)):
        turns, at = divmod(rung + step, len(plan.rungs))
        if whom := plan.whom(plan.rungs[at], now):
            return _part(plan, _begun(loop + turns, at, attempt, now, whom), now)
    turns, at = divmod(rung, len(plan.rungs))
    return _part(plan, _begun(loop + turns, at, attempt, now, ()), now)


def _begun(loop: int, rung: int, attempt: int, now: float, whom: tuple[str, ...]) -> Place:
    return Place(attempt=attempt, loop=loop, rung=rung, part=0, since=now, until=now, whom=whom)


def _part(plan: Plan, place: Place, now: float) -> Place:
    """Until the next way's time, or the end of the rung; one that is begun too late hands over at once."""
    delays = _delays(plan, place)
    ends = delays[place.part + 1] if place.part + 1 < len(delays) else plan.rungs[place.rung].seconds
    return place.model_copy(update={"until": max(place.since + ends, now)})


def _delays(plan: Plan, place: Place) -> list[float]:
    """When the people's ways are tried, from the beginning of the rung; the first at once."""
    people = [person for person in plan.people if person.name in place.whom]
    found = {way.after_seconds for person in people for way in person.ways}
    in_time = sorted(delay for delay in found if delay < plan.rungs[place.rung].seconds)
    return [0.0, *in_time[1:]] if in_time else [0.0]


def _ways(plan: Plan, whom: tuple[str, ...], delays: list[float], part: int) -> tuple[Reach, ...]:
    ends = delays[part + 1] if part + 1 < len(delays) else float("inf")
    return tuple(
        Reach(person.name, way.by, way.to)
        for person in plan.people
        if person.name in whom
        for way in person.ways
        if _belongs(way, delays[part], ends, part)
    )


def _belongs(way: Way, begins: float, ends: float, part: int) -> bool:
    """The last part has also the ways whose time is after the rung's end: better too soon than never."""
    return way.after_seconds < ends and (part == 0 or way.after_seconds >= begins)
