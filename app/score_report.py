"""Scorecards for people: the same tables on the terminal, as Markdown, and as a picture of the shares."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app import draft_score
from app.draft_score import Scored
from app.scoring import Share
from app.screening_score import Screened, ScreeningScore
from app.triage_score import TriageScore

MOST_SHOWN = 80


@dataclass(frozen=True)
class Report:
    title: str
    text: str
    shares: Mapping[str, Share]


def screening_report(score: ScreeningScore) -> Report:
    title = f"Screening of {len(score.screened)} first messages"
    parts = [title, shares(score.figures)]
    families = [family for family in score.families if family]
    if families:
        parts.append("By family: emergencies paged or asked back · ordinary messages paged")
        parts.append(
            "\n".join(
                f"  {family:28} {score.share('emergency', 'page', 'ask', family=family)}   ·   "
                f"{score.share('ordinary', 'page', family=family)}"
                for family in families
            )
        )
    parts.append(listed("Emergencies missed", map(row_of_message, score.misses())))
    parts.append(listed("False pages", map(row_of_message, score.false_pages())))
    return Report(title, "\n\n".join(parts), score.figures)


def row_of_message(missed: tuple[Screened, str]) -> str:
    one, reason = missed
    return f"{one.message.id}: {reason}: {one.message.text}"


def triage_report(score: TriageScore) -> Report:
    title = f"Triage of {len(score.triaged)} scripted patients"
    middle, most = score.turns
    wrong = (
        f"{one.vignette.id}: {one.verdict}, {one.level.name if one.level else 'no level'} for "
        f"{'/'.join(level.name for level in one.vignette.right)}: {reason}"
        for one, reason in score.misses()
    )
    parts = [title, shares(score.figures), f"Patient turns: median {middle:g}, most {most}"]
    parts.append("Too low because: " + (", ".join(f"{why} {n}" for why, n in score.reasons().items()) or "none"))
    parts.append(listed("Not right", wrong))
    return Report(title, "\n\n".join(parts), score.figures)


def drafts_report(found: Mapping[str, Sequence[Scored]]) -> Report:
    """Who drafted side by side, then each one's exact shares and objections."""
    count = len(next(iter(found.values()), ()))
    title = f"Drafts of {count} visits"
    measured = {name: draft_score.figures(scored) for name, scored in found.items()}
    parts = [title, side_by_side(measured, found)]
    for name, scored in found.items():
        objected = ", ".join(f"{code} {n}" for code, n in draft_score.objected(scored).most_common()) or "none"
        parts.append(f"{name}\n\n{shares(measured[name])}\n\n  objections: {objected}")
    every = {f"{name}: {measure}": share for name, of in measured.items() for measure, share in of.items()}
    return Report(title, "\n\n".join(parts), every)


def side_by_side(measured: Mapping[str, Mapping[str, Share]], found: Mapping[str, Sequence[Scored]]) -> str:
    rows = [f"  {'':24}" + "".join(f"{name:>18}" for name in measured)]
    for measure in next(iter(measured.values()), {}):
        values = [of[measure].value for of in measured.values()]
        rows.append(f"  {measure:24}" + "".join(f"{'–' if v is None else f'{v:.1%}':>18}" for v in values))
    reading = [draft_score.to_read(scored) for scored in found.values()]
    rows.append(f"  {'words to read':24}" + "".join(f"{words:>18.0f}" for words, _ in reading))
    rows.append(f"  {'seconds':24}" + "".join(f"{seconds:>18.2f}" for _, seconds in reading))
    return "\n".join(rows)


def shares(figures: Mapping[str, Share]) -> str:
    return "\n".join(f"  {name:34} {share}" for name, share in figures.items())


def listed(title: str, rows: Iterable[str]) -> str:
    lines = list(rows)
    shown = [f"  {line}" for line in lines[:MOST_SHOWN]]
    more = [f"  … and {len(lines) - MOST_SHOWN} more"] if len(lines) > MOST_SHOWN else []
    return "\n".join([f"{title}: {len(lines) or 'none'}", *shown, *more])


def write(report: Report, folder: Path) -> Iterator[str]:
    """Writes report.md and, where matplotlib is installed, report.png; tells what it wrote."""
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "report.md"
    picture = draw(report, folder / "report.png")
    shown = "\n\n![shares](report.png)" if picture else ""
    heading, _, rest = report.text.partition("\n")
    page.write_text(f"# {heading}{shown}\n\n```\n{rest.strip()}\n```\n", encoding="utf-8")
    yield f"wrote {page}"
    yield f"wrote {picture}" if picture else "no picture: matplotlib is missing (pip install 'previsit[evaluate]')"


def draw(report: Report, path: Path) -> Path | None:
    """The shares as points with their intervals."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return None
    counted = [(name, share.value, share.interval) for name, share in report.shares.items() if share.value is not None]
    figure = Figure(figsize=(8, 1 + 0.45 * len(counted)), layout="constrained")
    axes = figure.subplots()
    for row, (_, value, interval) in enumerate(reversed(counted)):
        axes.plot(interval, [row, row], color="#9fb3c8", linewidth=6, solid_capstyle="round")
        axes.plot([value], [row], "o", color="#0b5cad")
        axes.annotate(f"{value:.1%}", (1.02, row), va="center", annotation_clip=False)
    axes.set_yticks(range(len(counted)), [name for name, _, _ in reversed(counted)])
    axes.set_xlim(0, 1)
    axes.set_title(report.title, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)
    return path
