"""Facts in plain words, for the patient's recap and the nurse's statements. Knows nothing about the state."""

from collections import Counter
from collections.abc import Iterable, Sequence

from dialogue.wording import Catalogue
from policies.facts import Fact, Status
from policies.findings import Finding, Kind
from policies.ruleset import AGE, SEX, WHO_THEY_ARE, YEAR, RuleSet

MANY = 3
"""From this many things denied by one answer ("none of these") on, they are counted instead of listed."""

MONTH, WEEK = YEAR / 12, 7.0
NEARLY = 0.01
"""How far a time may be from a whole number of a unit, as a part of the unit."""


def summary(facts: Iterable[Fact], ruleset: RuleSet, words: Catalogue, who: str = "me") -> str:
    """Who it is about, then a short line for each fact: what is present first, then what is absent."""
    told = list(facts)
    present = [f for f in told if f.status is Status.PRESENT]
    about = [f for f in present if f.finding in WHO_THEY_ARE]
    lines = [_about(about, ruleset, words, who)] if about else []
    lines += [
        plain(f, ruleset, words) for f in present if f not in about and not _goes_without_saying(f, present, ruleset)
    ]
    absent = [f for f in told if f.status is Status.ABSENT and f.finding not in ruleset.interview.open_question]
    answers = Counter(f.evidence for f in absent)
    # A safety check that was answered one by one is counted, too.
    listed = (f for f in absent if answers[f.evidence] < MANY and f.finding not in ruleset.interview.safety_check)
    singly = [plain(f, ruleset, words) for f in listed]
    together = len(absent) - len(singly)
    if singly:
        lines.append(f"{words.options['no']}: {'; '.join(singly)}")
    if together:
        lines.append(words.say("recap_no_to_groups", count=str(together)))
    return "".join(f"\n• {line}" for line in lines) + "\n"


def _about(about: Sequence[Fact], ruleset: RuleSet, words: Catalogue, who: str) -> str:
    """`You: 34 years, Female`, `Your daughter: 2 years, Female`."""
    known = {f.finding: said(f, ruleset.findings[f.finding], words) for f in about}
    values = ", ".join(known[name] for name in (AGE, SEX) if name in known)
    one = words.forms(who)["You"]
    return f"{one}: {values}" if values else one


def _goes_without_saying(fact: Fact, has: Sequence[Fact], ruleset: RuleSet) -> bool:
    """Whether another line says it more exactly.

    "Dizzy" is left out beside "dizzy on standing up", and "something else" beside a complaint.
    """
    if fact.value is not None:
        return False
    if fact.finding in ruleset.interview.open_question:
        return True
    if fact.finding in ruleset.interview.unlisted:
        return any(f.evidence == fact.evidence and f.finding not in ruleset.interview.unlisted for f in has)
    return any(fact.finding in ruleset.above[f.finding] for f in has)


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
    """A time, given in days, in the largest unit of which it is a whole number, else in one that fits.

    0.125 → "3 hours", 14 → "2 weeks", 60.9 → "2 months", 17 → "17 days", 400 → "13 months".
    """
    for unit, size in (("years", YEAR), ("months", MONTH), ("weeks", WEEK)):
        whole = round(days / size)
        if whole >= 2 and abs(days / size - whole) < NEARLY:
            return f"{whole} {words.units[unit]}"
    for unit, size, least in (("years", YEAR, 2 * YEAR), ("months", MONTH, 3 * MONTH), ("weeks", WEEK, 3 * WEEK)):
        if days >= least:
            return f"{days / size:.0f} {words.units[unit]}"
    if days >= 1:
        return f"{days:.0f} {words.units['days' if round(days) != 1 else 'day']}"
    return f"{max(days * 24, 1):.0f} {words.units['hours']}"
