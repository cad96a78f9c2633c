"""Adds what follows from the stated facts: if a finding is present, so is everything it implies; if it is absent, so is
everything that implies it.

Where two statements disagree, the later one holds; within one message, "present" holds. Knows nothing about rules.
"""

from dataclasses import replace

from policies.facts import Fact, Facts, Status
from policies.ruleset import NOWHERE, RuleSet


def with_implied(ruleset: RuleSet, facts: Facts) -> Facts:
    """The facts and all that they imply. An implied finding gets the fact that implies it, without its value."""
    known: dict[str, Fact] = {}
    learn(ruleset, known, facts)
    return known


def learn(ruleset: RuleSet, known: dict[str, Fact], facts: Facts) -> set[str]:
    """Adds later facts, and what they imply, to `known` in place. Returns the findings whose fact has changed.

    None of `facts` may correct an earlier statement: what that statement implied would not be taken back.
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
    """The greater of two statements' weights holds; a question that was not answered never outweighs one that was."""
    if fact.status is Status.UNKNOWN:
        return -1, False
    return fact.evidence.turn, fact.status is Status.PRESENT
