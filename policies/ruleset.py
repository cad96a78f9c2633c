"""The whole of the clinical content, frozen and indexed. Knows nothing about the files it came from."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from pydantic import Field

from policies.expressions import rarest
from policies.facts import Evidence, Fact, Facts, Status
from policies.findings import EVERYBODY, Applies, Content, Finding, Kind
from policies.levels import Level
from policies.problems import Problem
from policies.protocols import Protocol
from policies.rules import Rule

AGE, SEX = "age", "sex"
"""The two findings that say to whom findings, rules and protocols apply; `age` is in days."""

WHO, CHILD = "who", "my_child"
"""Whom the conversation is about, and the value of a parent who speaks for a child."""

WHO_THEY_ARE = frozenset({AGE, SEX, WHO})

YEAR = 365.25
ADULT_YEARS, CHILD_YEARS = 30.0, 2.0
"""What is presumed of an age that nobody has said yet."""

NOWHERE = Evidence(turn=-1, quote="")
"""The evidence of what follows from age and sex, and that nobody said."""


class Interview(Content):
    """What every conversation asks, whatever the complaint. All are ids of findings.

    about_you          who the patient is: asked first
    safety_check       the one grouped question about life threats
    open_question      what the history begins with: anything else, in the patient's own words
    background         conditions, medicines and the like: asked last
    common             findings of so many complaints that they alone open no other complaint's questions
    common_complaints  offered first, in this order, to a patient who finds no words
    unlisted           the complaint of a patient whose problem no protocol is about; offered last
    likeness           what a message states whose words resemble an emergency
    """

    about_you: tuple[str, ...]
    safety_check: tuple[str, ...] = Field(min_length=1, max_length=5)
    open_question: tuple[str, ...] = ()
    background: tuple[str, ...]
    common: tuple[str, ...] = ()
    common_complaints: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()
    likeness: tuple[str, ...] = ()


class Candidate(NamedTuple):
    """A rule that can fire only if each set of `also` has a finding that is present."""

    rule: Rule
    also: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class RuleSet:
    """Findings and protocols by id, the global rules, and the plan of the interview.

    `content_hash` changes with any byte of the content. `places` says where each `finding …`, `rule …` and
    `protocol …` is written.
    """

    findings: Mapping[str, Finding]
    protocols: Mapping[str, Protocol]
    global_rules: tuple[Rule, ...]
    interview: Interview
    content_hash: str = ""
    places: Mapping[str, Problem] = field(default_factory=dict, repr=False)

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """Every rule by id: the global ones first, then each protocol's in the order they are written."""
        local = (rule for protocol in self.protocols.values() for rule in protocol.rules)
        return {rule.id: rule for rule in (*self.global_rules, *local)}

    @cached_property
    def rank(self) -> Mapping[str, int]:
        """Each rule's place when all are sorted by level, the worst first."""
        worst_first = sorted(self.rules.values(), key=lambda rule: -rule.level)
        return {rule.id: place for place, rule in enumerate(worst_first)}

    @cached_property
    def meant(self) -> Mapping[str, tuple[Applies, ...]]:
        """By rule id, the restrictions of age and sex that the rule and its protocol have; empty for everybody."""
        whom = {"": EVERYBODY, **{name: protocol.applies for name, protocol in self.protocols.items()}}
        return {
            rule.id: tuple(one for one in (rule.applies, whom[rule.protocol]) if one.selective)
            for rule in self.rules.values()
        }

    @cached_property
    def by_finding(self) -> Mapping[str, tuple[Rule, ...]]:
        """The rules that mention each finding, so that an evaluation touches no others."""
        index: dict[str, list[Rule]] = {}
        for rule in self.rules.values():
            for finding in rule.findings:
                index.setdefault(finding, []).append(rule)
        return {finding: tuple(rules) for finding, rules in index.items()}

    def pertinence(self, protocols: Sequence[str]) -> Mapping[str, int]:
        """How closely each finding belongs to these protocols, given the chief complaint's first: a higher number for
        an earlier protocol whose rules mention it, and in each for a more urgent rule."""
        return {
            finding: (len(Level) + 1) * place + level
            for place, name in enumerate(reversed(protocols), start=1)
            for finding, level in self.worst_by[name].items()
        }

    @cached_property
    def worst_by(self) -> Mapping[str, Mapping[str, Level]]:
        """By protocol, the findings that its rules mention, and the worst level of these."""
        urgency = attrgetter("level")
        return {
            name: {finding: rule.level for rule in sorted(protocol.rules, key=urgency) for finding in rule.findings}
            for name, protocol in self.protocols.items()
        }

    @cached_property
    def mentioning(self) -> Mapping[str, frozenset[str]]:
        """The ids of the rules that mention each finding."""
        return {finding: frozenset(rule.id for rule in rules) for finding, rules in self.by_finding.items()}

    @cached_property
    def by_trigger(self) -> Mapping[str | None, tuple[Candidate, ...]]:
        """The rules that can only fire while a finding is present, by that finding; under None, rules without one.

        Each rule is listed under the smallest and rarest set of findings that its logic allows, so that for a patient
        only few rules need to be looked at: those under the findings they have, and those under None.
        """
        cost = {finding: len(rules) for finding, rules in self.by_finding.items()}
        index: dict[str | None, list[Candidate]] = {}
        for rule in self.rules.values():
            conditions = rule.expression.conditions(cost)
            triggers = rarest(conditions, cost) if conditions else (None,)
            candidate = Candidate(rule, tuple(names for names in conditions if names is not triggers))
            for finding in triggers:
                index.setdefault(finding, []).append(candidate)
        return {finding: tuple(candidates) for finding, candidates in index.items()}

    @cached_property
    def by_complaint(self) -> Mapping[str, tuple[str, ...]]:
        """The protocols that each finding opens."""
        index: dict[str, list[str]] = {}
        for protocol in self.protocols.values():
            for finding in protocol.complaint:
                index.setdefault(finding, []).append(protocol.id)
        return {finding: tuple(names) for finding, names in index.items()}

    @cached_property
    def above(self) -> Mapping[str, frozenset[str]]:
        """All that each finding implies, directly and indirectly."""
        above: dict[str, frozenset[str]] = {}

        def climb(name: str) -> frozenset[str]:
            if name not in above:
                direct = self.findings[name].implies
                above[name] = frozenset(direct).union(*(climb(implied) for implied in direct))
            return above[name]

        for name in self.findings:
            climb(name)
        return above

    @cached_property
    def below(self) -> Mapping[str, frozenset[str]]:
        """All that implies each finding."""
        above = self.above.items()
        return {name: frozenset(lower for lower, over in above if name in over) for name in self.findings}

    def impossible(self, age_years: float | None, sex: str | None) -> Facts:
        """The findings that cannot be true at this age or of this sex: yes/no ones as absent, others as unknown."""
        who = (None if age_years is None else bisect_right(self.birthdays, age_years), sex)
        if who not in self.impossible_of:
            selective = (finding for finding in self.findings.values() if finding.applies.selective)
            self.impossible_of[who] = {
                finding.id: Fact(finding=finding.id, status=_settled(finding), evidence=NOWHERE)
                for finding in selective
                if not finding.applies.to(age_years, sex)
            }
        return self.impossible_of[who]

    @cached_property
    def impossible_of(self) -> dict[tuple[int | None, str | None], Facts]:
        """A cache of `impossible`, by the age bracket (an index into `birthdays`) and sex."""
        return {}

    @cached_property
    def birthdays(self) -> tuple[float, ...]:
        """The ages, in years, at which a finding becomes possible or impossible; sorted."""
        ages = {age for finding in self.findings.values() for age in (finding.applies.min_age, finding.applies.max_age)}
        return tuple(sorted(age for age in ages if age is not None))

    @cached_property
    def yes_no(self) -> frozenset[str]:
        """The findings that are there or not, and have no value."""
        return frozenset(finding.id for finding in self.findings.values() if finding.kind is Kind.YES_NO)

    @cached_property
    def by_telling(self) -> Mapping[str, tuple[Rule, ...]]:
        """The rules that each telling symptom makes worth asking about."""
        return {name: rules for name, rules in self.by_finding.items() if name in self.telling}

    @cached_property
    def telling(self) -> frozenset[str]:
        """The symptoms whose presence alone makes the rules that mention them worth asking about: all yes/no findings
        but those of the background and the ones that go with many complaints."""
        return self.yes_no.difference(self.interview.about_you, self.interview.background, self.interview.common)


def age_years(facts: Facts) -> float | None:
    fact = facts.get(AGE)
    return fact.value / YEAR if fact is not None and isinstance(fact.value, int | float) else None


def sex(facts: Facts) -> str | None:
    fact = facts.get(SEX)
    return fact.value if fact is not None and isinstance(fact.value, str) else None


def presumed_age_years(facts: Facts) -> float:
    """The age as said; before that, a typical adult's, or a typical child's where a parent writes for their child.

    Without a presumption every rule for infants or for the old would fire for a patient of unknown age; with it, such
    a rule makes the age worth asking and fires once it is known.
    """
    said, who = age_years(facts), facts.get(WHO)
    if said is not None:
        return said
    return CHILD_YEARS if who is not None and who.value == CHILD else ADULT_YEARS


def _settled(finding: Finding) -> Status:
    """The status of a finding that cannot be true. A finding with a value is unknown: as absent, its value would still
    be open, and asked."""
    return Status.ABSENT if finding.kind is Kind.YES_NO else Status.UNKNOWN
