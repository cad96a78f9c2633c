"""What is done about words that resemble those of a danger: nothing, ask the patient, or page.

Likeness alone never pages: the patient is asked. It pages only together with the rules, if these already find the same
message urgent by what it certainly says. Once the safety check has been asked, it does not page at all: the rest of a
patient's story is full of words that resemble a danger. Nor does a long note about somebody page, for the same reason.
Knows nothing about how likeness is measured.
"""

from collections.abc import Iterator

from dialogue.clinic import Clinic
from dialogue.conversation import Conversation
from dialogue.understanding.meaning import Understood
from dialogue.understanding.quotes import LONGEST
from policies.facts import Evidence, Fact, Status, counting
from policies.levels import Level
from policies.triage import Triage

LEARNED_IN = "en"
"""The language that likeness was trained on; it means nothing for words of another one."""

PAGED = {Level.HIGH: 0.9, Level.MEDIUM: 0.95}
"""The least chance of danger that pages, by the level that the same message certainly has."""

LONG_NOTE = 16
"""From so many words on, a note about somebody, as clinicians write it, is asked about rather than paged: of those of
the development sets that paged by likeness alone none told of an emergency for sure, half of the shorter ones did."""

ASKED = {Level.HIGH: 0.4}
ASKED_ELSE = 0.52
"""The least chance of danger at which the patient is asked.

Both were first read from the curve that training/paraphrases.py prints, then set by what whole messages of the
development sets do: beside something urgent, between 0.75 and 0.9 nearly half of the openings that paged were of no
emergency, while of those asked back from 0.4 most are one or need care the same day; elsewhere, below 0.5 more ordinary
look-alikes are asked back than the floors of benchmarks/clinical allow.
"""


def feared(before: Conversation, understood: Understood, triage: Triage, clinic: Clinic) -> tuple[Fact, ...]:
    """The facts that the words may mean by their likeness: certain where the rules agree that it is urgent, else
    uncertain."""
    likeness = understood.likeness
    if likeness is None or understood.command is not None or before.language != LEARNED_IN:
        return ()
    spoken_of = {fact.finding for fact in understood.facts}
    names = [name for name in likeness.suspects if name in clinic.ruleset.findings and name not in spoken_of]
    witness = max(_levels(before, triage), default=None)
    evidence = Evidence(turn=before.version, quote=likeness.text.strip()[:LONGEST])
    safe = clinic.ruleset.interview.safety_check[0] in before.asked
    pages = witness and not safe and likeness.chance >= PAGED.get(witness, 1.0)
    if names and pages and not is_long_note(likeness.text, clinic):
        taken = clinic.ruleset.interview.likeness
        return tuple(Fact(finding=name, status=Status.PRESENT, evidence=evidence) for name in taken)
    if likeness.chance < (ASKED.get(witness, ASKED_ELSE) if witness else ASKED_ELSE):
        return ()
    known = counting(before.facts)
    doubted = (name for name in names if name not in known)
    return tuple(Fact(finding=name, status=Status.PRESENT, certain=False, evidence=evidence) for name in doubted)


def is_long_note(text: str, clinic: Clinic) -> bool:
    """Whether it tells of somebody at length without a word for the writer, as a clinician's summary does."""
    lexicon = clinic.lexicons[LEARNED_IN]
    words, people = lexicon.reader.read(text).words, lexicon.language.people
    return len(words) >= LONG_NOTE and (people.me - people.me_or_not).isdisjoint(words)


def _levels(before: Conversation, triage: Triage) -> Iterator[Level]:
    """The levels of the rules that this turn's words made true."""
    for fired in triage.fired:
        if any(evidence.turn == before.version for evidence in fired.evidence):
            yield fired.level
