"""What the history asks next: about undecided rules, the most serious first, then what the complaint's protocol lists.

It knows nothing of the other stages of the interview.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, tee

from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Question, State
from dialogue.questions import GROUP, ask
from policies.findings import Finding, Kind
from policies.levels import Level
from policies.rules import Rule
from policies.triage import View

HISTORY_TURNS, MOST_TURNS = 6, 9
"""The most questions that the history asks, and the most while an emergency that presses (`Scope.pressing`) is
undecided.

What is still undecided after that is left to the nurse.
"""

LAST_TURN = 15
"""The turn from which the history asks no more, however few its questions were: at most five others follow, and nobody
answers more than twenty."""

LATER = ("ask_group_more", "ask_group_again")

CHEAP, HOPELESS = 0.5, 1000.0
"""The cost of asking what the plan asks in any case, and of what cannot be asked. All others are in `Clinic.prices`."""

Undecided = Sequence[tuple[Rule, frozenset[str]]]
"""The rules that could still raise the level, the most serious first, each with the findings that could decide it."""


def history(conversation: Conversation, clinic: Clinic, seen: View) -> Question | None:
    """The next question of the history, or None when there is none left to ask or enough were asked.

    The open question ("Is there anything else?") comes first, then what `_in_order` lists. After `HISTORY_TURNS` only
    emergencies that press are still asked about, after `MOST_TURNS` or from `LAST_TURN` on nothing.
    """
    turns = _turns(conversation)
    if turns >= MOST_TURNS or conversation.version >= LAST_TURN:
        return None
    if openly := next(unasked(clinic.ruleset.interview.open_question, conversation, clinic, seen), None):
        return ask([openly], conversation, clinic, why="why_history", group="ask_group")
    undecided = seen.open_rules()
    wanted = unasked(_in_order(undecided, conversation, clinic, seen), conversation, clinic, seen)
    if turns >= HISTORY_TURNS:
        urgent = {finding.id for finding in unasked(_urgent(undecided, seen), conversation, clinic, seen)}
        # Stops at the last of them: to put the rest in order would take most of the turn's time.
        wanted = islice((finding for finding in wanted if finding.id in urgent), len(urgent))
    return _asked(wanted, undecided, conversation, clinic)


def by_conditions(conversation: Conversation, clinic: Clinic, seen: View) -> Question | None:
    """A question about emergencies that the patient's conditions make possible, or None.

    For example, high blood sugar is asked about once the patient has said that they have diabetes. It asks for no more
    findings than fit in one group, together or one by one.
    """
    conditions = seen.scope.present.intersection(clinic.ruleset.interview.background)
    if not conditions or _asked_by_conditions(conversation, clinic) >= GROUP:
        return None
    known = {*clinic.ruleset.interview.background, *clinic.ruleset.interview.about_you}
    symptoms = {name for name in seen.scope.present - known if clinic.ruleset.findings[name].kind is Kind.YES_NO}
    rules = {rule.id: rule for name in conditions for rule in clinic.ruleset.by_finding.get(name, ())}
    undecided = [
        (rule, seen.worth_asking(rule))
        for rule in seen.scope.worst_first(rules.values())
        if rule.level is Level.EMERGENCY and not symptoms.isdisjoint(rule.findings) and seen.may_still_fire(rule)
    ]
    cost = Costs(undecided, (), conversation, clinic, seen)
    names = (name for rule, _ in undecided for name in _first(rule, cost, seen))
    return _asked(unasked(names, conversation, clinic, seen), undecided, conversation, clinic)


def _asked_by_conditions(conversation: Conversation, clinic: Clinic) -> int:
    """How many findings were asked for since the background stage began, not counting the conditions themselves."""
    begun = next((mark.asked for mark in conversation.marks if mark.state is State.BACKGROUND), None)
    conditions = clinic.ruleset.interview.background
    return 0 if begun is None else sum(name not in conditions for name in conversation.asked[begun:])


def _asked(
    wanted: Iterator[Finding], undecided: Undecided, conversation: Conversation, clinic: Clinic
) -> Question | None:
    """A question for the first of `wanted`, together with those yes-or-no findings that can share its screen."""
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
    """The findings among `names` that are not known, not asked yet and have a question in the patient's language.

    Each comes once, in the order of `names`.
    """
    language, findings, known = conversation.language, clinic.ruleset.findings, seen.known
    taken = set(conversation.asked)
    for name in names:
        if name not in taken and name not in known:
            taken.add(name)
            finding = findings[name]
            if language in finding.ask or language in finding.item:
                yield finding


def _lead(conversation: Conversation) -> str:
    """The message that introduces a group. It alternates, so that two groups in a row do not look like one question."""
    put = _turns(conversation)
    return LATER[put % len(LATER)] if put else "ask_group"


def _urgent(undecided: Undecided, seen: View) -> set[str]:
    """The findings that could still decide one of the emergencies that press."""
    pressing = seen.scope.pressing
    return {name for rule, asking in undecided if rule.id in pressing for name in asking}


def _turns(conversation: Conversation) -> int:
    return [mark.state for mark in conversation.marks].count(State.HISTORY)


def _in_order(undecided: Undecided, conversation: Conversation, clinic: Clinic, seen: View) -> Iterator[str]:
    """The names of all findings worth asking for, in the order of asking; a name may come more than once.

    1. What decides an emergency that presses: first yes-or-no findings, which share a screen, then the others.
    2. How long the complaint has lasted, which separates most levels.
    3. Yes-or-no findings of the plan and of the complaint's own HIGH rules.
    4. The rest of the plan.
    5. What decides any other rule, such as an emergency that belongs to another complaint.
    """
    findings, yes_no, pressing = clinic.ruleset.findings, clinic.ruleset.yes_no, seen.scope.pressing
    planned = [name for protocol in seen.active for name in clinic.ruleset.protocols[protocol].history]
    cost = Costs(undecided, planned, conversation, clinic, seen)
    # Generators, because the first few rules often fill a screen and the rest need not be computed.
    worst, again = tee(name for rule, _ in undecided if rule.id in pressing for name in _first(rule, cost, seen))
    urgent = (name for name in worst if name in yes_no)
    urgent_alone = (name for name in again if name not in yes_no)
    own = (rule for rule, _ in undecided if rule.level is Level.HIGH and rule.protocol in seen.active)
    today = (name for rule in own for name in _first(rule, cost, seen))
    others = (name for rule, _ in undecided if rule.id not in pressing for name in _first(rule, cost, seen))
    how_long = (name for name in planned if name in cost.shared and findings[name].kind is Kind.DURATION)
    shared = (name for name in chain(planned, today) if name in yes_no)
    return chain(urgent, urgent_alone, how_long, shared, planned, others)


def _first(rule: Rule, cost: Mapping[str, float], seen: View) -> list[str]:
    """The findings to ask first to decide the rule: the cheapest."""
    return sorted(seen.first_to_ask(rule, cost), key=lambda name: (cost[name], name))


class Costs(dict[str, float]):
    """What it costs to ask for each finding: little if the plan asks for it anyway or it decides many rules.

    Each is computed when it is first needed, because a screen is often full before most are.
    """

    def __init__(
        self, undecided: Undecided, planned: Sequence[str], conversation: Conversation, clinic: Clinic, seen: View
    ) -> None:
        super().__init__()
        self.shared = Counter(chain.from_iterable([asking for _, asking in undecided]))
        self._prices, self._known = clinic.prices(conversation.language), seen.known
        self._asked, self._cheap = set(conversation.asked), set(planned)

    def __missing__(self, name: str) -> float:
        can_be_asked = name in self._prices and name not in self._known and name not in self._asked
        price = HOPELESS if not can_be_asked else CHEAP if name in self._cheap else self._prices[name]
        cost = self[name] = price / self.shared[name]
        return cost
