"""Statistics of the clinic's cases: times, decisions, and what nurses thought of the rules. Knows nothing about pages.

They are computed from `Figures`, which hold no patient's words and nobody's name.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from channels.console.words import seconds_in_words
from dialogue.figures import Figures
from policies.levels import Level
from policies.ruleset import RuleSet

DAY = 86_400.0
PAGE_STEPS = (30.0, 60.0, 120.0, 300.0)
ANSWER_STEPS = (900.0, 3600.0, 4 * 3600.0, DAY)
"""Upper bounds of the plots' bars, in seconds."""


class Share(NamedTuple):
    """So many of so many."""

    part: int
    whole: int

    @property
    def percent(self) -> float:
        return 100 * self.part / self.whole if self.whole else 0.0


class Times(NamedTuple):
    """Durations in seconds: how many were measured, their median and their 90th percentile (`p90`)."""

    measured: int
    median: float
    p90: float


class Summary(NamedTuple):
    """The figures of some cases; times are None where none was measured. `abstained` are whole cases whose draft the
    rules made, `agreed_blind` first impressions that were the rules' level."""

    cases: int
    paged: int
    to_acknowledge: Times | None
    to_release: Times | None
    review: Times | None
    overridden: Share
    edited: Share
    rejected: Share
    partial: Share
    abstained: Share
    too_high: Share
    too_low: Share
    agreed_blind: Share


class Bucket(NamedTuple):
    """How many cases took as long as the label says."""

    label: str
    cases: int


class RuleLine(NamedTuple):
    """How often a rule fired and paged, and what nurses thought of it; `level` is None once it is gone."""

    rule: str
    level: Level | None
    because: str
    fired: int
    paged: int
    too_high: Share


def summary(figures: Sequence[Figures]) -> Summary:
    released = [each for each in figures if each.released_at is not None]
    judged = [each for each in figures if each.judged]
    whole = [each for each in figures if not each.partial and each.draft]
    guessed = [each for each in figures if each.impression]
    return Summary(
        cases=len(figures),
        paged=sum(1 for each in figures if each.paged_at is not None),
        to_acknowledge=_times(_between(figures, lambda each: (each.paged_at, each.acknowledged_at))),
        to_release=_times(_between(figures, lambda each: (each.came_at, each.released_at))),
        review=_times([float(each.spent) for each in figures if each.spent and each.closed_at]),
        overridden=_share(figures, lambda each: each.overrides > 0),
        edited=_share(released, lambda each: each.edited),
        rejected=_share(figures, lambda each: each.rejected > 0),
        partial=_share(figures, lambda each: each.partial not in ("", "red_flag")),
        abstained=_share(whole, lambda each: each.draft == "rules"),
        too_high=_share(judged, lambda each: each.judged == "too_high"),
        too_low=_share(judged, lambda each: each.judged == "too_low"),
        agreed_blind=_share(guessed, lambda each: each.impression is each.came_level),
    )


def by_protocol(figures: Iterable[Figures], ruleset: RuleSet) -> list[tuple[str, Summary]]:
    """A summary for each protocol, the most frequent first. A case with several protocols counts under each."""
    groups: dict[str, list[Figures]] = defaultdict(list)
    for each in figures:
        for name in each.protocols or ("",):
            groups[name].append(each)
    titles = {name: protocol.title for name, protocol in ruleset.protocols.items()}
    found = [(titles.get(name, name) or "No protocol", summary(group)) for name, group in groups.items()]
    return sorted(found, key=lambda line: (-line[1].cases, line[0]))


def by_rule(figures: Iterable[Figures], ruleset: RuleSet) -> list[RuleLine]:
    """The rules that fired in these cases, most often first."""
    groups: dict[str, list[Figures]] = defaultdict(list)
    for each in figures:
        for rule in each.rules:
            groups[rule].append(each)
    found = [_rule_line(name, group, ruleset) for name, group in groups.items()]
    return sorted(found, key=lambda line: (-line.fired, line.rule))


def _rule_line(name: str, group: Sequence[Figures], ruleset: RuleSet) -> RuleLine:
    rule = ruleset.rules.get(name)
    judged = [each for each in group if each.judged]
    return RuleLine(
        rule=name,
        level=rule.level if rule else None,
        because=rule.because if rule else "No longer in the content.",
        fired=len(group),
        paged=sum(1 for each in group if each.paged_at is not None),
        too_high=_share(judged, lambda each: each.judged == "too_high"),
    )


def acknowledging(figures: Iterable[Figures]) -> list[Bucket]:
    """How long pages waited for a named person."""
    return _buckets(_between(figures, lambda each: (each.paged_at, each.acknowledged_at)), PAGE_STEPS)


def releasing(figures: Iterable[Figures]) -> list[Bucket]:
    """How long cases waited for their answer."""
    return _buckets(_between(figures, lambda each: (each.came_at, each.released_at)), ANSWER_STEPS)


def _buckets(seconds: Sequence[float], steps: Sequence[float]) -> list[Bucket]:
    below = [sum(1 for each in seconds if each < step) for step in steps]
    counts = [later - earlier for earlier, later in pairwise((0, *below, len(seconds)))]
    names = [f"under {seconds_in_words(step)}" for step in steps]
    return [Bucket(name, count) for name, count in zip([*names, "longer"], counts, strict=True)]


def per_day(figures: Iterable[Figures], days: int, now: float) -> list[tuple[str, Mapping[Level | None, int]]]:
    """For each of the last `days` days (UTC, oldest first) how many cases of each level came."""
    counted: dict[str, Counter[Level | None]] = defaultdict(Counter)
    for each in figures:
        counted[_date(each.came_at)][each.came_level] += 1
    dates = [_date(now - back * DAY) for back in range(days - 1, -1, -1)]
    return [(date, counted[date]) for date in dates]


def as_csv(figures: Iterable[Figures]) -> str:
    """One line for each case, times as ISO 8601 in UTC; no patient's words and nobody's name."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(Figures.model_fields)
    for each in sorted(figures, key=lambda figures: figures.came_at):
        table.writerow(_cell(name, getattr(each, name)) for name in Figures.model_fields)
    return written.getvalue()


def _cell(name: str, value: object) -> object:
    if name.endswith("_at") and isinstance(value, float):
        return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Level):
        return value.name
    if isinstance(value, tuple):
        return ";".join(value)
    return "" if value is None else value


def _between(figures: Iterable[Figures], ends: Callable[[Figures], tuple[float | None, float | None]]) -> list[float]:
    pairs = (ends(each) for each in figures)
    whole = [(earlier, later) for earlier, later in pairs if earlier is not None and later is not None]
    return [later - earlier for earlier, later in whole if later >= earlier]


def _times(seconds: Sequence[float]) -> Times | None:
    if not seconds:
        return None
    ordered = sorted(seconds)
    return Times(len(ordered), median(ordered), ordered[min(len(ordered) - 1, int(0.9 * len(ordered)))])


def _share(figures: Sequence[Figures], of: Callable[[Figures], bool]) -> Share:
    return Share(sum(1 for each in figures if of(each)), len(figures))


def _date(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
