"""The queue's filters, and how many cases each would show. Knows nothing about pages."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple
from urllib.parse import urlencode

from channels.console.words import LEVELS
from dialogue.queue import Place
from dialogue.staff_ports import StaffMember
from policies.levels import Level
from policies.roles import Role

PAGE = 50

COUNTED = attrgetter("level", "for_doctor", "owner", "owned_until")
"""Everything that a filter may look at: places that are alike in it are counted together."""

Test = Callable[[Place, str, float], bool]

KINDS: Mapping[str, tuple[str, Test]] = {
    "all": ("All", lambda place, me, now: True),
    "free": ("Nobody's", lambda place, me, now: place.owner_at(now) == ""),
    "mine": ("Mine", lambda place, me, now: place.owner_at(now) == me),
    "doctor": ("For a doctor", lambda place, me, now: place.for_doctor),
}


class Filter(NamedTuple):
    show: str = "all"
    level: Level | None = None
    page: int = 1

    def pick(self, places: Sequence[Place], me: str, now: float) -> Sequence[Place]:
        """Those of the places that it shows."""
        if self.level is not None:
            places = [place for place in places if place.level is self.level]
        shows = KINDS[self.show][1]
        return places if self.show == "all" else [place for place in places if shows(place, me, now)]

    def address(self, page: int = 1) -> str:
        """The address of one page of the filtered queue."""
        given = {"show": self.show if self.show != "all" else "", "level": self.level.name if self.level else ""}
        given["page"] = str(page) if page > 1 else ""
        query = urlencode({name: value for name, value in given.items() if value})
        return f"/console?{query}" if query else "/console"


class Choice(NamedTuple):
    """One thing to filter by, with how many cases it would show."""

    label: str
    address: str
    cases: int
    chosen: bool


def levels_told(first_impression: bool) -> Sequence[Level]:
    """What may be filtered by. Where a nurse judges first, a filter would tell the level; emergencies are never
    hidden."""
    return (Level.EMERGENCY,) if first_impression else tuple(LEVELS)


def read_filter(query: Mapping[str, str], told: Sequence[Level]) -> Filter:
    """The filter in an address's query; invalid values are ignored."""
    show = query.get("show", "")
    page = query.get("page", "")
    return Filter(
        show=show if show in KINDS else "all",
        level=next((level for level in told if level.name == query.get("level")), None),
        page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def choices(
    places: Sequence[Place], asked: Filter, member: StaffMember, now: float, told: Sequence[Level]
) -> list[list[Choice]]:
    """The choices in two groups: by owner and by level. Each count takes the other group's present choice into
    account."""
    by_kind, by_level = _counted(places, asked, member.name, now)
    kinds = [
        Choice(label, asked._replace(show=name).address(), by_kind[name], name == asked.show)
        for name, (label, _) in KINDS.items()
        if name != "doctor" or member.role is Role.DOCTOR or by_kind[name]
    ]
    levels = [
        Choice(label, asked._replace(level=level).address(), by_level[level], level is asked.level)
        for level, label in [(None, "Every level"), *((level, LEVELS[level]) for level in told)]
    ]
    return [kinds, levels]


def _counted(
    places: Sequence[Place], asked: Filter, me: str, now: float
) -> tuple[Mapping[str, int], Mapping[Level | None, int]]:
    """How many cases of each kind, and of each level (None: all), in one pass over the queue, which may be long."""
    tests = [(name, test) for name, (_, test) in KINDS.items()]
    shown, level = KINDS[asked.show][1], asked.level
    by_kind: Counter[str] = Counter()
    by_level: Counter[Level | None] = Counter()
    for (at, for_doctor, owner, until), number in Counter(map(COUNTED, places)).items():
        like = Place("", 0.0, at, False, for_doctor, until, owner)
        if level in (None, like.level):
            by_kind.update({name: number for name, test in tests if test(like, me, now)})
        if shown(like, me, now):
            by_level[like.level] += number
    return by_kind, Counter({**by_level, None: by_level.total()})
