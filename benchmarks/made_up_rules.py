"""Makes up clinical content of any size: protocols, findings with phrases, and rules that share common findings.

The shipped findings stay, so that messages are read as usual; the shipped rules do not. Knows nothing about what is
measured.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from policies.findings import Finding, Kind
from policies.levels import Level
from policies.loading import load_ruleset
from policies.parsing import parse
from policies.protocols import Protocol
from policies.rules import Rule
from policies.ruleset import RuleSet

SYMPTOMS = 10
WHEN: Sequence[tuple[Level, str]] = (
    (Level.EMERGENCY, "{0} and {1} and {2}"),
    (Level.EMERGENCY, "{0} and ({3} or {4}) and ({5} or fever)"),
    (Level.HIGH, "{0} and any of ({6}, {7}, {8})"),
    (Level.HIGH, "{9} and fever"),
    (Level.HIGH, "{0} and symptom_duration > 7 days"),
    (Level.MEDIUM, "{0} and severity >= 7"),
    (Level.MEDIUM, "{9} and (vomiting or headache)"),
    (Level.HIGH, "{4} and age >= 65 years"),
    (Level.MEDIUM, "at least 2 of ({1}, {2}, {3}, {4}, {5})"),
    (Level.LOW, "{0} and not fever"),
)
"""The rules of a protocol. {0} is its complaint, {1} to {9} are its own symptoms."""
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "ar", "en", "il")]


def made_up(rules: int) -> RuleSet:
    """The shipped findings with this many made-up rules, ten for each protocol."""
    shipped = load_ruleset()
    protocols: dict[str, Protocol] = {}
    findings = dict(shipped.findings)
    for number in range(rules // len(WHEN)):
        own = [_finding(number * SYMPTOMS + place) for place in range(SYMPTOMS)]
        findings.update((finding.id, finding) for finding in own)
        names = [finding.id for finding in own]
        protocols[f"made_up_{number}"] = Protocol(
            id=f"made_up_{number}",
            title=own[0].label,
            complaint=(names[0],),
            history=("symptom_duration", "severity"),
            default_level=Level.LOW,
            review_date=date(2026, 1, 1),
            rules=tuple(_rules(number, names, findings)),
        )
    return RuleSet(findings, protocols, (), shipped.interview, content_hash=f"made up {rules}")


def message(number: int) -> str:
    """The first message of a patient of protocol `number`."""
    complaint, other = (word(number * SYMPTOMS + place) for place in (0, 9))
    return f"I have had a {complaint} ache since yesterday, and my {other} hurts a lot. I feel hot and I can't sleep."


def word(number: int) -> str:
    """A word that is in no language; another one for each number."""
    first, rest = number % len(SYLLABLES), number // len(SYLLABLES)
    return SYLLABLES[first] + SYLLABLES[rest % len(SYLLABLES)] + SYLLABLES[(first * 7 + rest) % len(SYLLABLES)] + "x"


def _finding(number: int) -> Finding:
    made = word(number)
    return Finding(
        id=f"made_up_{number}",
        kind=Kind.YES_NO,
        label=f"{made} ache".capitalize(),
        ask={"en": f"{{Do you}} have a {made} ache?"},
        item={"en": f"{made} ache".capitalize()},
        phrases={"en": (f"{made} .. (ache|pain|sore)", f"{made} .. (hurts|hurt|aches)")},
        hints={"en": (f"{made}",)},
    )


def _rules(number: int, names: Sequence[str], findings: dict[str, Finding]) -> Iterator[Rule]:
    for place, (level, when) in enumerate(WHEN):
        written = when.format(*names)
        yield Rule(
            id=f"made_up_{number}_{place}",
            level=level,
            when=written,
            because="Made up to measure with.",
            source="nobody",
            expression=parse(written, findings),
            protocol=f"made_up_{number}",
        )
