import itertools

from policies.ruleset import RuleSet


def test_rules_are_found_by_what_they_mention(ruleset: RuleSet) -> None:
    for finding, rules in ruleset.by_finding.items():
        assert all(finding in rule.findings for rule in rules)
    assert {rule.id for rules in ruleset.by_finding.values() for rule in rules} == set(ruleset.rules)


def test_nothing_changes_between_two_birthdays(ruleset: RuleSet) -> None:
    """What is found once for everybody of about an age holds for each of them."""
    ages = [0.0, *(age + step for age in ruleset.birthdays for step in (-0.001, 0.0, 0.001)), 30.0]
    for age, sex in itertools.product([None, *ages], [None, "female", "male", "other"]):
        impossible = {f.id for f in ruleset.findings.values() if not f.applies.to(age, sex)}
        assert ruleset.impossible(age, sex).keys() == impossible
