"""Scores all clinical test sets, and has the floors that no figure may fall below.

Run as: python -m benchmarks.scorecard
Prints the figures in the format of benchmarks/clinical/floors.yaml, rounded to the half percent on the safe side; that
is how a floor is raised. The content is never read here, only used.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil, floor
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict

from app.clinic import build_clinic
from app.offline import Suspects, unsuspecting
from app.paraphrases import suspects_of
from app.retrieval_corpora import Question
from app.retrieval_score import HYBRID, MEASURES, Mean, shares, values
from app.retrieval_trial import QUESTIONS, judged, tried
from app.scoring import Share
from app.screening import Message, read_lines, screen
from app.screening_score import LabelledMessage, score_screening
from app.settings import read_settings
from app.triage_score import Vignette, score_triage
from dialogue.clinic import Clinic
from knowledge.embedding import Encoder
from knowledge.starter import starter_guidelines

SETS = Path(__file__).with_name("clinical")
LANGUAGE = "en"
ALONE, ENCODED = "phrases alone", "with the sentence encoder"
FRESH = "newest first messages, {}"
"""The floors of the newest set of first messages, which is the least remembered, under each of the two."""
SUMMARIES = "newest scripted patients, {}"
"""The floors of those who speak as a clinician's summary does."""
DECISIONS = ("none", "ask", "page")
"""The decisions, from the mildest to the strongest."""

AT_MOST = ("ordinary messages paged", "ordinary messages asked back", "over-triage", "pairs fallen")
AT_LEAST = (
    "emergencies paged or asked back",
    "emergencies paged at once",
    "EMERGENCY right",
    "strictly safe",
    "accuracy",
)

T = TypeVar("T", bound=BaseModel)


class Pair(BaseModel):
    """An emergency described plainly, and the same emergency played down."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: str
    plain: str
    minimised: str


def messages() -> Iterator[LabelledMessage]:
    return lines_of("screening.jsonl", LabelledMessage)


def newest_messages() -> Iterator[LabelledMessage]:
    return lines_of("screening_4.jsonl", LabelledMessage)


def spanish_messages() -> Iterator[LabelledMessage]:
    return lines_of("screening_es.jsonl", LabelledMessage)


def vignettes() -> Iterator[Vignette]:
    return lines_of("vignettes.jsonl", Vignette)


def newest_vignettes() -> Iterator[Vignette]:
    return lines_of("vignettes_3.jsonl", Vignette)


def pairs() -> Iterator[Pair]:
    return lines_of("pairs.jsonl", Pair)


def lines_of(name: str, model: type[T]) -> Iterator[T]:
    with (SETS / name).open(encoding="utf-8") as lines:
        yield from read_lines(lines, model)


def floors() -> Mapping[str, Mapping[str, float]]:
    """The least (or most) percent allowed for each figure, for phrases alone and with the sentence encoder."""
    written: dict[str, dict[str, float]] = yaml.safe_load((SETS / "floors.yaml").read_text("utf-8"))
    return written


def figures(clinic: Clinic, suspects: Suspects) -> dict[str, Share]:
    """Every figure that has a floor."""
    every: Mapping[str, Share] = {
        **score_screening(messages(), clinic, LANGUAGE, suspects).figures,
        **score_triage(vignettes(), clinic, LANGUAGE, suspects).figures,
        "pairs fallen": Share(len(fallen(clinic, suspects)), len(list(pairs()))),
    }
    return {name: every[name] for name in (*AT_LEAST, *AT_MOST)}


def newest_figures(clinic: Clinic, suspects: Suspects) -> Mapping[str, Share]:
    """Those of the newest first messages that have a floor."""
    return score_screening(newest_messages(), clinic, LANGUAGE, suspects).figures


def newest_triage(clinic: Clinic, suspects: Suspects) -> dict[str, Share]:
    """Those of the newest scripted patients that have a floor."""
    found = score_triage(newest_vignettes(), clinic, LANGUAGE, suspects).figures
    return {name: found[name] for name in (*AT_LEAST, *AT_MOST) if name in found}


def fallen(clinic: Clinic, suspects: Suspects) -> list[Pair]:
    """The pairs for which less is done when the danger is played down."""

    def done(text: str, name: str) -> int:
        return DECISIONS.index(screen(Message(id=name, text=text), clinic, LANGUAGE, suspects)["decision"])

    return [pair for pair in pairs() if done(pair.minimised, pair.id) < done(pair.plain, pair.id)]


def breaches(found: Mapping[str, Share], floor_of: Mapping[str, float]) -> list[str]:
    """Each figure that is worse than its floor, in words."""
    worse: Mapping[str, Callable[[float, float], bool]] = {
        **dict.fromkeys(AT_LEAST, float.__lt__),
        **dict.fromkeys(AT_MOST, float.__gt__),
    }
    return [
        f"{name}: {share}, the floor is {floor_of[name]} %"
        for name, share in found.items()
        if worse[name](percent(share), float(floor_of[name]))
    ]


async def retrieval(encoder: Encoder, folder: Path) -> dict[str, float]:
    """How well the built-in questions find the starter guidelines, in percent, as an assessment searches."""
    with QUESTIONS.open(encoding="utf-8") as lines:
        corpus = judged(starter_guidelines().entries, read_lines(lines, Question))
    found = await tried(corpus, encoder, folder, plain=False)
    means = {measure: Mean(values(found, measure, HYBRID)).value for measure in MEASURES}
    return {name: 100 * (value or 0.0) for name, value in means.items()} | {
        name: percent(share) for name, share in shares(found).items()
    }


def percent(share: Share) -> float:
    return 100 * (share.value or 0.0)


def floor_under(name: str, share: Share) -> float:
    """The figure as a floor, rounded to the half percent on the safe side."""
    rounded = floor if name in AT_LEAST else ceil
    return rounded(2 * percent(share)) / 2


def rows(found: Mapping[str, Share]) -> dict[str, Any]:
    return {name: floor_under(name, share) for name, share in found.items()}


def ways() -> Sequence[tuple[str, Suspects]]:
    """Phrases alone first, then with the sentence encoder if its files are here."""
    suspects = suspects_of(read_settings({}))
    return [(ALONE, unsuspecting)] + ([(ENCODED, suspects)] if suspects is not unsuspecting else [])


def main() -> None:
    clinic = build_clinic(read_settings({}))
    for way, suspects in ways():
        print(yaml.safe_dump({way: rows(figures(clinic, suspects))}, sort_keys=False), end="")
        print(yaml.safe_dump({FRESH.format(way): rows(newest_figures(clinic, suspects))}, sort_keys=False), end="")
        print(yaml.safe_dump({SUMMARIES.format(way): rows(newest_triage(clinic, suspects))}, sort_keys=False), end="")


if __name__ == "__main__":
    main()
