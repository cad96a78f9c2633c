"""Which protocols and rules concern a patient, by age, sex and what is present. Knows nothing about what is denied.

Everything is looked up in the rule set's indexes, so the cost does not grow with the number of rules.
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
    """`present` are all findings the patient has; `named` the open protocols where they are given and not derived.

    `age` is None until it is said: any rule may then still apply and is worth asking about. Rules are judged by
    `presumed_age`. Both are in years.
    """

    ruleset: RuleSet
    present: frozenset[str]
    age: float | None
    presumed_age: float
    sex: str | None
    named: Collection[str] | None = None

    def with_present(self, changed: Set[str], here: Set[str]) -> "Scope":
        """The scope once of the `changed` findings exactly those in `here` are present; itself if nothing differs."""
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
        """The worst of the open protocols'. One that only a measurement opened sets none beside a symptom's: how bad a
        reading is, its rules say, and a normal one says nothing."""
        told = [name for name in self.active if not self.is_of_a_reading(name)]
        return max((self.ruleset.protocols[name].default_level for name in told or self.active), default=None)

    def is_of_a_reading(self, protocol: str) -> bool:
        """Whether a measurement is all that speaks for the protocol."""
        spoken = self.present.intersection(self.ruleset.protocols[protocol].complaint)
        return bool(spoken) and spoken.isdisjoint(self.ruleset.yes_no)

    @cached_property
    def may_fire(self) -> tuple[Rule, ...]:
        """Every rule that could be true and would then count for this patient; worst first."""
        by_trigger, absent = self.ruleset.by_trigger, self.present.isdisjoint
        candidates = (one for name in (None, *self.present) for one in by_trigger.get(name, ()))
        found = {rule.id: rule for rule, also in candidates if not any(map(absent, also))}
        return self.worst_first(rule for rule in found.values() if self.counts(rule))

    @cached_property
    def may_matter(self) -> tuple[Rule, ...]:
        """Every rule that is worth asking about, worst first.

        A protocol's rule is, while the protocol is open or one of the rule's telling symptoms is present. A global
        rule is, when it mentions the complaint or a telling symptom of its own is present; otherwise it fires on what
        is said unasked. Within one level, rules of the open protocols come first.
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
    def pressing(self) -> frozenset[str]:
        """The ids of the emergency rules that press, of those worth asking about.

        Such a rule belongs to an open protocol or to none, or names more than one symptom that the patient has.
        """
        symptoms, active = self.present & self.ruleset.yes_no, self.active
        emergencies = [rule for rule in self.may_matter if rule.level is Level.EMERGENCY]
        return frozenset(
            rule.id
            for rule in emergencies
            if not rule.protocol or rule.protocol in active or len(symptoms.intersection(rule.findings)) > 1
        )

    @cached_property
    def complaints(self) -> frozenset[str]:
        """The present findings that opened the open protocols."""
        opening = (name for protocol in self.active for name in self.ruleset.protocols[protocol].complaint)
        return self.present.intersection(opening)

    def worst_first(self, rules: Iterable[Rule]) -> tuple[Rule, ...]:
        rank = self.ruleset.rank
        return tuple(sorted(rules, key=lambda rule: rank[rule.id]))

    def counts(self, rule: Rule) -> bool:
        """Whether the rule counts for this patient if it is true; a protocol's rule only where it `matters`."""
        return all(map(self.is_of, self.ruleset.meant[rule.id])) and (not rule.protocol or self.matters(rule))

    def matters(self, rule: Rule) -> bool:
        """Whether the rule is worth asking about: its protocol is open, or one of its telling symptoms is present, or
        it is a global rule that mentions the complaint."""
        telling = self.ruleset.telling
        if rule.protocol in self.active or any(name in telling and name in self.present for name in rule.findings):
            return True
        return not rule.protocol and not self.complaints.isdisjoint(rule.findings)

    def applies(self, rule: Rule) -> bool:
        """Whether the rule may be meant for this patient; an unknown age or sex rules nothing out."""
        return all(map(self.fits, self.ruleset.meant[rule.id]))

    def fits(self, who: Applies) -> bool:
        """Whether the patient may be among them; an unknown age or sex rules nothing out."""
        return who.to(self.age, self.sex)

    def is_of(self, who: Applies) -> bool:
        """Whether the patient is among them, by the presumed age where none was said."""
        return who.to(self.presumed_age, self.sex)
