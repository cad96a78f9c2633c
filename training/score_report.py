"""Writes what the scores say: tables with intervals, the share that each check of the review passed, a picture.

Knows no model and asks none.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from training.bootstrap import share_interval
from training.judging import MEASURES, Judged, missed_critical, objections_by_code

COUNTED = ("words to read", "seconds")


def table(found: Mapping[str, Sequence[Judged]]) -> str:
    """Markdown: means with 95 % intervals, then what each check of the review let pass."""
    count = len(next(iter(found.values())))
    return "\n".join(
        [
            f"{count} cases of protocols not trained on, or the first of them.",
            "",
            *_lines(["model", "cases", *MEASURES, "missed critical"]),
            *(_line([name, str(len(judged)), *_cells(judged)]) for name, judged in found.items()),
            "",
            "Passed by check of the review; all others let every answer pass:",
            "",
            *by_check(found),
            "",
        ]
    )


def by_check(found: Mapping[str, Sequence[Judged]]) -> Iterable[str]:
    """For each check that refused an answer, the share that passed it; most refused first."""
    refused = {name: objections_by_code(judged) for name, judged in found.items()}
    yield from _lines(["check", *found])
    for code, _ in sum(refused.values(), Counter[str]()).most_common():
        passed = (1 - refused[name][code] / len(judged) for name, judged in found.items())
        yield _line([code, *(f"{share:.0%}" for share in passed)])


def figures(judged: Sequence[Judged]) -> dict[str, float]:
    """The means, and the share of emergencies that got a lower level."""
    missed, critical = missed_critical(judged)
    found = {name: sum(map(measure, judged)) / len(judged) for name, measure in MEASURES.items()}
    return {**found, "missed critical": missed / critical if critical else 0.0}


def picture(means: Mapping[str, Mapping[str, float]], path: Path) -> None:
    """Draws the shares of all models side by side."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    shares = [name for name in MEASURES if name not in COUNTED]
    figure, axes = pyplot.subplots(figsize=(10, 4.5))
    width = 0.8 / len(means)
    for number, (name, values) in enumerate(means.items()):
        places = [at + number * width for at in range(len(shares))]
        axes.bar(places, [values[share] for share in shares], width, label=name)
    labels = [share.replace(" ", "\n") for share in shares]
    axes.set_xticks([at + 0.4 - width / 2 for at in range(len(shares))], labels)
    axes.set_ylim(0, 1)
    axes.legend(fontsize="small", loc="lower center", bbox_to_anchor=(0.5, 1.0), ncol=4, frameon=False)
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    pyplot.close(figure)


def _cells(judged: Sequence[Judged]) -> Iterable[str]:
    for name, measure in MEASURES.items():
        values = [float(measure(one)) for one in judged]
        mean = sum(values) / len(values)
        if name in COUNTED:
            yield f"{mean:.1f}"
        else:
            low, high = share_interval(values)
            yield f"{mean:.0%} ({low:.0%}–{high:.0%})"
    missed, critical = missed_critical(judged)
    yield f"{missed} of {critical}"


def _lines(head: Sequence[str]) -> list[str]:
    return [_line(head), f"|{'---|' * len(head)}"]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
