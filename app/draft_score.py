"""The scorecard of drafts: what they hold, what the review says, and whether they agree with a clinician's note.

The four measures of clinical practice by name: clinical accuracy, safety compliance rate, missed critical rate, and
nurse validation time, of which what a nurse has to read can be counted here; the console measures the seconds.
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from statistics import mean
from typing import NamedTuple

from app.scoring import Share
from app.visits import Visit, played
from dialogue.case import case_of
from dialogue.clinic import Clinic
from dialogue.understanding import understand
from llm.errors import ModelError
from llm.port import Completion
from llm.reply import read_draft
from policies.case import Case
from policies.draft import Draft, Objection
from policies.draft_measures import cited, is_safe, recalled, supported
from policies.facts import Status, Subject, counting
from policies.levels import Level
from policies.passages import Passage
from policies.review import review

Drafter = Callable[[Case, Sequence[Passage]], Awaitable[tuple[Completion, Mapping[str, Passage]]]]
"""A completion, and the passages by the names that it may use."""

Search = Callable[[Case], Awaitable[Sequence[Passage]]]


class Scored(NamedTuple):
    """One draft. `noted` are findings of the clinician's note, each with whether the draft tells of it."""

    visit: Visit
    case: Case
    draft: Draft | None
    objections: tuple[Objection, ...]
    noted: tuple[bool, ...]
    words: int
    seconds: float


async def score_drafts(
    visits: Iterable[Visit], drafter: Drafter, search: Search, clinic: Clinic, language: str
) -> list[Scored]:
    return [await scored(visit, drafter, search, clinic, language) for visit in visits]


async def scored(visit: Visit, drafter: Drafter, search: Search, clinic: Clinic, language: str) -> Scored:
    case = case_of(played(visit, clinic, language), clinic)
    passages = await search(case)
    began = time.monotonic()
    try:
        completion, names = await drafter(case, passages)
    except ModelError as error:
        failed = Objection(code="no_answer", detail=type(error).__name__)
        return Scored(visit, case, None, (failed,), (), 0, time.monotonic() - began)
    seconds, words = time.monotonic() - began, len(completion.text.split())
    draft = read_draft(completion, names)
    if isinstance(draft, Objection):
        return Scored(visit, case, None, (draft,), (), words, seconds)
    told = draft.subjective.lower()
    noted = tuple(label in told for label in _noted(visit, clinic, language))
    return Scored(visit, case, draft, review(draft, case, passages), noted, words, seconds)


def _noted(visit: Visit, clinic: Clinic, language: str) -> list[str]:
    """The labels of what the clinician's note says of the patient now, as far as we understand it."""
    facts = counting(understand(visit.note, clinic.lexicons[language]).facts) if visit.note else {}
    return [
        clinic.ruleset.findings[name].label.lower()
        for name, fact in facts.items()
        if fact.status is Status.PRESENT and fact.subject is Subject.PATIENT and fact.value is None
    ]


def figures(found: Sequence[Scored]) -> dict[str, Share]:
    drafts = [(one, one.draft) for one in found if one.draft]
    right = [(one, one.visit.right or (one.case.level,)) for one in found]
    critical = [one for one, levels in right if Level.EMERGENCY in levels]
    return {
        "schema-valid": Share(len(drafts), len(found)),
        "review passed": _share(not one.objections for one in found),
        "clinical accuracy": _share(one.draft is not None and one.draft.level in levels for one, levels in right),
        "safety compliance": _share(one.draft is not None and is_safe(one.objections) for one in found),
        "missed critical": _share(one.draft is not None and one.draft.level < Level.EMERGENCY for one in critical),
        "facts recalled": _share(hit for one, draft in drafts for hit in recalled(draft, one.case)),
        "sentences supported": _share(hit for one, draft in drafts for hit in supported(draft, one.case)),
        "statements cited": _share(hit for _, draft in drafts for hit in cited(draft)),
        "note's facts recalled": _share(hit for one in found for hit in one.noted),
    }


def to_read(found: Sequence[Scored]) -> tuple[float, float]:
    """Words that a nurse has to read, and seconds that the draft took: means."""
    return (mean(one.words for one in found), mean(one.seconds for one in found)) if found else (0.0, 0.0)


def objected(found: Sequence[Scored]) -> Counter[str]:
    return Counter(code for one in found for code in {each.code for each in one.objections})


def _share(hits: Iterable[bool]) -> Share:
    found = list(hits)
    return Share(sum(found), len(found))
