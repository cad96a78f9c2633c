"""How urgent it is by the rules, and which rules could still make it worse. Knows nothing about asking."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from policies.case import Fired
from policies.expressions import Left, gate, helpful, supporting
from policies.facts import Facts, Record, Status
from policies.findings import Applies
from policies.levels import Level
from policies.rules import Rule
from policies.ruleset import NOWHERE, RuleSet, age_years, close, presumed_age_years, sex


class Triage(Record):
    """`level` is the worst rule's that fired, else the protocols' default, else None. Worst rules first."""

    level: Level | None
    fired: tuple[Fired, ...] = ()


def triage(ruleset: RuleSet, facts: Facts, active: Collection[str] | None = None) -> Triage:
    """Judge by all that is known; `active` are the ids of the open protocols, by default those of the complaints.

    A rule counts when it is global, when its protocol is active, or when a telling symptom of it is present.
    """
    return view(ruleset, facts, active).found


def open_rules(
    ruleset: RuleSet, facts: Facts, active: Collection[str] | None = None
) -> list[tuple[Rule, frozenset[str]]]:
    """The rules that could still raise the level, worst first, each with the findings worth asking for.

    Only rules that matter: the protocol is active, or a telling symptom is present. A finding that cannot be
    true of this patient is settled and never comes up.
    """
    return view(ruleset, facts, active).open_rules()


def opened(ruleset: RuleSet, facts: Facts) -> tuple[str, ...]:
    """The protocols that the patient's complaints open."""
    return view(ruleset, facts).opened()


def view(ruleset: RuleSet, facts: Facts, active: Collection[str] | None = None) -> "View":
    """The facts, what they imply, and as absent whatever cannot be true at this age or of this sex."""
    said = close(ruleset, facts)
    age, of = age_years(said), sex(said)
    return View(ruleset, {**ruleset.impossible(age, of), **said}, age, of, active)


@dataclass(frozen=True)
class View:
    """One patient as the rules see them; `named` are the open protocols if somebody names them."""

    ruleset: RuleSet
    known: Facts
    age: float | None
    sex: str | None
    named: Collection[str] | None = None
    looked: dict[str, Left] = field(default_factory=dict)
    """By rule, what is left of it: most are looked at twice in a turn."""

    @cached_property
    def active(self) -> Collection[str]:
        return self.opened() if self.named is None else self.named

    @cached_property
    def present(self) -> frozenset[str]:
        here = Status.PRESENT
        return frozenset([name for name, fact in self.known.items() if fact.status is here])

    def opened(self) -> tuple[str, ...]:
        by_complaint = self.ruleset.by_complaint
        named = {name for finding in self.present for name in by_complaint.get(finding, ())}
        protocols = (self.ruleset.protocols[name] for name in sorted(named))
        return tuple(protocol.id for protocol in protocols if self.is_of(protocol.applies))

    @cached_property
    def found(self) -> Triage:
        fired = self.worst_first(rule for rule in self.that_may_fire() if self.fires(rule))
        return Triage(level=fired[0].level if fired else self.default_level(), fired=tuple(map(self.explain, fired)))

    def open_rules(self) -> list[tuple[Rule, frozenset[str]]]:
        level = self.found.level or 0
        higher = (rule for rule in self.that_matter() if rule.level > level and self.applies(rule))
        still_open = self.worst_first(rule for rule in higher if not isinstance(self.left(rule), bool))
        return [(rule, self.worth_asking(rule)) for rule in still_open]

    def that_may_fire(self) -> Collection[Rule]:
        """Every rule that could fire by what is known; few of all of them."""
        by_trigger, absent = self.ruleset.by_trigger, self.present.isdisjoint
        candidates = (one for name in (None, *self.present) for one in by_trigger.get(name, ()))
        return {rule.id: rule for rule, also in candidates if not any(map(absent, also))}.values()

    def that_matter(self) -> Collection[Rule]:
        """Every rule that is worth pursuing; a global rule otherwise only listens."""
        by_telling = self.ruleset.by_telling
        found = {rule.id: rule for name in self.present for rule in by_telling.get(name, ())}
        found.update((rule.id, rule) for name in self.active for rule in self.ruleset.protocols[name].rules)
        return found.values()

    def worst_first(self, rules: Iterable[Rule]) -> list[Rule]:
        return sorted(rules, key=lambda rule: self.ruleset.rank[rule.id])

    def applies(self, rule: Rule) -> bool:
        """Whether it may be for this patient: what is not known rules nothing out."""
        return all(map(self.fits, self.ruleset.meant[rule.id]))

    def fits(self, who: Applies) -> bool:
        """Whether the patient may be one of these."""
        return who.to(self.age, self.sex)

    def is_of(self, who: Applies) -> bool:
        """Whether the patient is one of these, as far as one can presume."""
        return who.to(self.presumed_age, self.sex)

    @cached_property
    def presumed_age(self) -> float:
        return presumed_age_years(self.known)

    def matters(self, rule: Rule) -> bool:
        """Whether it is worth pursuing."""
        telling = self.ruleset.telling.intersection(rule.findings)
        return rule.protocol in self.active or not telling.isdisjoint(self.present)

    def fires(self, rule: Rule) -> bool:
        if self.left(rule) is not True or not all(map(self.is_of, self.ruleset.meant[rule.id])):
            return False
        return not rule.protocol or self.matters(rule)

    def left(self, rule: Rule) -> Left:
        """What of it is not decided."""
        left = self.looked.get(rule.id)
        if left is None:
            left = self.looked[rule.id] = rule.expression.left(True, self.known)
        return left

    def worth_asking(self, rule: Rule) -> frozenset[str]:
        """What could still make it fire; empty when nothing could."""
        return helpful(self.left(rule))

    def first_to_ask(self, rule: Rule, cost: Mapping[str, float]) -> frozenset[str]:
        """Of what is worth asking, the cheapest part whose denial alone would settle that it cannot fire."""
        return gate(self.left(rule), cost)

    def default_level(self) -> Level | None:
        levels = [self.ruleset.protocols[name].default_level for name in self.active]
        return max(levels, default=None)

    def explain(self, rule: Rule) -> Fired:
        """The rule with the words that made it true, each once."""
        grounds = supporting(rule.expression, self.known)
        evidence = dict.fromkeys(self.known[finding].evidence for finding in grounds)
        evidence.pop(NOWHERE, None)
        return Fired(rule=rule.id, level=rule.level, because=rule.because, source=rule.source, evidence=tuple(evidence))
