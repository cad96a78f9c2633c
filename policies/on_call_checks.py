"""What is wrong with an on-call plan, and what is weak in it, in sentences for the person who writes it. Pure.

Wrong is what cannot be carried out; weak is what can, and should not be: nobody on call, one way only, too slow.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from policies.on_call_plan import EVERYBODY, Plan, Rung, Way

ADDRESSES = {
    "text": re.compile(r"\+[1-9]\d{6,14}"),
    "voice": re.compile(r"\+[1-9]\d{6,14}"),
    "mail": re.compile(r"[^@\s]+@[^@\s]+"),
}
"""Ways that need an address, and how one looks; the others go where the clinic's settings say, or to `to`."""
LIKE = {"text": "+15551234567", "voice": "+15551234567", "mail": "kim@clinic.example"}
SHARED = {"voice": "text"}
"""Not independent of each other: one carrier."""
LOOK_AHEAD = 14 * 24 * 3600.0
SLOWEST = 120.0


def problems(plan: Plan, ways: Iterable[str]) -> list[str]:
    """`ways` are those that the clinic has set up. Nothing when the plan can be carried out."""
    return [*_names(plan), *_ways(plan, tuple(ways)), *_times(plan)]


def weaknesses(plan: Plan, now: float) -> list[str]:
    return [*_nobody(plan, now), *_too_few(plan), *_too_slow(plan), *_no_last_resort(plan)]


def nobody_now(plan: Plan, now: float) -> list[str]:
    """The rotas of the ladder on which nobody is at this instant."""
    return [rung.to for rung in _once(plan.rungs) if not plan.whom(rung, now)]


def _names(plan: Plan) -> Iterator[str]:
    names = [person.name for person in plan.people]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield f"{name} is written twice among the people."
    for name in plan.rotas:
        if name in names or name == EVERYBODY:
            yield f"{name} names a rota and somebody else: give the rota another name."
    for each in dict.fromkeys((one.rota, one.who) for one in plan.listed):
        if each[1] not in names:
            yield f"{each[1]} is on the rota {each[0]}, and is not among the people."
    for rung in _once(plan.rungs):
        if rung.to != EVERYBODY and rung.to not in (*names, *plan.rotas):
            yield f"The ladder names {rung.to}, who is no person, no rota and not {EVERYBODY}."


def _ways(plan: Plan, ways: tuple[str, ...]) -> Iterator[str]:
    last = [("The last resort", way) for way in plan.last_resort]
    for whose, way in [*((person.name, way) for person in plan.people for way in person.ways), *last]:
        if way.by not in ways:
            yield f"{whose}: {way.by} is not set up here. There is: {', '.join(ways) or 'nothing'}."
        elif (like := ADDRESSES.get(way.by)) and not like.fullmatch(way.to):
            yield f"{whose}: {way.by} needs an address like {LIKE[way.by]}."


def _times(plan: Plan) -> Iterator[str]:
    for one in plan.overrides:
        if one.end <= one.start:
            yield f"The override for {one.who} from {one.start:%Y-%m-%d %H:%M} ends before it begins."


def _nobody(plan: Plan, now: float) -> Iterator[str]:
    """The first hole of each rota that the ladder needs."""
    zone = ZoneInfo(plan.zone)
    for rung in _once(plan.rungs):
        if rung.to not in plan.rotas:
            continue
        gap = next((each for each in plan.rota(rung.to).ahead(now, now + LOOK_AHEAD) if not each.who), None)
        if gap:
            start, end = (datetime.fromtimestamp(moment, zone) for moment in (gap.start, gap.end))
            yield f"Nobody is on call for {rung.to} from {start:%a %d %b %H:%M} until {end:%a %d %b %H:%M}."


def _too_few(plan: Plan) -> Iterator[str]:
    """The console reaches only who sits before one: two ways that do not depend on each other come on top."""
    for person in plan.people:
        kinds = {_kind(way) for way in person.ways}
        if len(kinds) < 2:
            yield f"{person.name} is reached by {', '.join(sorted(kinds))} alone: add a way that does not depend on it."


def _too_slow(plan: Plan) -> Iterator[str]:
    for number, rung in enumerate(plan.rungs, start=1):
        if rung.seconds > SLOWEST:
            yield f"Step {number} waits {rung.seconds:g} seconds: for an emergency 60 to 120 are usual."
    for person in plan.people:
        if min(way.after_seconds for way in person.ways) > 0:
            yield f"{person.name}'s first way is not at once: it is used at once all the same."


def _no_last_resort(plan: Plan) -> Iterator[str]:
    if not plan.last_resort:
        yield "There is no last resort: add a number that is always answered, the practice's own for example."
    asked = [rung.to for rung in plan.rungs]
    if all(before == after for before, after in pairwise(asked)):
        yield f"Only {asked[0]} is ever paged: add another step."


def _kind(way: Way) -> str:
    return SHARED.get(way.by, way.by)


def _once(rungs: Iterable[Rung]) -> list[Rung]:
    return list({rung.to: rung for rung in rungs}.values())
