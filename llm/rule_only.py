"""The draft that is made without a model, from facts, rules and guidelines. Pure.

It guesses nothing: it proposes no explanation, and each sentence comes from a fact, a rule, a passage or a content
file.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import yaml

from llm.how_soon import filled
from llm.patient import clinical, patient_in_words
from llm.sanitizing import clipped, sanitized
from policies.case import Case, Fired, Near, Statement
from policies.draft import Action, Draft
from policies.draft_reading import objectionable, tells_medicine
from policies.facts import Status
from policies.findings import Kind, ReviewedContent
from policies.levels import Level
from policies.passages import Passage
from policies.review import review
from policies.soap import adds_nothing, denied

_CONTENT = Path(__file__).parent / "content" / "rule_only.yaml"
_SUBJECTIVE_WORDS = 110
_MOST_DENIED = 12
"""As many as a nurse writes down; the whole table is beside the draft."""
_SUBJECTIVE_CHARACTERS = 900
_ITEM = 230
_REASON = 220
_MOST_CONCERNS = 5
_MOST_QUESTIONS = 5
_MOST_NEAR = 2
_MOST_ADVICE = 3
_OWN_WORDS = 160
_COMPLAINT = 120
_HEDGE = "Possible causes are for the nurse to weigh."


class Texts(ReviewedContent):
    """`rule_only.yaml`; see its comments."""

    action_headings: tuple[re.Pattern[str], ...]
    actions: dict[Level, str]
    messages: dict[str, dict[Level, str]]
    messages_to_writers: dict[str, dict[Level, str]]
    messages_for_another: dict[str, str]


@cache
def texts() -> Texts:
    return Texts.model_validate(yaml.safe_load(_CONTENT.read_text("utf-8")))


def rule_only_draft(case: Case, passages: Sequence[Passage]) -> Draft:
    """The fullest draft that passes the review. What the patient typed is left out first."""
    fullest, *others = (
        _draft(case, passages, typed=typed, values=values)
        for typed, values in ((True, True), (False, True), (False, False))
    )
    return next((draft for draft in (fullest, *others) if _may_say(draft, case, passages)), fullest)


def _may_say(draft: Draft, case: Case, passages: Sequence[Passage]) -> bool:
    """Whether the review lets the subjective part pass."""
    return not any(objection.detail.startswith("subjective") for objection in review(draft, case, passages))


def _draft(case: Case, passages: Sequence[Passage], *, typed: bool, values: bool) -> Draft:
    return Draft(
        subjective=_subjective(case, typed, values),
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
    if case.called:
        messages = texts().messages_to_writers
        return filled(messages.get(case.language, messages["en"])[case.level], case)
    return texts().messages.get(case.language, texts().messages["en"])[case.level]


def _subjective(case: Case, typed: bool, values: bool) -> str:
    """As a nurse writes it: who, with what and for how long, what else there is, in whose words, what is denied."""
    told = [each for each in clinical(case.statements) if not adds_nothing(each)]
    own = [each for each in told if not each.about_other]
    now, present = [each for each in own if not each.in_past], [each for each in _present(own) if not each.in_past]
    quotes = {each.id: quote for each in present if typed and (quote := _quote(each))}
    chief = _chief(case) if values else []
    lasting = next((each for each in present if chief and each.kind is Kind.DURATION and each.value), None)
    left = [each for each in present if each.id not in quotes and not each.is_open and each is not lasting]

    text = " ".join((*_opening(case), *_came_with(chief, lasting)))
    text = _with_list(text, "Reports", [each for each in _items(left, values) if each not in chief])
    text = _with_sentences(text, (f'{_label(each)}: "{quotes[each.id]}".' for each in present if each.id in quotes))
    text = _with_list(text, "Denies", _items(denied(now), values), _MOST_DENIED)
    text = _with_list(text, "In the past", _items([each for each in _present(own) if each.in_past], values))
    theirs = [each for each in _present(told) if each.about_other]
    for person in dict.fromkeys(each.person for each in theirs):
        text = _with_list(text, _somebody(person), _items((one for one in theirs if one.person == person), values))
    return text


def _present(statements: Iterable[Statement]) -> list[Statement]:
    return [each for each in statements if each.status is Status.PRESENT]


def _opening(case: Case) -> Iterator[str]:
    yield f"{patient_in_words(case).capitalize()}."
    if case.proxy:
        yield "Answers given by someone else."
    if case.partial:
        yield "The history is not complete."


def _chief(case: Case) -> list[str]:
    complaint = _quotable(case.complaint, _COMPLAINT).rstrip(".")
    return [_lowered(label) for label in complaint.split(", ")] if complaint else []


def _came_with(chief: Sequence[str], lasting: Statement | None) -> Iterator[str]:
    """ "Came with: sore throat and fever, for 3 days." """
    if chief:
        *others, last = chief
        complaint = f"{', '.join(others)} and {last}" if others else last
        yield f"Came with: {complaint}, for {lasting.value}." if lasting else f"Came with: {complaint}."


def _somebody(person: str) -> str:
    return f"Somebody else ({sanitized(person, 40)})" if person else "Somebody else"


def _with_list(text: str, lead: str, items: Sequence[str], most: int = 100) -> str:
    """The text with as many of the items as there is room for, and the number of the rest."""
    for shown in range(min(most, len(items)), 0, -1):
        rest = len(items) - shown
        more = f" and {rest} more" if rest else ""
        longer = f"{text} {lead}: {', '.join(items[:shown])}{more}."
        if _fits(longer):
            return longer
    return text


def _with_sentences(text: str, sentences: Iterable[str]) -> str:
    for sentence in sentences:
        text = longer if _fits(longer := f"{text} {sentence}") else text
    return text


def _fits(text: str) -> bool:
    return len(text.split()) <= _SUBJECTIVE_WORDS and len(text) <= _SUBJECTIVE_CHARACTERS


def _items(statements: Iterable[Statement], values: bool) -> list[str]:
    return list(dict.fromkeys(_in_words(each, values) for each in statements))


def _quote(statement: Statement) -> str:
    """The patient's own words in an answer; "" if there are none, or none that a draft may hold."""
    return _quotable(statement.value, _OWN_WORDS).replace('"', "'") if statement.kind is Kind.TEXT else ""


def _in_words(statement: Statement, values: bool) -> str:
    value = _quotable(statement.value) if values and statement.kind is not Kind.TEXT else ""
    name = _lowered(_label(statement))
    if not value:
        return name
    if statement.kind is Kind.SCALE:
        return f"{name} {value} of 10"
    return f"{name} {value}" if statement.kind is Kind.NUMBER else f"{name} ({value})"


def _label(statement: Statement) -> str:
    return sanitized(statement.label, 80)


def _lowered(label: str) -> str:
    return label[:1].lower() + label[1:] if label[1:2].islower() or label.startswith("A ") else label


def _quotable(text: str, characters: int = 60) -> str:
    """The text, shortened; "" if it holds words that no draft may hold."""
    short = sanitized(text, characters)
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
    told = (clipped(f"{_if_also(each)}. {each.because}", _ITEM) for each in case.near)
    near = [each for each in told if not (tells_medicine(each) or objectionable(each))][:_MOST_NEAR]
    return tuple(dict.fromkeys([*rest, *near, *questions]))[:_MOST_QUESTIONS]


def _if_also(near: Near) -> str:
    return f"Not known, and {near.level.name} if so: {sanitized(near.missing, 80)}"


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
