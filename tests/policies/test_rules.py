from typing import Any

import pytest
from pydantic import ValidationError

from policies.findings import EVERYBODY
from policies.rules import WrittenRule
from policies.ruleset import RuleSet

RULE = {"id": "cannot_swallow", "level": "EMERGENCY", "when": "drooling", "because": "It is so.", "source": "NHS"}


@pytest.mark.parametrize("missing", sorted(RULE))
def test_no_rule_without_a_reason_and_a_source(missing: str) -> None:
    with pytest.raises(ValidationError):
        WrittenRule.model_validate({key: value for key, value in RULE.items() if key != missing})


@pytest.mark.parametrize(
    "change",
    [{"because": ""}, {"source": ""}, {"level": "URGENT"}, {"id": "Cannot swallow"}, {"advice": "wait"}, {"wehn": "x"}],
)
def test_a_misspelt_rule_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        WrittenRule.model_validate({**RULE, **change})


def test_a_rule_is_for_everybody_unless_it_says_for_whom() -> None:
    assert WrittenRule.model_validate(RULE).applies == EVERYBODY


def test_a_rule_knows_its_findings(ruleset: RuleSet) -> None:
    for rule in ruleset.rules.values():
        assert rule.findings
        assert set(rule.findings) <= ruleset.findings.keys()
        assert len(rule.findings) == len(set(rule.findings))
