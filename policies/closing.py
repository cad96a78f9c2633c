"""What follows from what was said: present goes up to what a finding implies, absent down to what would imply it.

Where two statements disagree the later one holds; within one message, presence does. Knows nothing about rules.
"""

from dataclasses import replace

from policies.facts import Fact, Facts, Status
from policies.ruleset import NOWHERE, RuleSet


def close(ruleset: RuleSet, facts: Facts) -> Facts:
    """The facts and all that they imply: by each implied finding the fact that implies it, without its value."""
    closed: dict[str, Fact] = {}
    learn(ruleset, closed, facts)
    return closed


def learn(ruleset: RuleSet, known: dict[str, Fact], facts: Facts) -> set[str]:
    """Add later facts and what they imply to what is known already; of which findings something else is known now.

    Of none of these findings anything was said before: what that had implied would have to go with it.
    """
    changed = set()
    for name, fact in facts.items():
        held = known.get(name)
        if held is None or held.evidence is NOWHERE or weight(held) <= weight(fact):
            known[name] = fact
            changed.add(name)
    above, below, here, absent = ruleset.above, ruleset.below, Status.PRESENT, Status.ABSENT
    for name, fact in facts.items():
        implied = above.get(name) if fact.status is here else below.get(name) if fact.status is absent else None
        if not implied:
            continue
        bare = fact if fact.value is None else replace(fact, value=None)
        said = weight(fact)
        for lower in implied:
            held = known.get(lower)
            if held is None or held.evidence is NOWHERE or weight(held) < said:
                known[lower] = bare
                changed.add(lower)
    return changed


def weight(fact: Fact) -> tuple[int, bool]:
    """Which of two statements holds; one that was not answered never does."""
    if fact.status is Status.UNKNOWN:
        return -1, False
    return fact.evidence.turn, fact.status is Status.PRESENT
