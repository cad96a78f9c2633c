"""Looks for a patient for whom an expression is true: a rule without one can never fire. Knows nothing about rules."""

from collections.abc import Iterable, Iterator

from policies.expressions import Compare, Expression, mentioned
from policies.facts import Evidence, Fact, Facts, Status
from policies.findings import Applies, Finding, Kind
from policies.implications import with_implied
from policies.ruleset import AGE, SEX, YEAR, RuleSet

SOMEWHERE = Evidence(turn=0, quote="")
STEP = 1e-3
"""How far above and below a threshold a number is tried."""


def satisfiable(ruleset: RuleSet, expression: Expression, who: Iterable[Applies]) -> bool:
    """Whether the expression is true for any patient that fits all of `who`."""
    who = tuple(who)
    return any(possible(ruleset, facts, who) for facts in satisfying(ruleset, expression, {}, mentioned(expression)))


def satisfying(
    ruleset: RuleSet, expression: Expression, facts: dict[str, Fact], ahead: tuple[str, ...]
) -> Iterator[Facts]:
    """Facts that make the expression true: tries the answers to the findings `ahead` in turn (a depth-first search
    that leaves a branch as soon as it cannot succeed)."""
    remaining = expression.remaining(True, facts)
    if remaining is True:
        yield facts
    elif ahead and remaining is not False:
        for fact in answers(ruleset.findings[ahead[0]], expression):
            yield from satisfying(ruleset, expression, {**facts, ahead[0]: fact}, ahead[1:])


def answers(finding: Finding, expression: Expression) -> Iterator[Fact]:
    """The answers worth trying: yes and no, each choice, or the numbers on both sides of each threshold."""
    if finding.kind is Kind.YES_NO:
        for status in (Status.PRESENT, Status.ABSENT):
            yield Fact(finding=finding.id, status=status, evidence=SOMEWHERE)
        return
    choices = [choice.value for choice in finding.choices]
    for value in choices or numbers(finding, expression):
        yield Fact(finding=finding.id, status=Status.PRESENT, evidence=SOMEWHERE, value=value)


def numbers(finding: Finding, expression: Expression) -> Iterator[float]:
    low = float("-inf") if finding.minimum is None else finding.minimum
    high = float("inf") if finding.maximum is None else finding.maximum
    for threshold in thresholds(expression):
        if threshold.finding == finding.id:
            beside = (threshold.value, threshold.value - STEP, threshold.value + STEP)
            yield from (value for value in beside if low <= value <= high)


def thresholds(expression: Expression) -> Iterator[Compare]:
    if isinstance(expression, Compare):
        yield expression
    for part in expression.inner():
        yield from thresholds(part)


def possible(ruleset: RuleSet, facts: Facts, who: tuple[Applies, ...]) -> bool:
    """Whether one patient can have all these facts: no denied finding is implied by another, and age and sex fit."""
    closed = with_implied(ruleset, facts)
    if any(closed[name].status is not fact.status for name, fact in facts.items()):
        return False
    present = (ruleset.findings[name].applies for name, fact in closed.items() if fact.status is Status.PRESENT)
    return common_patient((*who, *present), facts)


def common_patient(who: tuple[Applies, ...], facts: Facts) -> bool:
    sexes = {one.sex for one in who if one.sex}
    stated = facts[SEX].value if SEX in facts else None
    if len(sexes) > 1 or (stated in {"female", "male"} and sexes - {stated}):
        return False
    youngest = max((one.min_age for one in who if one.min_age is not None), default=0.0)
    oldest = min((one.max_age for one in who if one.max_age is not None), default=float("inf"))
    age = facts[AGE].value if AGE in facts else None
    return youngest <= age / YEAR < oldest if isinstance(age, int | float) else youngest < oldest
