"""How urgent a conversation is, and whether this turn raises a red flag. Knows nothing about what is said back."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import is_
from typing import NamedTuple

from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Review, State
from dialogue.machine import ASKING
from dialogue.others import endangers
from policies.case import Fired
from policies.facts import Fact, Status, counting
from policies.levels import Level
from policies.red_flags import red_flags
from policies.triage import Triage, View, view


class Look(NamedTuple):
    """A conversation's facts as the rules see them. `uncertain` are the present facts that are not certain."""

    facts: tuple[Fact, ...]
    view: View
    uncertain: tuple[Fact, ...] = ()


def look(conversation: Conversation, clinic: Clinic, earlier: Look | None = None) -> Look:
    return look_at(conversation.facts, clinic, earlier)


def look_at(facts: tuple[Fact, ...], clinic: Clinic, earlier: Look | None = None) -> Look:
    """The facts as the rules see them.

    Uses an earlier look at the same conversation: computing it anew would be most of a turn's cost.
    """
    if earlier is None:
        return Look(facts, view(clinic.ruleset, counting(facts)), _uncertain(facts))
    if earlier.facts is facts:
        return earlier
    known = len(earlier.facts)
    if known > len(facts) or not all(map(is_, earlier.facts, facts)):
        return look_at(facts, clinic)
    new = facts[known:]
    if not new:
        return Look(facts, earlier.view, earlier.uncertain)
    grown = earlier.view.with_more(counting(new)) or view(clinic.ruleset, counting(facts))
    return Look(facts, grown, earlier.uncertain + _uncertain(new))


def _uncertain(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    return tuple([fact for fact in facts if not fact.certain and fact.status is Status.PRESENT])


def judged(conversation: Conversation, clinic: Clinic, earlier: Look | None = None) -> Triage:
    return look(conversation, clinic, earlier).view.found


def level_of(before: Conversation, found: Triage) -> Level | None:
    """The level after a turn. Only people lower urgency: an emergency stays one, and once a nurse has the case or has
    set its level, it can only rise.

    While the patient is still being asked, a corrected answer may lower a level that the wrong answer had raised.
    """
    if any(verdict.action in ("relevelled", "seconded") for verdict in before.verdicts):
        news = max((f.level for f in found.fired if f.rule not in before.fired), default=None)
        return highest(before.level, news)
    if before.page:
        return Level.EMERGENCY
    still_asking = before.state in ASKING or before.state is State.ABANDONED
    return found.level if still_asking else highest(before.level, found.level)


def highest(*levels: Level | None) -> Level | None:
    return max((level for level in levels if level), default=None)


def dangers(before: Conversation, found: Triage) -> tuple[Fired, ...]:
    """The red flags that this turn raises.

    While a nurse is being paged or is present, these are rules that had not fired before. Otherwise a danger that is
    said again counts, too: after a case was settled it must page again.
    """
    seen_to = attended(before)
    return tuple(
        fired
        for fired in red_flags(found)
        if fired.rule not in before.fired
        or (not seen_to and any(evidence.turn == before.version for evidence in fired.evidence))
    )


def attended(before: Conversation) -> bool:
    """Whether a nurse is being paged or is present."""
    return before.state is State.URGENT or (before.state is State.WITH_NURSE and before.review is Review.OPEN)


def doubts(conversation: Conversation, heard: Iterable[Fact], clinic: Clinic, looked: Look) -> tuple[str, ...]:
    """The uncertain findings that are asked back before anything else.

    They would be an emergency if they were true, for the patient or for somebody else.
    """
    uncertain = [fact for fact in heard if not fact.certain and fact.status is Status.PRESENT]
    if not uncertain:
        return ()
    certain = counting(conversation.facts)
    now = judged(conversation, clinic, looked).level or 0
    return tuple(
        fact.finding
        for fact in uncertain
        if endangers(fact, conversation.facts, clinic)
        or (
            fact.finding not in certain
            and _level_if(fact, conversation, clinic, looked) >= max(now + 1, Level.EMERGENCY)
        )
    )


def lesser_doubts(conversation: Conversation, clinic: Clinic, looked: Look) -> tuple[str, ...]:
    """The uncertain findings, whenever they were said, that would raise the level to HIGH or above."""
    looked = look(conversation, clinic, looked)
    if not looked.uncertain:
        return ()
    certain = counting(conversation.facts)
    now = looked.view.found.level or 0
    raising = (
        fact.finding
        for fact in looked.uncertain
        if fact.finding not in certain and _level_if(fact, conversation, clinic, looked) >= max(now + 1, Level.HIGH)
    )
    return tuple(dict.fromkeys(raising))


def _level_if(uncertain: Fact, conversation: Conversation, clinic: Clinic, looked: Look) -> int:
    """The level if this fact were certain; None if it would not count even then (somebody else's, or in the past)."""
    sure = replace(uncertain, certain=True)
    if not sure.counts:
        return 0
    supposed = conversation.model_copy(update={"facts": (*conversation.facts, sure)})
    return judged(supposed, clinic, looked).level or 0
