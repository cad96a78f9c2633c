"""The draft that is made without a model, from facts, rules and guidelines. Pure.

It guesses nothing: it proposes no explanation, and each sentence comes from a fact, a rule, a passage or a content
file.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import yaml

from llm.patient import clinical, patient_in_words
from llm.sanitizing import clipped, sanitized
from policies.case import Case, Fired, Statement
from policies.draft import Action, Draft
from policies.draft_reading import objectionable, tells_medicine
from policies.facts import Status
from policies.findings import ReviewedContent
from policies.levels import Level
from policies.passages import Passage
from policies.review import review

_CONTENT = Path(__file__).parent / "content" / "rule_only.yaml"
_SUBJECTIVE_WORDS = 110
_SUBJECTIVE_CHARACTERS = 900
_ITEM = 230
_REASON = 220
_MOST_CONCERNS = 5
_MOST_QUESTIONS = 5
_MOST_ADVICE = 3
_REPORTED = "Reports"
_HEDGE = "Possible causes are for the nurse to weigh."


class Texts(ReviewedContent):
    """`rule_only.yaml`; see its comments."""

    action_headings: tuple[re.Pattern[str], ...]
    actions: dict[Level, str]
    messages: dict[str, dict[Level, str]]
    messages_for_another: dict[str, str]


@cache
def texts() -> Texts:
    return Texts.model_validate(yaml.safe_load(_CONTENT.read_text("utf-8")))


def rule_only_draft(case: Case, passages: Sequence[Passage]) -> Draft:
    """The fullest draft that passes the review. What the patient typed is left out first."""
    fullest, *others = (
        _draft(case, passages, quote=quote, values=values)
        for quote, values in ((True, True), (False, True), (False, False))
    )
    return next((draft for draft in (fullest, *others) if _may_say(draft, case, passages)), fullest)


def _may_say(draft: Draft, case: Case, passages: Sequence[Passage]) -> bool:
    """Whether the review lets the subjective part pass."""
    return not any(objection.detail.startswith("subjective") for objection in review(draft, case, passages))


def _draft(case: Case, passages: Sequence[Passage], *, quote: bool, values: bool) -> Draft:
    return Draft(
        subjective=_subjective(case, quote, values),
        explanations=(),
        concerns=_concerns(case),
        actions=(Action(text=texts().actions[case.level]), *_advice(passages)),
        level=case.level,
        level_reason=_level_reason(case),
        open_questions=_open_questions(case),
        patient_message=_message(case),
    )


def _message(case: Case) -> str:
    if case.level is Level.EMERGENCY and case.danger_is_anothers:
        return texts().messages_for_another.get(case.language, texts().messages_for_another["en"])
    return texts().messages.get(case.language, texts().messages["en"])[case.level]


def _subjective(case: Case, quote: bool, values: bool) -> str:
    opening = [f"{patient_in_words(case).capitalize()}."]
    if case.proxy:
        opening.append("Answers given by someone else.")
    if case.partial:
        opening.append("The history is not complete.")
    complaint = _quotable(case.complaint).rstrip(".") if quote else ""
    if complaint:
        opening.append(f"Came with: {complaint}.")
    text = " ".join(opening)
    for lead, statements in _told(case):
        items = dict.fromkeys(_in_words(statement, values) for statement in statements)
        if lead == _REPORTED:  # what the complaint has said
            items = dict.fromkeys(item for item in items if item not in complaint.casefold().split(", "))
        text = _with_list(text, lead, list(items))
    return text


def _told(case: Case) -> Iterator[tuple[str, list[Statement]]]:
    """The lists of the subjective part with their opening words, the most important first."""
    told = clinical(case.statements)
    own = [statement for statement in told if not statement.about_other]
    now = [statement for statement in own if not statement.in_past]
    yield _REPORTED, [statement for statement in now if statement.status is Status.PRESENT]
    yield "Denies", [statement for statement in now if statement.status is Status.ABSENT]
    yield "In the past", [statement for statement in own if statement.in_past and statement.status is Status.PRESENT]
    theirs = [statement for statement in told if statement.about_other and statement.status is Status.PRESENT]
    for person in dict.fromkeys(statement.person for statement in theirs):
        yield _somebody(person), [statement for statement in theirs if statement.person == person]


def _somebody(person: str) -> str:
    return f"Somebody else ({sanitized(person, 40)})" if person else "Somebody else"


def _with_list(text: str, lead: str, items: Sequence[str]) -> str:
    """The text with as many of the items as there is room for, and the number of the rest."""
    shown = list(items)
    while shown:
        rest = len(items) - len(shown)
        more = f" and {rest} more" if rest else ""
        longer = f"{text} {lead}: {', '.join(shown)}{more}."
        if len(longer.split()) <= _SUBJECTIVE_WORDS and len(longer) <= _SUBJECTIVE_CHARACTERS:
            return longer
        shown.pop()
    return text


def _in_words(statement: Statement, values: bool) -> str:
    label = sanitized(statement.label, 80)
    name = label[0].lower() + label[1:] if label[1:2].islower() or label.startswith("A ") else label
    value = _quotable(statement.value) if values else ""
    return f"{name} ({value})" if value else name


def _quotable(text: str) -> str:
    """The text, shortened; "" if it holds words that no draft may hold."""
    short = sanitized(text, 60)
    return "" if objectionable(short) else short


def _concerns(case: Case) -> tuple[str, ...]:
    concerns = (f"{fired.level.name}: {clipped(fired.because, _ITEM - 12)}" for fired in _by_level(case))
    return tuple(dict.fromkeys(concerns))[:_MOST_CONCERNS]


def _by_level(case: Case) -> list[Fired]:
    return sorted(case.fired, key=lambda fired: -fired.level)


def _level_reason(case: Case) -> str:
    for fired in _by_level(case):
        if fired.level is case.level:
            return f"{clipped(fired.because, _REASON)} {_HEDGE}"
    return f"No rule asks for more than {case.level.name}. {_HEDGE}"


def _open_questions(case: Case) -> tuple[str, ...]:
    unknown = [
        statement for statement in case.statements if statement.status is Status.UNKNOWN and not statement.about_other
    ]
    questions = [f"Not known: {sanitized(statement.label, 120)}." for statement in unknown]
    rest = ["The rest of the history was not asked."] if case.partial else []
    return tuple(dict.fromkeys([*rest, *questions]))[:_MOST_QUESTIONS]


def _advice(passages: Sequence[Passage]) -> Iterator[Action]:
    """The first sentences of passages about what to do, by the order of `action_headings`."""
    ranked = sorted((_rank(passage), index) for index, passage in enumerate(passages))
    told: set[str] = set()
    for rank, index in ranked:
        text = _first_sentences(passages[index].text)
        if rank < len(texts().action_headings) and text and text not in told and len(told) < _MOST_ADVICE:
            told.add(text)
            yield Action(text=text, passages=(passages[index].id,))


def _rank(passage: Passage) -> int:
    heading = passage.heading.casefold()
    patterns = texts().action_headings
    return next((rank for rank, pattern in enumerate(patterns) if pattern.search(heading)), len(patterns))


def _first_sentences(text: str) -> str:
    """As many whole sentences as fit, without those that name a medicine or hold words that no draft may hold."""
    taken = ""
    for sentence in _sentences(text):
        if tells_medicine(sentence) or objectionable(sentence):
            continue
        longer = f"{taken} {sentence}".strip()
        if len(longer) > _ITEM:
            break
        taken = longer
    return taken


def _sentences(text: str) -> list[str]:
    """The sentences of a Markdown text, with wrapped lines joined; a list item is a sentence."""
    items = re.sub(r"\n\s*(?:[-*+]|\d+\.)\s+", "\n\n", f"\n{text}")
    blocks = (" ".join(block.split()) for block in items.split("\n\n"))
    found = (part for block in blocks for part in re.split(r"(?<=[.!?])\s+", block) if part)
    return [part if part[-1] in ".!?:" else f"{part}." for part in found]
