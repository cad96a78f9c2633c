"""Finds a patient for whom a rule is true, or that there is none. The shipped rules are tested in test_checking.py."""

import pytest

from policies.expressions import evaluate, mentioned
from policies.facts import Status
from policies.findings import EVERYBODY, Applies
from policies.parsing import parse
from policies.ruleset import RuleSet
from policies.satisfying import possible, satisfiable, satisfying


def test_every_patient_found_makes_it_true(ruleset: RuleSet) -> None:
    for rule in ruleset.rules.values():
        found = satisfying(ruleset, rule.expression, {}, mentioned(rule.expression))
        for facts, _ in zip(found, range(20), strict=False):
            assert evaluate(rule.expression, facts) is True, rule.id


def test_one_patient_is_found_who_fits_what_the_rule_is_for(ruleset: RuleSet) -> None:
    expression = parse("fever and age < 3 months", ruleset.findings)
    assert satisfiable(ruleset, expression, [EVERYBODY])
    assert satisfiable(ruleset, expression, [Applies(max_age=1), Applies(sex="female")])
    assert not satisfiable(ruleset, expression, [Applies(min_age=1)])
    assert not satisfiable(ruleset, expression, [Applies(sex="female"), Applies(sex="male")])


@pytest.mark.parametrize("when", ["temperature >= 38 celsius", "temperature < 38 celsius"])
def test_both_sides_of_a_threshold_are_tried(ruleset: RuleSet, when: str) -> None:
    expression = parse(when, ruleset.findings)
    [fact] = next(iter(satisfying(ruleset, expression, {}, mentioned(expression)))).values()
    assert fact.status is Status.PRESENT and isinstance(fact.value, float)
    assert (fact.value >= 38) is (">=" in when)


def test_contradictory_facts_are_no_possible_patient(ruleset: RuleSet) -> None:
    expression = parse("crushing_chest_pain and not chest_pain", ruleset.findings)
    for facts in satisfying(ruleset, expression, {}, mentioned(expression)):
        assert not possible(ruleset, facts, (EVERYBODY,))
