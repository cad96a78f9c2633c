"""The facts put into plain words: for the patient's recap and the nurse's statements. Knows nothing about the state."""

from collections import Counter
from collections.abc import Iterable

from dialogue.wording import Catalogue
from policies.facts import Fact, Status
from policies.findings import Finding, Kind
from policies.ruleset import YEAR, RuleSet

MANY = 3
"""So many things denied by one answer ("none of these") are counted, not listed."""

MONTH, WEEK = YEAR / 12, 7.0
ABOUT = ("who", "age", "sex")


def summary(facts: Iterable[Fact], ruleset: RuleSet, words: Catalogue) -> str:
    """One short line a fact: what the patient told and has, then what they do not have."""
    told = list(facts)
    has = [f for f in told if f.status is Status.PRESENT]
    named = {f.evidence for f in has if f.finding not in ruleset.interview.unlisted}
    lines = [
        plain(f, ruleset, words)
        for f in has
        if f.evidence not in named or f.finding not in ruleset.interview.unlisted  # "something else" beside what it is
    ]
    absent = [f for f in told if f.status is Status.ABSENT]
    answers = Counter(f.evidence for f in absent)
    singly = [plain(f, ruleset, words) for f in absent if answers[f.evidence] < MANY]
    together = len(absent) - len(singly)
    if singly:
        lines.append(f"{words.options['no']}: {'; '.join(singly)}")
    if together:
        lines.append(words.say("recap_no_to_groups", count=str(together)))
    return "".join(f"\n• {line}" for line in lines) + "\n"


def plain(fact: Fact, ruleset: RuleSet, words: Catalogue) -> str:
    """A fact in the patient's kind of words: "Fever", "Age: 34 years", "Pain, 0 to 10: 4"."""
    finding = ruleset.findings[fact.finding]
    name = finding.item.get(words.language) or finding.label
    value = said(fact, finding, words)
    return f"{name}: {value}" if value else name


def said(fact: Fact, finding: Finding, words: Catalogue) -> str:
    """The fact's value in words, empty for a plain yes or no."""
    if fact.value is None:
        return ""
    if isinstance(fact.value, str):
        choice = next((c for c in finding.choices if c.value == fact.value), None)
        return choice.label[words.language] if choice else fact.value
    if finding.kind is Kind.DURATION:
        return span(fact.value, words)
    unit = words.units.get(finding.unit, finding.unit) if finding.kind is Kind.NUMBER else ""
    return f"{fact.value:g} {unit}".strip()


def span(days: float, words: Catalogue) -> str:
    """A time in the largest unit that fits: 0.125 → "3 hours", 14 → "14 days", 42 → "6 weeks", 400 → "13 months"."""
    for unit, size, least in (("years", YEAR, 2 * YEAR), ("months", MONTH, 3 * MONTH), ("weeks", WEEK, 3 * WEEK)):
        if days >= least:
            return f"{days / size:.0f} {words.units[unit]}"
    if days >= 1:
        return f"{days:.0f} {words.units['days' if round(days) != 1 else 'day']}"
    return f"{max(days * 24, 1):.0f} {words.units['hours']}"
