"""What a model's draft must satisfy before a nurse is shown it. Pure; knows nothing about models or retrieval.

Each check is a function that yields a detail for every fault it finds; its code in `CHECKS` is stable. A detail names
the place in the draft, never words of the draft: those may be the patient's.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from policies import review_message as message
from policies import review_timing as timing
from policies.case import Case
from policies.draft import STATEMENT, Draft, Objection
from policies.draft_reading import (
    Field,
    Reading,
    certain,
    diagnosing,
    leaking,
    percentages_above,
    reassuring,
    told_medicines,
)
from policies.facts import Status
from policies.negation import Said, polarity
from policies.passages import Passage
from policies.phrases import any_word, foreign_letters, plain, stems
from policies.readability import words
from policies.review_record import Read, nothing, untold
from policies.review_words import review_words

Check = Callable[[Reading], Iterator[str]]

_A_WORD = re.compile(r"[^\W\d_]{2}")
_BRACE = re.compile(r"[{}]")
"""Of the JSON that the draft is written in; no sentence has one."""

_OF_ANYBODY = "patient year month week history answers nothing"
"""Words that fit any patient, even one who has told nothing."""


def review(
    draft: Draft, case: Case, passages: Sequence[Passage], contacts: Sequence[str] = (), read: Read = nothing
) -> tuple[Objection, ...]:
    """Every objection to the draft; none if it may be shown. `contacts` are the clinic's own numbers, and `read` tells
    the facts that a text states; without it only the record's own names are found in the history."""
    reading = Reading(draft, case, passages, contacts, read)
    if too_big := list(too_long(reading)):
        return tuple(Objection(code="too_long", detail=detail) for detail in too_big)
    return tuple(Objection(code=code, detail=detail) for code, check in CHECKS.items() for detail in check(reading))


def too_long(reading: Reading) -> Iterator[str]:
    """Checked first: a draft that is too long goes through no other check, whose patterns could take very long."""
    limits = reading.words.limits
    if len(reading.draft.subjective.split()) > limits.subjective_words:
        yield f"subjective has more than {limits.subjective_words} words"
    for field in reading.fields:
        if field.place.startswith(("concerns", "open_questions")) and len(field.text) > limits.item_characters:
            yield f"{field.place} has more than {limits.item_characters} characters"


def statement_missing(reading: Reading) -> Iterator[str]:
    if str(reading.draft.statement) != STATEMENT:
        yield "statement is not the fixed one"


def empty(reading: Reading) -> Iterator[str]:
    yield from (f"{field.place} is empty" for field in reading.fields if not words(field.text))
    for index, explanation in enumerate(reading.draft.explanations):
        if words(explanation.name) and not _A_WORD.search(explanation.name):
            yield f"explanations[{index}].name names nothing"


def unknown_statement(reading: Reading) -> Iterator[str]:
    for index, explanation in enumerate(reading.draft.explanations):
        for side in ("supporting", "contradicting"):
            if not reading.statements.keys() >= set(getattr(explanation, side)):
                yield f"explanations[{index}].{side} cites a statement that does not exist"


def unknown_passage(reading: Reading) -> Iterator[str]:
    for kind in ("explanations", "actions"):
        for index, cites in enumerate(getattr(reading.draft, kind)):
            if not reading.passages >= set(cites.passages):
                yield f"{kind}[{index}].passages cites a passage that was not given"


def unsupported(reading: Reading) -> Iterator[str]:
    for index, explanation in enumerate(reading.draft.explanations):
        if not any(reading.supports(statement_id) for statement_id in explanation.supporting):
            yield f"explanations[{index}].supporting cites nothing that is present"


def level_lowered(reading: Reading) -> Iterator[str]:
    if reading.draft.level < reading.case.level:
        yield f"level is below {reading.case.level.name}"


def ungrounded(reading: Reading) -> Iterator[str]:
    """The subjective part must share at least one word with what was stated, and be more than the message to the
    patient; else it is about something else."""
    stated = [statement.label for statement in reading.case.statements]
    common = review_words().message["en"].common
    told = stems(" ".join([*stated, reading.said, reading.case.sex, _OF_ANYBODY]), common)
    if not stems(reading.draft.subjective, common) & told:
        yield "subjective says nothing of what was stated"
    elif _letters(reading.draft.subjective) == _letters(reading.draft.patient_message):
        yield "subjective is the message to the patient"


def repeats(reading: Reading) -> Iterator[str]:
    limits = reading.words.limits
    for field in reading.fields:
        run = [word.lower() for word in words(field.text)]
        runs = Counter(zip(*(run[start:] for start in range(limits.repeat_words)), strict=False))
        if any(count >= limits.repeats for count in runs.values()):
            yield f"{field.place} goes round in circles"
    for kind, count in Counter((field.place.split("[")[0], field.plain) for field in reading.fields).items():
        if count > 1:
            yield f"{kind[0]} says the same twice"


def script(reading: Reading) -> Iterator[str]:
    """Look-alike letters of another script would get past every word list. Greek is allowed: medicine uses it."""
    for field in reading.fields:
        if foreign_letters(field.text, ("LATIN", "GREEK", "MICRO", "FEMININE ORDINAL", "MASCULINE ORDINAL")):
            yield f"{field.place} holds letters of another script"


def certainty(reading: Reading) -> Iterator[str]:
    limit = reading.words.limits.certainty_percent
    for field in reading.fields:
        above = [found for found in percentages_above(field.plain, limit) if not _reported(reading, field, found)]
        if above or certain(field.plain, reading.words):
            yield f"{field.place} claims certainty above {limit:g} percent"


def diagnosis(reading: Reading) -> Iterator[str]:
    """No definitive diagnosis: neither by its usual words, nor by stating an explanation as a fact."""
    labels = {plain(statement.label) for statement in reading.case.statements}
    names = {plain(explanation.name) for explanation in reading.draft.explanations} - labels - {""}
    as_fact = re.compile(rf"\b(?:has|have|is|are|with|diagnosed) (?:an? |the )?{any_word(names).pattern}")
    for field in reading.fields:
        if diagnosing(field.plain, reading.words) or as_fact.search(field.plain):
            yield f"{field.place} states a diagnosis"


def unhedged(reading: Reading) -> Iterator[str]:
    """At least one hedging word ("possible", "likely", "concerning for") must stand somewhere in the assessment."""
    likelihoods = (explanation.likelihood for explanation in reading.draft.explanations)
    opinions = (*likelihoods, *reading.draft.concerns, reading.draft.level_reason)
    if not reading.words.hedging.search(plain("\n".join(opinions))):
        yield "no hedge such as possible, likely or concerning for"


def medicine(reading: Reading) -> Iterator[str]:
    reporting = {"", *reading.words.reporting_verbs}
    for field in reading.fields:
        told = told_medicines(reading.added(field.plain))
        if any(each.order or each.verb not in reporting or not _reported(reading, field, each.what) for each in told):
            yield f"{field.place} names a dose, or tells to use a medicine, without physician approval"


def reassurance(reading: Reading) -> Iterator[str]:
    yield from (
        f"{field.place} reassures falsely"
        for field in reading.fields
        if reassuring(reading.added(field.plain), reading.words)
    )


def leak(reading: Reading) -> Iterator[str]:
    yield from (
        f"{field.place} holds instructions or marks of a prompt"
        for field in reading.fields
        if leaking(field.plain, reading.words) or _BRACE.search(field.text)
    )


def states_absent(reading: Reading) -> Iterator[str]:
    for statement_id, said in _subjective_says(reading, Status.ABSENT):
        if Said.STATED in said:
            yield f"subjective states {statement_id}, which is absent"


def denies_present(reading: Reading) -> Iterator[str]:
    for statement_id, said in _subjective_says(reading, Status.PRESENT):
        if Said.DENIED in said:
            yield f"subjective denies {statement_id}, which is present"


def not_in_record(reading: Reading) -> Iterator[str]:
    """What the history says in any words, and the record does not hold or holds otherwise: a made-up "denies chest
    pain" would tell the nurse that somebody asked."""
    found = untold(reading.draft.subjective, reading.case, reading.words.denying, reading.read)
    yield from (f"subjective {against}" for against in found)


CHECKS: Mapping[str, Check] = {
    "too_long": too_long,
    "statement_missing": statement_missing,
    "empty": empty,
    "unknown_statement": unknown_statement,
    "unknown_passage": unknown_passage,
    "unsupported": unsupported,
    "level_lowered": level_lowered,
    "ungrounded": ungrounded,
    "repeats": repeats,
    "script": script,
    "certainty": certainty,
    "diagnosis": diagnosis,
    "unhedged": unhedged,
    "medicine": medicine,
    "reassurance": reassurance,
    "leak": leak,
    "states_absent": states_absent,
    "denies_present": denies_present,
    "not_in_record": not_in_record,
    "message_language": message.language,
    "message_length": message.length,
    "message_grade": message.reading_grade,
    "message_diagnosis": message.diagnosis,
    "message_medicine": message.medicine,
    "message_contact": message.contact,
    "message_urgency": timing.message_urgency,
    "message_alarm": timing.message_alarm,
    "message_internal": message.internal,
    "action_late": timing.action_late,
}


def _reported(reading: Reading, field: Field, part: str) -> bool:
    """Whether the subjective part merely repeats what the patient said."""
    return field.place == reading.subjective.place and part in reading.said


def _letters(text: str) -> list[str]:
    return [word.lower() for word in words(text)]


def _subjective_says(reading: Reading, status: Status) -> Iterator[tuple[str, Said]]:
    """How the subjective part speaks of each statement with this status, by id. Statements that another one
    contradicts are left out, and so are other people's and past ones."""
    every = reading.case.statements
    said = polarity(reading.draft.subjective, [statement.label for statement in every], reading.words.denying)
    labels = [plain(statement.label) for statement in every]
    statuses: dict[str, set[Status]] = {}
    for statement, label in zip(every, labels, strict=True):
        statuses.setdefault(label, set()).add(statement.status)
    for statement, label in zip(every, labels, strict=True):
        if statuses[label] == {status} and not (statement.about_other or statement.in_past):
            yield statement.id, said[statement.label]
