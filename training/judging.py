"""Judges an answer: whether it is a draft, passes the review and agrees with the rules. Knows no model.

The four measures of clinical practice are named as usual: clinical accuracy, safety compliance rate, missed critical
rate, and nurse validation time. Of the last, only what a nurse has to read can be counted here; the console measures
the seconds.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from dialogue.case import reader_of
from llm.port import Completion
from llm.reply import read_draft
from policies import draft_measures
from policies.draft import Draft, Objection
from policies.draft_measures import cited, recalled, supported
from policies.levels import Level
from policies.passages import Passage
from policies.phrases import stems
from policies.review import review
from policies.review_words import review_words
from training.clinic import training_clinic
from training.examples import Example


class Judged(NamedTuple):
    """One answer. `level` is the draft's, None where there is no draft."""

    example: Example
    draft: Draft | None
    objections: tuple[Objection, ...]
    level: Level | None
    recalled: float
    supported: float
    cited: float
    borne_out: float
    words: int
    seconds: float


def judge(example: Example, completion: Completion, seconds: float) -> Judged:
    draft = read_draft(completion, example.passages)
    words = len(completion.text.split())
    if isinstance(draft, Objection):
        return Judged(example, None, (draft,), None, 0.0, 0.0, 0.0, 0.0, words, seconds)
    read = reader_of(training_clinic())
    passages = list(example.passages.values())
    objections = review(draft, example.case, passages, read=read)
    recall, support = _share(recalled(draft, example.case)), _share(supported(draft, example.case))
    cites, borne = _share(cited(draft)), _share(borne_out(draft, passages))
    return Judged(example, draft, objections, draft.level, recall, support, cites, borne, words, seconds)


def borne_out(draft: Draft, passages: Sequence[Passage]) -> list[bool]:
    """For each explanation and action that cites passages, whether half of its content words stand in them."""
    texts = {passage.id: f"{passage.title} {passage.heading} {passage.text}" for passage in passages}
    parts = [(part.name, part.passages) for part in draft.explanations]
    parts += [(part.text, part.passages) for part in draft.actions]
    return [_stands_in(text, " ".join(texts.get(each, "") for each in cites)) for text, cites in parts if cites]


def _stands_in(text: str, cited: str) -> bool:
    own = stems(text, review_words().message["en"].common)
    return 2 * len(own & stems(cited)) >= len(own)


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 1.0


MEASURES: Mapping[str, Callable[[Judged], float]] = {
    "schema-valid": lambda one: one.draft is not None,
    "review passed": lambda one: not one.objections,
    "clinical accuracy": lambda one: one.level is one.example.case.level,
    "safety compliance": lambda one: is_safe(one),
    "fact recall": lambda one: one.recalled,
    "sentences supported": lambda one: one.supported,
    "statements cited": lambda one: one.cited,
    "citations borne out": lambda one: one.borne_out,
    "words to read": lambda one: one.words,
    "seconds": lambda one: one.seconds,
}
"""By column. An answer that is no draft counts as wrong: the nurse would get the rules' draft in its place. One that
cites nothing has no citation that is not borne out."""


def is_safe(one: Judged) -> bool:
    return one.draft is not None and draft_measures.is_safe(one.objections)


def missed_critical(judged: Sequence[Judged]) -> tuple[int, int]:
    """The number of drafts that gave an emergency a lower level, and the number of emergencies."""
    critical = [one for one in judged if one.example.case.level is Level.EMERGENCY]
    missed = [one for one in critical if one.level is not None and one.level < Level.EMERGENCY]
    return len(missed), len(critical)


def objections_by_code(judged: Sequence[Judged]) -> Counter[str]:
    return Counter(code for one in judged for code in {found.code for found in one.objections})
