"""How urgent a conversation is, and whether this turn raises a red flag. Knows nothing about what is said back."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import is_
from typing import NamedTuple

from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Review, State
from dialogue.machine import ASKING
from dialogue.other_people import endangers
from policies.case import Fired
from policies.facts import Fact, Status, counting
from policies.levels import Level
from policies.red_flags import red_flags
from policies.triage import Triage, View, view


class Judgement(NamedTuple):
    """A conversation's facts as the rules see them. `uncertain` are the present facts that are not certain."""

    facts: tuple[Fact, ...]
    view: View
    uncertain: tuple[Fact, ...] = ()


def judge(conversation: Conversation, clinic: Clinic, earlier: Judgement | None = None) -> Judgement:
    return judge_facts(conversation.facts, clinic, earlier)


def judge_facts(facts: tuple[Fact, ...], clinic: Clinic, earlier: Judgement | None = None) -> Judgement:
    """The facts as the rules see them.

    Uses an earlier judgement of the same conversation: computing it anew would be most of a turn's cost.
    """
    if earlier is None:
        return Judgement(facts, view(clinic.ruleset, counting(facts)), _uncertain(facts))
    if earlier.facts is facts:
        return earlier
    known = len(earlier.facts)
    if known > len(facts) or not all(map(is_, earlier.facts, facts)):
        return judge_facts(facts, clinic)
    new = facts[known:]
    if not new:
        return Judgement(facts, earlier.view, earlier.uncertain)
    grown = earlier.view.with_more(counting(new)) or view(clinic.ruleset, counting(facts))
    return Judgement(facts, grown, earlier.uncertain + _uncertain(new))


def _uncertain(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    return tuple([fact for fact in facts if not fact.certain and fact.status is Status.PRESENT])


def triage_of(conversation: Conversation, clinic: Clinic, earlier: Judgement | None = None) -> Triage:
    return judge(conversation, clinic, earlier).view.found


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


def doubts(conversation: Conversation, told: Iterable[Fact], clinic: Clinic, judgement: Judgement) -> tuple[str, ...]:
    """The uncertain findings that are asked back before anything else.

    They would be an emergency if they were true, for the patient or for somebody else.
    """
    uncertain = [fact for fact in told if not fact.certain and fact.status is Status.PRESENT]
    if not uncertain:
        return ()
    settled = _settled(conversation.facts)
    now = triage_of(conversation, clinic, judgement).level or 0
    return tuple(
        fact.finding
        for fact in uncertain
        if endangers(fact, conversation.facts, clinic)
        or (
            fact.finding not in settled
            and _level_if(fact, conversation, clinic, judgement) >= max(now + 1, Level.EMERGENCY)
        )
    )


def _settled(facts: Sequence[Fact]) -> frozenset[str]:
    """The findings that need no asking back: present ones, and those that were denied by themselves.

    Who denied one among others, with "none of these", may not have read it, and tell it later in words of their own.
    """
    counted = counting(facts).values()
    together = Counter(fact.evidence for fact in counted if fact.status is Status.ABSENT)
    return frozenset(fact.finding for fact in counted if fact.status is Status.PRESENT or together[fact.evidence] == 1)


def lesser_doubts(conversation: Conversation, clinic: Clinic, judgement: Judgement) -> tuple[str, ...]:
    """The uncertain findings, whenever they were said, that would raise the level to HIGH or above."""
    judgement = judge(conversation, clinic, judgement)
    if not judgement.uncertain:
        return ()
    certain = counting(conversation.facts)
    now = judgement.view.found.level or 0
    raising = (
        fact.finding
        for fact in judgement.uncertain
        if fact.finding not in certain and _level_if(fact, conversation, clinic, judgement) >= max(now + 1, Level.HIGH)
    )
    return tuple(dict.fromkeys(raising))


def _level_if(uncertain: Fact, conversation: Conversation, clinic: Clinic, judgement: Judgement) -> int:
    """The level if this fact were certain; None if it would not count even then (somebody else's, or in the past)."""
    sure = replace(uncertain, certain=True)
    if not sure.counts:
        return 0
    supposed = conversation.model_copy(update={"facts": (*conversation.facts, sure)})
    return triage_of(supposed, clinic, judgement).level or 0
