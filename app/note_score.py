"""Compares a clinician's note with a draft and with our record: what of it the draft states, and what contradicts us.

What we cannot read in a note counts as not told; otherwise the comparison would leave out just what we do not
understand. Only the history is compared: findings of an examination, an impression and a plan are nothing that a
patient tells. Knows nothing about who wrote the draft.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from app.visits import Visit
from dialogue.clinic import Clinic
from dialogue.understanding import understand
from policies.facts import Fact, Facts, Status, counting
from policies.negation import Said, polarity
from policies.phrases import plain
from policies.review_words import review_words
from policies.ruleset import WHO_THEY_ARE

HISTORY_ENDS = re.compile(
    r"^\W*(?:imp|impression|assessment|diagnosis|d?dx|plan|management|mx|a/p|o/e|on examination|ex|exam|examination)"
    r"\s*(?:[:.?]|-\s|$)",
    re.I | re.M,
)
"""A heading of what is not the patient's to tell."""
NIL = re.compile(r"\bnil\b", re.I)
"""Clinicians' "no", which no patient writes."""
SENTENCE = re.compile(r"(?<=[.;!?])\s+|\s*\n+\s*")


class Claim(NamedTuple):
    """One finding in the note. `counts` if it is the patient's own, now, and certain."""

    finding: str
    label: str
    status: Status
    value: float | None
    counts: bool


class Piece(NamedTuple):
    """A sentence or highlight of the note and what we read in it. `literally` if the draft has its very words."""

    text: str
    claims: tuple[Claim, ...]
    told: frozenset[Claim] = frozenset()
    literally: bool = False

    @property
    def is_read(self) -> bool:
        return bool(self.claims)

    @property
    def is_told(self) -> bool:
        """Whether the draft states all of it. What we could not read is not told."""
        return self.literally or (self.is_read and self.told.issuperset(self.claims))


class Against(NamedTuple):
    """A fact of our record that the note contradicts, with the words of both."""

    label: str
    ours: str
    words: str
    note: str

    def __str__(self) -> str:
        return f"{self.label}: we have {self.ours} (“{self.words}”), the note says “{self.note}”"


class Noted(NamedTuple):
    """A note compared with one draft and our record.

    `agreeing` facts of the record are in the note, too. `borne_out` says so of each present one.
    """

    sentences: tuple[Piece, ...] = ()
    highlights: tuple[Piece, ...] = ()
    agreeing: int = 0
    against: tuple[Against, ...] = ()
    borne_out: tuple[tuple[str, bool], ...] = ()

    def claims(self, *statuses: Status) -> Iterator[tuple[Claim, bool]]:
        """Each finding of the note once, and whether the draft states it."""
        found = {claim: claim in each.told for each in self.sentences for claim in each.claims}
        return ((claim, told) for claim, told in found.items() if claim.status in statuses)


def held_against(visit: Visit, subjective: str, facts: Iterable[Fact], clinic: Clinic, language: str) -> Noted:
    """Compares the note with a draft's subjective part (empty if there is no draft) and with the facts of our
    record."""
    history = history_of(visit.note)
    if not history:
        return Noted()
    record = counting(facts)
    sentences = [_read(text, clinic, language) for text in SENTENCE.split(history) if re.search(r"\w", text)]
    marked = [
        text for text in visit.highlights if plain(text) in plain(history) or plain(text) not in plain(visit.note)
    ]
    highlights = [_read(text, clinic, language) for text in marked]
    labels = {claim.label for each in (*sentences, *highlights) for claim in each.claims}
    every = sorted(labels | {clinic.ruleset.findings[finding].label for finding in record})
    said = polarity(subjective, every, review_words().denying)
    judged = [_judged(each, said, record) for each in sentences]
    stated = [each._replace(literally=plain(each.text) in plain(subjective)) for each in highlights]
    return Noted(
        tuple(judged),
        tuple(_judged(each, said, record) for each in stated),
        *_compared(judged, record),
        tuple(_borne_out(judged, record, clinic)),
    )


def history_of(note: str) -> str:
    """The note before its examination, impression or plan."""
    ends = HISTORY_ENDS.search(note)
    return (note[: ends.start()] if ends else note).strip()


def _read(text: str, clinic: Clinic, language: str) -> Piece:
    """The facts of the text, with the last word on each finding of each person."""
    facts = understand(NIL.sub("no", text), clinic.lexicons[language]).facts
    known = (fact for fact in facts if fact.finding not in WHO_THEY_ARE and fact.status is not Status.UNKNOWN)
    last = {(fact.finding, fact.person, fact.when): fact for fact in known}
    return Piece(text.strip(), tuple(dict.fromkeys(_claim(fact, clinic) for fact in last.values())))


def _claim(fact: Fact, clinic: Clinic) -> Claim:
    value = fact.value if isinstance(fact.value, float | int) else None
    return Claim(fact.finding, clinic.ruleset.findings[fact.finding].label, fact.status, value, fact.counts)


def _judged(piece: Piece, said: Mapping[str, Said], record: Facts) -> Piece:
    return piece._replace(told=frozenset(claim for claim in piece.claims if _tells(said, claim, record)))


def _tells(said: Mapping[str, Said], claim: Claim, record: Facts) -> bool:
    """Whether the draft states it as the note does: a denial as a denial, a number as the same number."""
    if (Said.DENIED if claim.status is Status.ABSENT else Said.STATED) not in said[claim.label]:
        return False
    ours = record.get(claim.finding)
    return claim.value is None or (ours is not None and ours.value == claim.value)


def _compared(sentences: Sequence[Piece], record: Facts) -> tuple[int, tuple[Against, ...]]:
    """How many facts of the record the note confirms, and those it contradicts. Numbers are left out: a note has
    many."""
    noted = {claim.finding: (claim, each.text) for each in sentences for claim in each.claims if claim.counts}
    both = [
        (record[finding], *noted[finding]) for finding in noted if finding in record and record[finding].value is None
    ]
    against = [
        Against(claim.label, "present" if fact.status is Status.PRESENT else "denied", fact.evidence.quote, text)
        for fact, claim, text in both
        if {fact.status, claim.status} == {Status.PRESENT, Status.ABSENT}
    ]
    return sum(fact.status is claim.status for fact, claim, _ in both), tuple(against)


def _borne_out(sentences: Sequence[Piece], record: Facts, clinic: Clinic) -> Iterator[tuple[str, bool]]:
    noted = {claim.finding for each in sentences for claim in each.claims if claim.status is Status.PRESENT}
    for finding, fact in record.items():
        if fact.status is Status.PRESENT and finding not in WHO_THEY_ARE:
            yield f"{clinic.ruleset.findings[finding].label} (“{fact.evidence.quote}”)", finding in noted
