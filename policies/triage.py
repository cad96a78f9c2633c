"""How urgent it is by the rules, and which rules could still make it worse. Knows nothing about asking."""

from collections.abc import Collection
from dataclasses import dataclass

from policies.case import Fired
from policies.expressions import evaluate, helpful, supporting
from policies.facts import Evidence, Fact, Facts, Record, Status
from policies.findings import Applies
from policies.levels import Level
from policies.rules import Rule
from policies.ruleset import RuleSet, age_years, close, sex

NOWHERE = Evidence(turn=-1, quote="")
"""The evidence of what follows from age and sex, and that nobody said."""


class Triage(Record):
    """`level` is the worst rule's that fired, else the protocols' default, else None. Worst rules first."""

    level: Level | None
    fired: tuple[Fired, ...] = ()


def triage(ruleset: RuleSet, facts: Facts, active: Collection[str]) -> Triage:
    """Judge by all that is known; `active` are the ids of the open protocols.

    A rule counts when it is global, when its protocol is active, or when a telling symptom of it is present.
    """
    return view(ruleset, facts, active).triage()


def open_rules(ruleset: RuleSet, facts: Facts, active: Collection[str]) -> list[tuple[Rule, frozenset[str]]]:
    """The rules that could still raise the level, worst first, each with the findings worth asking for.

    Only rules that matter: the protocol is active, or a telling symptom is present. A finding that cannot be
    true of this patient is settled and never comes up.
    """
    seen = view(ruleset, facts, active)
    level = seen.triage().level or 0
    higher = (rule for rule in seen.rules() if rule.level > level and seen.matters(rule))
    still_open = ((rule, seen.worth_asking(rule)) for rule in higher)
    return sorted(((rule, asking) for rule, asking in still_open if asking), key=lambda pair: -pair[0].level)


def opened(ruleset: RuleSet, facts: Facts) -> tuple[str, ...]:
    """The protocols that the patient's complaints open."""
    seen = view(ruleset, facts, ())
    return tuple(
        protocol.id
        for protocol in ruleset.protocols.values()
        if seen.fits(protocol.applies) and any(seen.present(finding) for finding in protocol.complaint)
    )


def view(ruleset: RuleSet, facts: Facts, active: Collection[str]) -> "View":
    """The facts, what they imply, and as absent whatever cannot be true at this age or of this sex."""
    known = dict(close(ruleset, facts))
    age, of = age_years(known), sex(known)
    for finding in ruleset.selective:
        if finding.id not in known and not finding.applies.to(age, of):
            known[finding.id] = Fact(finding=finding.id, status=Status.ABSENT, evidence=NOWHERE)
    return View(ruleset, known, active, age, of)


@dataclass(frozen=True)
class View:
    """One patient as the rules see them."""

    ruleset: RuleSet
    known: Facts
    active: Collection[str]
    age: float | None
    sex: str | None

    def triage(self) -> Triage:
        fired = [self.explain(rule) for rule in self.rules() if self.fires(rule)]
        fired.sort(key=lambda one: -one.level)
        return Triage(level=fired[0].level if fired else self.default_level(), fired=tuple(fired))

    def rules(self) -> list[Rule]:
        """The rules that could count, in order; one that mentions nothing known is not looked at."""
        ruleset = self.ruleset
        rules = {rule.id: rule for name in self.known for rule in ruleset.by_finding.get(name, ())}
        for name in self.active:
            rules.update({rule.id: rule for rule in ruleset.protocols[name].rules})
        in_order = sorted(rules, key=ruleset.order.__getitem__)
        return [rules[name] for name in in_order if self.applies(rules[name])]

    def applies(self, rule: Rule) -> bool:
        protocol = self.ruleset.protocols.get(rule.protocol)
        return self.fits(rule.applies) and (protocol is None or self.fits(protocol.applies))

    def fits(self, who: Applies) -> bool:
        return who.to(self.age, self.sex)

    def present(self, finding: str) -> bool:
        fact = self.known.get(finding)
        return fact is not None and fact.status is Status.PRESENT

    def matters(self, rule: Rule) -> bool:
        """Whether it is worth pursuing; a global rule otherwise only listens."""
        if rule.protocol in self.active:
            return True
        return any(name in self.ruleset.telling and self.present(name) for name in rule.findings)

    def fires(self, rule: Rule) -> bool:
        return evaluate(rule.expression, self.known) is True and (not rule.protocol or self.matters(rule))

    def worth_asking(self, rule: Rule) -> frozenset[str]:
        """What could still make it fire; empty when nothing could."""
        return helpful(rule.expression, self.known)

    def default_level(self) -> Level | None:
        levels = [self.ruleset.protocols[name].default_level for name in self.active]
        return max(levels, default=None)

    def explain(self, rule: Rule) -> Fired:
        """The rule with the words that made it true, each once."""
        grounds = supporting(rule.expression, self.known)
        evidence = dict.fromkeys(self.known[finding].evidence for finding in grounds)
        evidence.pop(NOWHERE, None)
        return Fired(
            rule=rule.id, level=rule.level, because=rule.because, source=rule.source, evidence=tuple(evidence)
        )
