"""What is done about words that are like those of a danger: nothing, ask back, or page.

Likeness alone is only ever asked back. It pages together with a second witness: the rules, that find what the same
words certainly say to be urgent already. Who has said no to the safety check is asked back too: the rest of a story is
full of words that are like those of a danger. Knows nothing about how likeness is measured.
"""

from collections.abc import Iterator

from dialogue.clinic import Clinic
from dialogue.conversation import Conversation
from dialogue.understanding.meaning import Understood
from policies.facts import Evidence, Fact, Status
from policies.levels import Level
from policies.triage import Triage

LEARNED_IN = "en"
"""In another language words are like one another for other reasons."""

PAGED = {Level.HIGH: 0.75, Level.MEDIUM: 0.9, Level.LOW: 0.95}
"""The chance of danger that pages, by the level of what the same message certainly says."""

ASKED = {Level.HIGH: 0.45}
ASKED_ELSE = 0.69
"""The chance of danger that is asked back.

Both were first read from the curve that training/paraphrases.py prints, then set by what whole messages of the
development sets do: beside something urgent 1 in 300 ordinary messages more pages from 0.72 than from 0.75; below 0.69
many more are asked back for hardly an emergency.
"""


def feared(before: Conversation, understood: Understood, found: Triage, clinic: Clinic) -> tuple[Fact, ...]:
    """What the words are taken to say by their likeness: certain where a second witness says so, else uncertain."""
    likeness = understood.likeness
    if likeness is None or understood.command is not None or before.language != LEARNED_IN:
        return ()
    spoken_of = {fact.finding for fact in understood.facts}
    names = [name for name in likeness.suspects if name in clinic.ruleset.findings and name not in spoken_of]
    witness = max(_levels(before, found), default=None)
    evidence = Evidence(turn=before.version, quote=likeness.quote)
    safe = clinic.ruleset.interview.safety_check[0] in before.asked
    if names and witness and not safe and likeness.chance >= PAGED.get(witness, 1.0):
        taken = clinic.ruleset.interview.likeness
        return tuple(Fact(finding=name, status=Status.PRESENT, evidence=evidence) for name in taken)
    if likeness.chance < (ASKED.get(witness, ASKED_ELSE) if witness else ASKED_ELSE):
        return ()
    return tuple(Fact(finding=name, status=Status.PRESENT, certain=False, evidence=evidence) for name in names)


def _levels(before: Conversation, found: Triage) -> Iterator[Level]:
    """Of the rules that what was said in this turn made true."""
    for fired in found.fired:
        if any(evidence.turn == before.version for evidence in fired.evidence):
            yield fired.level
