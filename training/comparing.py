"""Tables that compare models: differences with their intervals, and for which groups a model is worse. Knows no
model."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from training.bootstrap import paired
from training.judging import MEASURES, Judged, missed_critical

DECISIVE = ("schema-valid", "review passed", "safety compliance", "fact recall", "sentences supported")
_BANDS = ((2, "under 2"), (18, "2 to 17"), (40, "18 to 39"), (65, "40 to 64"), (200, "65 and over"))


def _band(age: float | None) -> str:
    return "not told" if age is None else next(name for below, name in _BANDS if age < below)


GROUPS: Mapping[str, Callable[[Judged], str]] = {
    "sex": lambda one: one.example.case.sex or "not told",
    "age": lambda one: _band(one.example.case.age_years),
    "who writes": lambda one: "someone else" if one.example.case.proxy else "the patient",
    "level": lambda one: one.example.case.level.name,
    "voice": lambda one: one.example.voice,
}


def differences(found: Mapping[str, Sequence[Judged]], against: Sequence[tuple[str, str]]) -> str:
    """One line for each model and what it is compared with: the mean difference in points, on the cases of both."""
    head = ["model", "less", *DECISIVE]
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for name, other in against:
        lines.append(f"| {' | '.join((name, other, *_points(found[other], found[name])))} |")
    return "\n".join(lines)


def _points(before: Sequence[Judged], after: Sequence[Judged]) -> Iterable[str]:
    both = min(len(before), len(after))
    before, after = before[:both], after[:both]
    if [one.example.id for one in before] != [one.example.id for one in after]:
        raise ValueError("a difference is of the same cases in the same order")
    for name in DECISIVE:
        then, now = ([float(MEASURES[name](one)) for one in side] for side in (before, after))
        mean, low, high = paired(then, now)
        # Where no case differs, drawing them again finds no doubt, which is not the same as none.
        how_sure = "no case differs" if then == now else f"{100 * low:+.0f} to {100 * high:+.0f}"
        yield f"{100 * mean:+.0f} ({how_sure})"


def by_group(judged: Sequence[Judged]) -> str:
    """The decisive figures for each group that has cases, with the number of cases: few cases prove little."""
    head = ["group", "cases", *DECISIVE, "missed critical"]
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for kind, group in GROUPS.items():
        for name in sorted({group(one) for one in judged}):
            lines.append(_row(f"{kind}: {name}", [one for one in judged if group(one) == name]))
    return "\n".join(lines)


def _row(name: str, members: Sequence[Judged]) -> str:
    shares = [f"{sum(map(MEASURES[measure], members)) / len(members):.0%}" for measure in DECISIVE]
    missed, critical = missed_critical(members)
    return f"| {' | '.join((name, str(len(members)), *shares, f'{missed} of {critical}'))} |"
