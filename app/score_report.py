"""Scorecards for people: the same tables on the terminal, as Markdown, and as a picture of the shares."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app import draft_score, retrieval_score
from app.draft_score import Scored
from app.retrieval_score import HYBRID, MEASURES, Answered, Mean
from app.scoring import Share
from app.screening_score import Screened, ScreeningScore
from app.triage_score import TriageScore
from policies.demographics import ANYBODY

MOST_SHOWN = 80

LEADING = next(iter(MEASURES))
"""The measure of retrieval that is told by kind of question, too."""


class Measured(Protocol):
    """A figure between 0 and 1 with its interval."""

    @property
    def value(self) -> float | None: ...

    @property
    def interval(self) -> tuple[float, float]: ...

    @property
    def short(self) -> str: ...


@dataclass(frozen=True)
class Report:
    title: str
    text: str
    shares: Mapping[str, Measured]


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


def drafts_report(by_drafter: Mapping[str, Sequence[Scored]]) -> Report:
    """Who drafted side by side, then each one's exact shares, objections and what of the notes it leaves out."""
    count = len(next(iter(by_drafter.values()), ()))
    title = f"Drafts of {count} visits"
    measured = {name: draft_score.figures(scored) for name, scored in by_drafter.items()}
    parts = [title, side_by_side(measured, by_drafter)]
    for name, scored in by_drafter.items():
        objected = ", ".join(f"{code} {n}" for code, n in draft_score.objected(scored).most_common()) or "none"
        parts.append(f"{name}\n\n{shares(measured[name])}\n\n  objections: {objected}")
        parts.append(listed(f"Read in a note and not told by {name}", draft_score.untold(scored)))
    first = next(iter(by_drafter.values()), ())
    parts.append(listed("Against the note", draft_score.contradicted(first)))
    parts.append(listed("In a note and not read", draft_score.unread(first)))
    parts.append(listed("In our record and not in the note", draft_score.unmentioned(first)))
    every = {f"{name}: {measure}": share for name, of in measured.items() for measure, share in of.items()}
    return Report(title, "\n\n".join(parts), every)


def side_by_side(measured: Mapping[str, Mapping[str, Share]], by_drafter: Mapping[str, Sequence[Scored]]) -> str:
    rows = [f"  {'':24}" + "".join(f"{name:>18}" for name in measured)]
    for measure in next(iter(measured.values()), {}):
        values = [of[measure].value for of in measured.values()]
        rows.append(f"  {measure:24}" + "".join(f"{'–' if v is None else f'{v:.1%}':>18}" for v in values))
    reading = [draft_score.to_read(scored) for scored in by_drafter.values()]
    rows.append(f"  {'words to read':24}" + "".join(f"{words:>18.0f}" for words, _ in reading))
    rows.append(f"  {'seconds':24}" + "".join(f"{seconds:>18.2f}" for _, seconds in reading))
    return "\n".join(rows)


def retrieval_report(title: str, about: str, scoped: Sequence[Answered], everywhere: Sequence[Answered]) -> Report:
    """Every way side by side: among all documents, and where that differs, among those that fit case and patient."""
    blocks = {"Among all documents": everywhere}
    if any(one.question.protocols or one.question.patient != ANYBODY for one in scoped):
        blocks["Among those for the complaint and the patient, as an assessment searches"] = scoped
    parts = [title, about]
    for name, answered in blocks.items():
        parts += [f"{name}\n\n{compared(answered)}", f"  by kind of question, {LEADING}\n{by_kind(answered)}"]
    counted = retrieval_score.shares(scoped)
    parts.append(f"With the threshold under which nothing is good enough\n\n{shares(counted)}")
    missed = (
        f"{one.question.id}: {one.question.query}"
        for one in retrieval_score.answerable(scoped)
        if not retrieval_score.ndcg(one.rankings[HYBRID], one.question.gains)
    )
    parts.append(listed("Nothing right among the first ten of hybrid", missed))
    drawn: dict[str, Measured] = {
        f"{measure}, {way}": Mean(retrieval_score.values(everywhere, measure, way))
        for measure in MEASURES
        for way in retrieval_score.ways(everywhere)
    }
    return Report(title, "\n\n".join(parts), {**drawn, **counted})


def compared(answered: Sequence[Answered]) -> str:
    """Ways by measures, and by how much hybrid is above each other way, question by question."""
    ways = retrieval_score.ways(answered)
    rows = [("", *MEASURES)]
    rows += [(way, *(str(Mean(retrieval_score.values(answered, each, way))) for each in MEASURES)) for way in ways]
    for way in ways:
        if way != HYBRID:
            above = (retrieval_score.differences(answered, each, HYBRID, way) for each in MEASURES)
            rows.append((f"{HYBRID} − {way}", *(f"{mean:+}" for mean in above)))
    return table(rows)


def by_kind(answered: Sequence[Answered]) -> str:
    ways = retrieval_score.ways(answered)
    meant = retrieval_score.answerable(answered)
    rows = [("", *ways)]
    for kind in dict.fromkeys(one.question.kind for one in meant):
        of = [one for one in meant if one.question.kind == kind]
        means = (Mean(retrieval_score.values(of, LEADING, way)).short for way in ways)
        rows.append((f"{kind}, {len(of)}", *means))
    return table(rows)


def table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  " + "   ".join([f"{row[0]:{widths[0]}}", *map(str.rjust, row[1:], widths[1:])]) for row in rows)


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
    table = rest.strip("\n")
    page.write_text(f"# {heading}{shown}\n\n```\n{table}\n```\n", encoding="utf-8")
    yield f"wrote {page}"
    yield f"wrote {picture}" if picture else "no picture: matplotlib is missing (pip install 'previsit[evaluate]')"


def draw(report: Report, path: Path) -> Path | None:
    """The shares as points with their intervals."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return None
    counted = [
        (name, share.value, share.interval, share.short)
        for name, share in report.shares.items()
        if share.value is not None
    ]
    figure = Figure(figsize=(8, 1 + 0.45 * len(counted)), layout="constrained")
    axes = figure.subplots()
    for row, (_, value, interval, shown) in enumerate(reversed(counted)):
        axes.plot(interval, [row, row], color="#9fb3c8", linewidth=6, solid_capstyle="round")
        axes.plot([value], [row], "o", color="#0b5cad")
        axes.annotate(shown, (1.02, row), va="center", annotation_clip=False)
    axes.set_yticks(range(len(counted)), [name for name, *_ in reversed(counted)])
    axes.set_xlim(0, 1)
    axes.set_title(report.title, loc="left")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)
    return path
