"""Which protocols and rules concern a patient, by who they are and what they have. Knows nothing about what is denied.

Few of all rules do, however many there are: everything here is found by index.
"""

from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass, replace
from functools import cached_property

from policies.findings import Applies
from policies.levels import Level
from policies.rules import Rule
from policies.ruleset import RuleSet


@dataclass(frozen=True)
class Scope:
    """`present` are all findings the patient has; `named` the open protocols, if somebody names them.

    An age that nobody has said rules nothing out where it is to be asked for; to judge by, one is presumed.
    """

    ruleset: RuleSet
    present: frozenset[str]
    age: float | None
    presumed_age: float
    sex: str | None
    named: Collection[str] | None = None

    def with_present(self, changed: Set[str], here: Set[str]) -> "Scope":
        """The scope when of what has changed just these are present; the very same if they were."""
        if self.present & changed == here:
            return self
        return replace(self, present=self.present - changed | here)

    @cached_property
    def active(self) -> Collection[str]:
        """The open protocols."""
        return self.opened() if self.named is None else self.named

    def opened(self) -> tuple[str, ...]:
        """The protocols that the patient's complaints open."""
        by_complaint = self.ruleset.by_complaint
        named = {name for finding in self.present for name in by_complaint.get(finding, ())}
        protocols = (self.ruleset.protocols[name] for name in sorted(named))
        return tuple(protocol.id for protocol in protocols if self.is_of(protocol.applies))

    @cached_property
    def default_level(self) -> Level | None:
        return max((self.ruleset.protocols[name].default_level for name in self.active), default=None)

    @cached_property
    def may_fire(self) -> tuple[Rule, ...]:
        """Every rule that fires if it is true, of those that could be true; worst first."""
        by_trigger, absent = self.ruleset.by_trigger, self.present.isdisjoint
        candidates = (one for name in (None, *self.present) for one in by_trigger.get(name, ()))
        found = {rule.id: rule for rule, also in candidates if not any(map(absent, also))}
        return self.worst_first(rule for rule in found.values() if self.counts(rule))

    @cached_property
    def may_matter(self) -> tuple[Rule, ...]:
        """Every rule that is worth pursuing, worst first; a global rule otherwise only listens.

        A complaint makes those of no complaint in particular worth it, however common it is. Of one level, the rules
        of the patient's own complaint come before others that share a symptom with it.
        """
        by_telling, by_finding = self.ruleset.by_telling, self.ruleset.by_finding
        found = {rule.id: rule for name in self.present for rule in by_telling.get(name, ())}
        found.update(
            (rule.id, rule) for name in self.complaints for rule in by_finding.get(name, ()) if not rule.protocol
        )
        found.update((rule.id, rule) for name in self.active for rule in self.ruleset.protocols[name].rules)
        worst_first = self.worst_first(rule for rule in found.values() if self.applies(rule))
        return tuple(sorted(worst_first, key=lambda rule: (-rule.level, rule.protocol not in self.active)))

    @cached_property
    def complaints(self) -> frozenset[str]:
        """What the patient has that opens the open protocols."""
        opening = (name for protocol in self.active for name in self.ruleset.protocols[protocol].complaint)
        return self.present.intersection(opening)

    def worst_first(self, rules: Iterable[Rule]) -> tuple[Rule, ...]:
        rank = self.ruleset.rank
        return tuple(sorted(rules, key=lambda rule: rank[rule.id]))

    def counts(self, rule: Rule) -> bool:
        """Whether it counts for this patient: a protocol's rule only where it is worth pursuing."""
        return all(map(self.is_of, self.ruleset.meant[rule.id])) and (not rule.protocol or self.matters(rule))

    def matters(self, rule: Rule) -> bool:
        """Whether it is worth pursuing: its protocol is open, or a telling symptom of it is present; of a rule of no
        protocol a complaint will do."""
        telling = self.ruleset.telling
        if rule.protocol in self.active or any(name in telling and name in self.present for name in rule.findings):
            return True
        return not rule.protocol and not self.complaints.isdisjoint(rule.findings)

    def applies(self, rule: Rule) -> bool:
        """Whether it may be for this patient: what is not known rules nothing out."""
        return all(map(self.fits, self.ruleset.meant[rule.id]))

    def fits(self, who: Applies) -> bool:
        """Whether the patient may be one of these."""
        return who.to(self.age, self.sex)

    def is_of(self, who: Applies) -> bool:
        """Whether the patient is one of these, as far as one can presume."""
        return who.to(self.presumed_age, self.sex)
