"""The linter of clinical content: finds what can be loaded but would not work as meant.

The function that reads text is handed in, so that a rule's examples are read exactly as a patient's words are.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from policies.draft_reading import objectionable
from policies.expressions import AtLeast, Expression, Not, Unless
from policies.facts import Fact, counting
from policies.findings import Finding, Kind
from policies.levels import Level
from policies.problems import Problem
from policies.readability import ease, grade
from policies.rules import Rule
from policies.ruleset import RuleSet
from policies.satisfying import satisfiable
from policies.translations import WRITTEN_IN
from policies.triage import opened, triage

FactsOf = Callable[[str], Iterable[Fact]]

HIGHEST_GRADE = 6.0
FORM = re.compile(r"\{([^}]*)\}")
LEAST_EASE = 30.0
"""Low, because a question is one short sentence, in which one long word ("convulsiones") lowers the score a lot."""

PERSONS = frozenset({"your", "you", "Your", "You"})
FORMS = {
    WRITTEN_IN: PERSONS | {"Do you", "do you", "Are you", "Have you", "Did you", "Can you", "Is your", "Were you"},
    "es": PERSONS,
}
"""The placeholders a question may hold for whom it is about. In English each is also the wording for the patient."""

GROUPED = {WRITTEN_IN: "Do you have any of these:", "es": "¿Tiene algo de esto:"}

READ_WITHOUT_PHRASES = frozenset({Kind.NUMBER, Kind.DURATION, Kind.SCALE, Kind.TEXT})


def check(ruleset: RuleSet, facts_of: FactsOf, further: Iterable[str] = ()) -> list[Problem]:
    """Every problem of the content and of its translations into the `further` languages, in file order."""
    return sorted(
        {
            *(problem for language in (WRITTEN_IN, *further) for problem in finding_problems(ruleset, language)),
            *rule_problems(ruleset),
            *shadow_problems(ruleset),
            *example_problems(ruleset, facts_of),
        }
    )


def at(ruleset: RuleSet, key: str, message: str) -> Problem:
    place = ruleset.places[key]
    return Problem(place.file, place.line, place.column, f"{key}: {message}")


def finding_problems(ruleset: RuleSet, language: str) -> Iterator[Problem]:
    needed = used(ruleset)
    for finding in ruleset.findings.values():
        key = f"finding {finding.id}"
        key = abroad if (abroad := f"{key} in {language}") in ruleset.places else key
        if finding.id in needed and not (language in finding.ask or language in finding.item):
            yield at(ruleset, key, f"is needed but cannot be asked: write 'ask' or 'item' in '{language}'")
        said_by = (finding, *(ruleset.findings[name] for name in ruleset.below[finding.id]))
        if finding.id in needed and not any(understood(one, language) for one in said_by):
            yield at(ruleset, key, f"is needed but has no 'phrases' in '{language}'")
        for text in (finding.ask.get(language, ""), as_asked(finding.item.get(language, ""), language)):
            yield from (at(ruleset, key, message) for message in wording_problems(text, language))


def used(ruleset: RuleSet) -> frozenset[str]:
    """Every finding that a conversation may need to know."""
    named = {*ruleset.interview.about_you, *ruleset.interview.safety_check, *ruleset.interview.background}
    for protocol in ruleset.protocols.values():
        named.update(protocol.complaint, protocol.history)
    for rule in ruleset.rules.values():
        named.update(rule.findings)
    return frozenset(named)


def understood(finding: Finding, language: str) -> bool:
    if finding.kind in READ_WITHOUT_PHRASES:
        return True
    if finding.kind is Kind.CHOICE:
        return all(language in choice.phrases for choice in finding.choices)
    return language in finding.phrases


def as_asked(item: str, language: str) -> str:
    """An item as patients read it, below the question of its group."""
    return f"{GROUPED[language]} {item}?" if item else ""


def wording_problems(text: str, language: str = WRITTEN_IN) -> Iterator[str]:
    for form in FORM.findall(text):
        if form not in FORMS[language]:
            yield f"unknown form '{{{form}}}'; known: {', '.join(sorted(FORMS[language]))}"
    plain = FORM.sub(r"\1", text)
    if language == WRITTEN_IN and grade(plain) > HIGHEST_GRADE:
        yield f"reads at grade {grade(plain):.1f}, more than {HIGHEST_GRADE:g}: '{plain}'"
    if language == "es" and ease(plain) < LEAST_EASE:
        yield f"reads at an ease of {ease(plain):.0f}, less than {LEAST_EASE:g}: '{plain}'"


def rule_problems(ruleset: RuleSet) -> Iterator[Problem]:
    for rule in ruleset.rules.values():
        key = f"rule {rule.id}"
        protocol = ruleset.protocols.get(rule.protocol)
        who = [rule.applies, *([protocol.applies] if protocol else [])]
        if not satisfiable(ruleset, rule.expression, who):
            yield at(ruleset, key, "can never fire")
        if rule.level is Level.EMERGENCY and any(isinstance(part, Unless) for part in parts(rule.expression)):
            yield at(ruleset, key, "says 'unless' in an emergency: what is said later takes no page back")
        yield from (at(ruleset, key, f"'because' {message}") for message in wording_problems(rule.because))
        if objectionable(rule.because):
            yield at(ruleset, key, "'because' diagnoses, promises or reassures: the review of drafts would refuse it")


def shadow_problems(ruleset: RuleSet) -> Iterator[Problem]:
    """A rule adds nothing when another of its scope says the same at its level or above."""
    first: dict[tuple[object, ...], Rule] = {}
    for rule in sorted(ruleset.rules.values(), key=lambda rule: -rule.level):
        said = (normal(rule.expression), rule.applies, rule.protocol)
        other = first.setdefault(said, rule)
        if other is not rule:
            yield at(ruleset, f"rule {rule.id}", f"says the same as '{other.id}', which is {other.level.name}")


def parts(expression: Expression) -> Iterator[Expression]:
    """The expression and all its parts, at every depth."""
    yield expression
    for part in expression.inner():
        yield from parts(part)


def normal(expression: Expression) -> object:
    """Equal for expressions that differ in the order of their parts alone."""
    if isinstance(expression, AtLeast):
        return expression.count, tuple(sorted(map(normal, expression.parts), key=repr))
    if isinstance(expression, Not | Unless):
        return type(expression).__name__, normal(expression.part)
    return expression


def example_problems(ruleset: RuleSet, facts_of: FactsOf) -> Iterator[Problem]:
    for rule in ruleset.rules.values():
        key = f"rule {rule.id}"
        if not rule.must_fire or not rule.must_not_fire:
            yield at(ruleset, key, "needs at least one 'must_fire' and one 'must_not_fire' example")
        for example in rule.must_fire:
            if rule.id not in fired(ruleset, facts_of(example)):
                yield at(ruleset, key, f"must fire, and does not: '{example}'")
        for example in rule.must_not_fire:
            if rule.id in fired(ruleset, facts_of(example)):
                yield at(ruleset, key, f"must not fire, and does: '{example}'")


def fired(ruleset: RuleSet, facts: Iterable[Fact]) -> frozenset[str]:
    """The rules that fire on the facts of one message alone."""
    known = counting(facts)
    return frozenset(one.rule for one in triage(ruleset, known, opened(ruleset, known)).fired)
