"""How urgent it is by the rules, and which rules could still make it worse. Knows nothing about asking."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from policies.case import Fired
from policies.expressions import supporting
from policies.facts import Fact, Facts, Status
from policies.implications import learn, with_implied
from policies.levels import Level
from policies.remaining import NOTHING, Remaining, gate, helpful
from policies.rules import Rule
from policies.ruleset import NOWHERE, WHO_THEY_ARE, RuleSet, age_years, presumed_age_years, sex
from policies.scope import Scope


class Triage(NamedTuple):
    """`level` is the worst rule's that fired, else the protocols' default, else None. Worst rules first."""

    level: Level | None
    fired: tuple[Fired, ...] = ()


def triage(ruleset: RuleSet, facts: Facts, active: Collection[str] | None = None) -> Triage:
    """The level by all that is known. `active` are the ids of the open protocols, by default those of the complaints.

    A rule counts when it is global, when its protocol is active, or when a telling symptom of it is present.
    """
    return view(ruleset, facts, active).found


def opened(ruleset: RuleSet, facts: Facts) -> tuple[str, ...]:
    """The protocols that the patient's complaints open."""
    return view(ruleset, facts).scope.opened()


def view(ruleset: RuleSet, facts: Facts, active: Collection[str] | None = None) -> "View":
    """The facts, what they imply, and what is impossible at this age or of this sex (as absent)."""
    said = with_implied(ruleset, facts)
    age, of = age_years(said), sex(said)
    known = {**ruleset.impossible(age, of), **said}
    here = Status.PRESENT
    present = frozenset([name for name, fact in known.items() if fact.status is here])
    return View(Scope(ruleset, present, age, presumed_age_years(known), of, active), frozenset(facts), known)


@dataclass(frozen=True)
class View:
    """One patient as the rules see them: which rules concern them, what is known, and what each rule still needs.

    `stated` are the findings that somebody spoke of; `known` also has what follows from them.
    """

    scope: Scope
    stated: frozenset[str]
    known: Mapping[str, Fact]
    remains: dict[str, Remaining] = field(default_factory=dict)
    worth: dict[str, frozenset[str]] = field(default_factory=dict)
    explained: dict[str, Fired] = field(default_factory=dict)
    """Caches by rule id, filled when needed: `remains` by `remaining`, `worth` by `worth_asking`, this by `explain`."""

    def with_more(self, facts: Facts) -> "View | None":
        """This view with later facts added, at the cost of the new facts alone: only rules that mention one are looked
        at again.

        None where that is not enough, and the view must be made anew: a fact corrects an earlier one from which others
        follow, or says who the patient is.
        """
        again = self.stated.intersection(facts)
        if not WHO_THEY_ARE.isdisjoint(facts) or not all(self._stands_alone(facts[name]) for name in again):
            return None
        ruleset, known = self.scope.ruleset, dict(self.known)
        changed = learn(ruleset, known, facts)
        touched = NOTHING.union(*[ruleset.mentioning.get(name, NOTHING) for name in changed])
        remaining, worth, explained = self.remains.copy(), self.worth.copy(), self.explained.copy()
        for rule in touched.intersection(remaining):
            del remaining[rule]
            worth.pop(rule, None)
            explained.pop(rule, None)
        here = Status.PRESENT
        scope = self.scope.with_present(changed, {name for name in changed if known[name].status is here})
        return View(scope, self.stated.union(facts), known, remaining, worth, explained)

    def _stands_alone(self, fact: Fact) -> bool:
        """Whether nothing follows from this fact, nor from the earlier one about the same finding, so that it can
        simply replace it."""
        ruleset, name = self.scope.ruleset, fact.finding
        said = self.known[name].finding == name and fact.status is not Status.UNKNOWN
        return said and not ruleset.above[name] and not ruleset.below[name]

    @property
    def active(self) -> Collection[str]:
        return self.scope.active

    @cached_property
    def found(self) -> Triage:
        fired = tuple(self.explain(rule) for rule in self.scope.may_fire if self.remaining(rule) is True)
        return Triage(level=fired[0].level if fired else self.scope.default_level, fired=fired)

    def open_rules(self) -> list[tuple[Rule, frozenset[str]]]:
        """The rules that could still raise the level, worst first, each with the findings worth asking for.

        Only rules that matter: the protocol is active, or a telling symptom is present. A finding that cannot be
        true of this patient is settled and never comes up.
        """
        level = self.found.level or 0
        higher = [rule for rule in self.scope.may_matter if rule.level > level]
        return [(rule, worth) for rule in higher if (worth := self.worth_asking(rule))]

    def remaining(self, rule: Rule) -> Remaining:
        """What the rule still needs in order to be true; True or False once that is decided."""
        remaining = self.remains.get(rule.id)
        if remaining is None:
            remaining = self.remains[rule.id] = rule.expression.remaining(True, self.known)
        return remaining

    def may_still_fire(self, rule: Rule) -> bool:
        """Whether the rule is undecided and applies to this patient, even if nothing has made it worth asking about."""
        counts = self.scope.applies(rule) and (not rule.protocol or self.scope.matters(rule))
        return counts and not isinstance(self.remaining(rule), bool)

    def worth_asking(self, rule: Rule) -> frozenset[str]:
        """The findings whose answer could still make the rule fire; empty when none could."""
        worth = self.worth.get(rule.id)
        if worth is None:
            worth = self.worth[rule.id] = helpful(self.remaining(rule))
        return worth

    def first_to_ask(self, rule: Rule, cost: Mapping[str, float]) -> frozenset[str]:
        """The cheapest set of findings which, all denied, would settle that the rule cannot fire."""
        return gate(self.remaining(rule), cost)

    def explain(self, rule: Rule) -> Fired:
        """A rule that is true, with the words that made it so, each once."""
        if rule.id not in self.explained:
            grounds = supporting(rule.expression, self.known)
            evidence = dict.fromkeys(self.known[finding].evidence for finding in grounds)
            evidence.pop(NOWHERE, None)
            self.explained[rule.id] = Fired(
                rule=rule.id, level=rule.level, because=rule.because, source=rule.source, evidence=tuple(evidence)
            )
        return self.explained[rule.id]
