"""A draft and its case as the review's checks read them: its fields by place, and what was said. Judges nothing.

`objectionable` and `tells_medicine` are also asked about single texts, by the code that writes drafts without a model.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from policies.case import Case
from policies.draft import Draft
from policies.facts import Status
from policies.passages import Passage
from policies.phrases import plain, sentences
from policies.review_record import Read
from policies.review_words import MessageWords, ReviewWords, instructing, review_words

_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:%|percent\b|per cent\b)")


OWN_WORDS = 2


class Field(NamedTuple):
    """One text of a draft; `place` is its path, e.g. `concerns[0]`, and `plain` the text as patterns expect it."""

    place: str
    text: str
    plain: str


class Reading:
    """What each check looks at. `contacts` are the only phone numbers and addresses a message may hold; `read` tells
    the facts that a text states."""

    def __init__(
        self, draft: Draft, case: Case, passages: Sequence[Passage], contacts: Sequence[str], read: Read
    ) -> None:
        self.draft = draft
        self.case = case
        self.contacts = contacts
        self.read = read
        self.words = review_words()
        self.statements = {statement.id: statement for statement in case.statements}
        self.passages = {passage.id for passage in passages}
        self.message = _field("patient_message", draft.patient_message)
        self.subjective = _field("subjective", draft.subjective)
        self.fields = tuple(_fields(draft))

    @property
    def message_words(self) -> MessageWords:
        """The word lists of the case's language, or the English ones where it has none; then the review objects to the
        message's language anyway."""
        return self.words.message.get(self.case.language, self.words.message["en"])

    @cached_property
    def said(self) -> str:
        """Everything the patient said, as plain text. The subjective part may repeat a dose or a percentage from it."""
        told = [self.case.complaint, *(evidence.quote for evidence in self.case.patient_words)]
        told += [text for statement in self.case.statements for text in (statement.value, statement.evidence.quote)]
        return plain("\n".join(told))

    @cached_property
    def _content(self) -> list[str]:
        """Texts of the clinical content that this case repeats (labels of findings, reasons of rules), shortest first.

        Those of one or two words are not among them: such a label may be the name of a medicine.
        """
        written = [statement.label for statement in self.case.statements] + [fired.because for fired in self.case.fired]
        return sorted({plain(text) for text in written if len(text.split()) > OWN_WORDS}, key=len)

    def added(self, text: str) -> str:
        """A plain text without what it copies from the clinical content."""
        for known in reversed(self._content):
            text = text.replace(known, " ")
        return text

    def supports(self, statement_id: str) -> bool:
        """Whether the case has this statement, and it says that something is present in the patient."""
        statement = self.statements.get(statement_id)
        return statement is not None and statement.status is Status.PRESENT and not statement.about_other


def certain(text: str, words: ReviewWords) -> bool:
    return _hit(words.certainty, text)


def diagnosing(text: str, words: ReviewWords) -> bool:
    return _hit(words.diagnosis, text)


def reassuring(text: str, words: ReviewWords) -> bool:
    return _hit(words.reassurance, text)


def leaking(text: str, words: ReviewWords) -> bool:
    return _hit(words.leak, text)


def percentages_above(text: str, limit: float) -> list[str]:
    """The percentages in a plain text that exceed the limit, as written."""
    return [found[0] for found in _PERCENT.finditer(text) if float(found[1].replace(",", ".")) > limit]


class Told(NamedTuple):
    """A dose, or a medicine that someone is told to use, in plain form; a dose has no verb.

    `order` is set where the bare verb opens the sentence: "Take ibuprofen" never tells what somebody does.
    """

    what: str
    verb: str = ""
    order: bool = False


def told_medicines(text: str) -> list[Told]:
    """The doses in a plain text, and the medicines it tells to use, without a physician's approval."""
    told: list[Told] = []
    for part in sentences(text):
        if not review_words().approving.search(part):
            told += [Told(found[0]) for found in review_words().dosing.finditer(part)]
            told += [Told(found["name"], found["verb"], _is_order(found)) for found in instructing().finditer(part)]
    return told


def _is_order(found: re.Match[str]) -> bool:
    opens = not any(char.isalnum() for char in found.string[: found.start("verb")])
    return opens and not found["verb"].endswith(("s", "ing"))


def objectionable(text: str) -> bool:
    """Whether a text must not appear anywhere in a draft, whatever the case."""
    words, shown = review_words(), plain(text)
    return any(check(shown, words) for check in (certain, diagnosing, reassuring, leaking)) or bool(
        percentages_above(shown, words.limits.certainty_percent)
    )


def tells_medicine(text: str) -> bool:
    return bool(told_medicines(plain(text)))


def _hit(patterns: Sequence[re.Pattern[str]], text: str) -> bool:
    return any(pattern.search(text) for pattern in patterns)


def _field(place: str, text: str) -> Field:
    return Field(place, text, plain(text))


def _fields(draft: Draft) -> Iterator[Field]:
    yield _field("subjective", draft.subjective)
    for index, explanation in enumerate(draft.explanations):
        yield _field(f"explanations[{index}].name", explanation.name)
    for index, concern in enumerate(draft.concerns):
        yield _field(f"concerns[{index}]", concern)
    for index, action in enumerate(draft.actions):
        yield _field(f"actions[{index}].text", action.text)
    yield _field("level_reason", draft.level_reason)
    for index, question in enumerate(draft.open_questions):
        yield _field(f"open_questions[{index}]", question)
    yield _field("patient_message", draft.patient_message)
