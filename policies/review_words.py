"""The words and limits that the review of a draft uses, read from content files. Knows nothing about drafts."""

import re
from functools import cache, cached_property
from pathlib import Path

import yaml

from policies.findings import Content, ReviewedContent
from policies.levels import Level
from policies.negation import Denials
from policies.phrases import any_pattern, any_word

CONTENT = Path(__file__).parent / "content"

Patterns = tuple[re.Pattern[str], ...]
Words = tuple[str, ...]


class Limits(Content):
    """Percentages are whole numbers; the grade is the US school grade; the rest are counts."""

    subjective_words: int
    message_words: int
    message_words_least: int
    message_grade: float
    item_characters: int
    certainty_percent: float
    repeats: int
    repeat_words: int


class MessageWords(Content):
    """What a message to the patient in one language may not say, and what it must say at a level."""

    common: Words
    diagnosis: Patterns
    conditions: Words
    contacts: Patterns
    internal: Patterns
    conditional: Words
    urgency: dict[Level, Words]
    too_late: dict[Level, Patterns]
    too_soon: dict[Level, Patterns]

    @cached_property
    def depending(self) -> re.Pattern[str]:
        return any_word(self.conditional)

    @cached_property
    def naming(self) -> re.Pattern[str]:
        return re.compile(f"{any_pattern(self.diagnosis).pattern}|{any_word(self.conditions).pattern}")


class ReviewWords(ReviewedContent):
    """`review.yaml`; see its comments."""

    limits: Limits
    hedges: Words
    certainty: Patterns
    diagnosis: Patterns
    reassurance: Patterns
    leak: Patterns
    doses: Patterns
    medicine_verbs: Words
    medicine_gap_words: int
    reporting_verbs: Words
    approvals: Words
    denials: Words
    denied_after: Words
    denial_ends: Words
    action_too_late: dict[Level, Patterns]
    message: dict[str, MessageWords]

    @cached_property
    def hedging(self) -> re.Pattern[str]:
        return any_word(self.hedges)

    @cached_property
    def approving(self) -> re.Pattern[str]:
        return any_word(self.approvals)

    @cached_property
    def dosing(self) -> re.Pattern[str]:
        return any_pattern(self.doses)

    @cached_property
    def denying(self) -> Denials:
        return Denials.of(self.denials, self.denied_after, self.denial_ends)


class Medicines(ReviewedContent):
    """`medicines.yaml`; see its comments."""

    kinds: Words
    substances: Words
    brands: Words

    @cached_property
    def named(self) -> re.Pattern[str]:
        return any_word((*self.kinds, *self.substances, *self.brands))


@cache
def review_words(path: Path = CONTENT / "review.yaml") -> ReviewWords:
    return ReviewWords.model_validate(yaml.safe_load(path.read_text("utf-8")))


@cache
def instructing() -> re.Pattern[str]:
    """Telling someone to use a medicine: its groups are the `verb` and the medicine's `name`."""
    words = review_words()
    verb, gap = any_word(words.medicine_verbs).pattern, rf"(?:\W+[\w'-]+){{0,{words.medicine_gap_words}}}?\W+"
    return re.compile(f"(?P<verb>{verb}){gap}(?P<name>{medicines().named.pattern})")


@cache
def medicines(path: Path = CONTENT / "medicines.yaml") -> Medicines:
    return Medicines.model_validate(yaml.safe_load(path.read_text("utf-8")))
