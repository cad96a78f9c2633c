"""The scorecard of drafts: what they hold, what the review says, and whether they agree with a clinician's note.

The four measures of clinical practice by name: clinical accuracy, safety compliance rate, missed critical rate, and
nurse validation time, of which what a nurse has to read can be counted here; the console measures the seconds.
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from statistics import mean
from typing import NamedTuple

from app.note_score import Noted, Piece, held_against
from app.scoring import Share
from app.visits import Visit, played
from dialogue.case import case_of, reader_of
from dialogue.clinic import Clinic
from llm.errors import ModelError
from llm.port import Completion
from llm.reply import read_draft
from policies.case import Case
from policies.draft import Draft, Objection
from policies.draft_measures import cited, denials_recalled, is_safe, recalled, supported
from policies.facts import Status
from policies.levels import Level
from policies.passages import Passage
from policies.review import review

Drafter = Callable[[Case, Sequence[Passage]], Awaitable[tuple[Completion, Mapping[str, Passage]]]]
"""A completion, and the passages by the names that it may use."""

Search = Callable[[Case], Awaitable[Sequence[Passage]]]


class Scored(NamedTuple):
    """One draft compared with the clinician's note. A failed draft states nothing of the note."""

    visit: Visit
    case: Case
    draft: Draft | None
    objections: tuple[Objection, ...]
    noted: Noted
    words: int
    seconds: float


async def score_drafts(
    visits: Iterable[Visit], drafter: Drafter, search: Search, clinic: Clinic, language: str
) -> list[Scored]:
    return [await scored(visit, drafter, search, clinic, language) for visit in visits]


async def scored(visit: Visit, drafter: Drafter, search: Search, clinic: Clinic, language: str) -> Scored:
    conversation = played(visit, clinic, language)
    case = case_of(conversation, clinic)
    passages = await search(case)
    began = time.monotonic()
    try:
        completion, names = await drafter(case, passages)
    except ModelError as error:
        read: Draft | Objection = Objection(code="no_answer", detail=type(error).__name__)
        seconds, words = time.monotonic() - began, 0
    else:
        seconds, words = time.monotonic() - began, len(completion.text.split())
        read = read_draft(completion, names)
    draft = None if isinstance(read, Objection) else read
    objections = (read,) if isinstance(read, Objection) else review(read, case, passages, read=reader_of(clinic))
    noted = held_against(visit, draft.subjective if draft else "", conversation.facts, clinic, language)
    return Scored(visit, case, draft, objections, noted, words, seconds)


def figures(scored: Sequence[Scored]) -> dict[str, Share]:
    drafts = [(one, one.draft) for one in scored if one.draft]
    labelled = [one for one in scored if one.visit.right]
    critical = [one for one in scored if Level.EMERGENCY in (one.visit.right or (one.case.level,))]
    return {
        "schema-valid": Share(len(drafts), len(scored)),
        "review passed": _share(not one.objections for one in scored),
        "clinical accuracy": _share(one.draft is not None and one.draft.level in one.visit.right for one in labelled),
        "level as the rules'": _share(one.draft is not None and one.draft.level is one.case.level for one in scored),
        "safety compliance": _share(one.draft is not None and is_safe(one.objections) for one in scored),
        "missed critical": _share(one.draft is not None and one.draft.level < Level.EMERGENCY for one in critical),
        "facts recalled": _share(hit for one, draft in drafts for hit in recalled(draft, one.case)),
        "denials recalled": _share(hit for one, draft in drafts for hit in denials_recalled(draft, one.case)),
        "sentences supported": _share(hit for one, draft in drafts for hit in supported(draft, one.case)),
        "statements cited": _share(hit for _, draft in drafts for hit in cited(draft)),
        **of_notes([one.noted for one in scored]),
    }


def of_notes(notes: Sequence[Noted]) -> dict[str, Share]:
    """The figures against clinicians' notes. What we cannot read in a note counts as not told."""
    sentences = [each for noted in notes for each in noted.sentences]
    agreeing, against = sum(noted.agreeing for noted in notes), sum(len(noted.against) for noted in notes)
    return {
        "note's sentences read": _share(each.is_read for each in sentences),
        "note's sentences told": _share(each.is_told for each in sentences),
        "note's highlights told": _share(each.is_told for noted in notes for each in noted.highlights),
        "note's facts told": _share(told for noted in notes for _, told in noted.claims(Status.PRESENT)),
        "note's denials told": _share(told for noted in notes for _, told in noted.claims(Status.ABSENT)),
        "record not contradicted": Share(agreeing, agreeing + against),
        "record borne out": _share(hit for noted in notes for _, hit in noted.borne_out),
    }


def unread(scored: Sequence[Scored]) -> list[str]:
    """The sentences and highlights of notes in which we read nothing and whose words the draft does not have."""
    return [f"{one.visit.id}: {each.text}" for one, each in _pieces(scored) if not each.is_read and not each.is_told]


def untold(scored: Sequence[Scored]) -> list[str]:
    """The findings read in a note that the draft does not state as the note does."""
    return [
        f"{one.visit.id}: {claim.label}{', denied' if claim.status is Status.ABSENT else ''}"
        for one in scored
        for claim, told in one.noted.claims(Status.PRESENT, Status.ABSENT)
        if not told
    ]


def contradicted(scored: Sequence[Scored]) -> list[str]:
    """The facts of our record of which the note says the opposite."""
    return [f"{one.visit.id}: {each}" for one in scored for each in one.noted.against]


def unmentioned(scored: Sequence[Scored]) -> list[str]:
    """What we have as present and the note does not mention. A note leaves much out, but some of it may be false."""
    return [f"{one.visit.id}: {fact}" for one in scored for fact, hit in one.noted.borne_out if not hit]


def _pieces(scored: Sequence[Scored]) -> Iterator[tuple[Scored, Piece]]:
    for one in scored:
        yield from ((one, each) for each in (*one.noted.sentences, *one.noted.highlights))


def to_read(scored: Sequence[Scored]) -> tuple[float, float]:
    """The mean number of words that a nurse has to read, and the mean seconds that a draft took."""
    return (mean(one.words for one in scored), mean(one.seconds for one in scored)) if scored else (0.0, 0.0)


def objected(scored: Sequence[Scored]) -> Counter[str]:
    return Counter(code for one in scored for code in {each.code for each in one.objections})


def _share(hits: Iterable[bool]) -> Share:
    found = list(hits)
    return Share(sum(found), len(found))
