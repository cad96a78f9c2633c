"""What the history asks next: undecided rules worst first, then what the complaint's protocol wants to know.

Knows nothing about the other stages.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, takewhile, tee

from dialogue.asking import GROUP, ask
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Question, State
from policies.findings import Finding, Kind
from policies.levels import Level
from policies.rules import Rule
from policies.triage import View

HISTORY_TURNS, MOST_TURNS = 6, 9
"""So many questions in the history, and so many where the patient's own complaint could still be an emergency.

What is open then is left to the nurse.
"""

LATER = ("ask_group_more", "ask_group_again")

CHEAP, HOPELESS = 0.5, 1000.0
"""What it costs to ask what is asked anyway, and what cannot be asked. Everything else: see `Clinic.prices`."""

Undecided = Sequence[tuple[Rule, frozenset[str]]]
"""Rules that could still raise the level, each with the findings worth asking for."""


def history(conversation: Conversation, clinic: Clinic, seen: View) -> Question | None:
    """What else the patient has to tell, then undecided emergencies, then how long it has been so, then what else could
    raise the level.

    First are the emergencies of the patient's own complaint, and those that more than one symptom points to. That an
    everyday complaint could belong to yet another one comes after what anybody would want to know. What can be asked in
    one group comes before what needs a screen of its own.
    """
    turns = _turns(conversation)
    if turns >= MOST_TURNS:
        return None
    if openly := next(unasked(clinic.ruleset.interview.open_question, conversation, clinic, seen), None):
        return ask([openly], conversation, clinic, why="why_history", group="ask_group")
    undecided = seen.open_rules()
    pressing = _pressing(undecided, clinic, seen)
    urgent = _urgent(undecided, pressing) if turns >= HISTORY_TURNS else None
    if urgent is not None and next(unasked(urgent, conversation, clinic, seen), None) is None:
        return None  # most often so, and to put the rest in order would take most of the turn
    wanted = unasked(_in_order(undecided, pressing, conversation, clinic, seen), conversation, clinic, seen)
    if urgent is not None:
        wanted = (finding for finding in wanted if finding.id in urgent)
    return _asked(wanted, undecided, conversation, clinic)


def by_conditions(conversation: Conversation, clinic: Clinic, seen: View) -> Question | None:
    """What could be an emergency now that it is known what the patient lives with: high sugar matters to a diabetic.

    One group of it, or as many as a group holds one by one.
    """
    conditions = seen.scope.present.intersection(clinic.ruleset.background)
    if not conditions or _asked_by_conditions(conversation, clinic) >= GROUP:
        return None
    known = {*clinic.ruleset.background, *clinic.ruleset.about_you}
    symptoms = {name for name in seen.scope.present - known if clinic.ruleset.findings[name].kind is Kind.YES_NO}
    rules = {rule.id: rule for name in conditions for rule in clinic.ruleset.by_finding.get(name, ())}
    undecided = [
        (rule, seen.worth_asking(rule))
        for rule in seen.scope.worst_first(rules.values())
        if rule.level is Level.EMERGENCY and not symptoms.isdisjoint(rule.findings) and seen.may_still_fire(rule)
    ]
    cost = _costs(undecided, (), conversation, clinic, seen)
    names = (name for rule, _ in undecided for name in _first(rule, cost, seen))
    return _asked(unasked(names, conversation, clinic, seen), undecided, conversation, clinic)


def _asked_by_conditions(conversation: Conversation, clinic: Clinic) -> int:
    """How many findings beside the background itself were asked for in its stage."""
    begun = next((mark.asked for mark in conversation.marks if mark.state is State.BACKGROUND), None)
    return 0 if begun is None else sum(name not in clinic.ruleset.background for name in conversation.asked[begun:])


def _asked(
    wanted: Iterator[Finding], undecided: Undecided, conversation: Conversation, clinic: Clinic
) -> Question | None:
    """The first, and what can share its screen."""
    first = next(wanted, None)
    if first is None:
        return None
    batch = [first]
    if first.kind is Kind.YES_NO:
        batch += islice((finding for finding in wanted if finding.kind is Kind.YES_NO), GROUP - 1)
    reasons = (rule.reasons.get(conversation.language, "") for rule, asking in undecided if first.id in asking)
    why = next(reasons, "")
    return ask(batch, conversation, clinic, why="why_history", group=_lead(conversation), reason=why)


def unasked(names: Iterable[str], conversation: Conversation, clinic: Clinic, seen: View) -> Iterator[Finding]:
    """Of these, what is not known, was not asked, has a wording and can be true of this patient; in order, once."""
    language, findings, known = conversation.language, clinic.ruleset.findings, seen.known
    taken = set(conversation.asked)
    for name in names:
        if name not in taken and name not in known:
            taken.add(name)
            finding = findings[name]
            if language in finding.ask or language in finding.item:
                yield finding


def _lead(conversation: Conversation) -> str:
    """How a group is put: never in the same words twice running, or it reads as the question before."""
    put = _turns(conversation)
    return LATER[put % len(LATER)] if put else "ask_group"


def _urgent(undecided: Undecided, pressing: Collection[str]) -> set[str]:
    """What could still make it one of the emergencies that press."""
    return {name for rule, asking in undecided if rule.id in pressing for name in asking}


def _turns(conversation: Conversation) -> int:
    return sum(1 for mark in conversation.marks if mark.state is State.HISTORY)


def _in_order(
    undecided: Undecided, pressing: Collection[str], conversation: Conversation, clinic: Clinic, seen: View
) -> Iterator[str]:
    """Everything worth asking, what comes first first.

    After the emergencies: how long it has been so, which tells most levels apart; then what shares a screen, of the
    plan and of the complaint's own rules for the same day; then what needs a screen of its own.
    """
    findings, yes_no = clinic.ruleset.findings, clinic.ruleset.yes_no
    planned = [name for protocol in seen.active for name in clinic.ruleset.protocols[protocol].history]
    cost = _costs(undecided, planned, conversation, clinic, seen)
    # Lazily, as everything here: five that share a screen are often found in the first rules.
    worst, again = tee(name for rule, _ in undecided if rule.id in pressing for name in _first(rule, cost, seen))
    urgent = (name for name in worst if name in yes_no)
    urgent_alone = (name for name in again if name not in yes_no)
    own = (rule for rule, _ in undecided if rule.level is Level.HIGH and rule.protocol in seen.active)
    today = (name for rule in own for name in _first(rule, cost, seen))
    others = (name for rule, _ in undecided if rule.id not in pressing for name in _first(rule, cost, seen))
    how_long = (name for name in planned if name in cost and findings[name].kind is Kind.DURATION)
    shared = (name for name in chain(planned, today) if name in yes_no)
    return chain(urgent, urgent_alone, how_long, shared, planned, others)


def _pressing(undecided: Undecided, clinic: Clinic, seen: View) -> set[str]:
    """The emergencies of the patient's own complaint, of no complaint in particular, or of more than one symptom."""
    symptoms = seen.scope.present & clinic.ruleset.yes_no
    emergencies = (rule for rule, _ in takewhile(lambda pair: pair[0].level is Level.EMERGENCY, undecided))
    return {
        rule.id
        for rule in emergencies
        if not rule.protocol or rule.protocol in seen.active or len(symptoms.intersection(rule.findings)) > 1
    }


def _first(rule: Rule, cost: Mapping[str, float], seen: View) -> list[str]:
    """What to ask first for a rule, what helps most first."""
    return sorted(seen.first_to_ask(rule, cost), key=lambda name: (cost[name], name))


def _costs(
    undecided: Undecided, planned: Sequence[str], conversation: Conversation, clinic: Clinic, seen: View
) -> Mapping[str, float]:
    """What asking costs: little for what is asked anyway or settles many rules, much for a screen of its own."""
    shared = Counter(chain.from_iterable([asking for _, asking in undecided]))
    prices, known = clinic.prices(conversation.language), seen.known
    asked, cheap = set(conversation.asked), set(planned)
    return {
        name: (CHEAP if name in cheap else prices[name]) / times
        if name in prices and name not in known and name not in asked
        else HOPELESS / times
        for name, times in shared.items()
    }
