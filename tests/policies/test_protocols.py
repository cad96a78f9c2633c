from typing import Any

import pytest
from pydantic import ValidationError

from policies.levels import Level
from policies.protocols import WrittenProtocol
from policies.ruleset import RuleSet

PROTOCOL = {
    "id": "sore_throat",
    "title": "Sore throat",
    "complaint": ["sore_throat"],
    "history": ["fever"],
    "default_level": "LOW",
    "review_date": "2027-01-01",
    "rules": [],
}


@pytest.mark.parametrize(
    "change",
    [{"complaint": []}, {"default_level": None}, {"review_date": "soon"}, {"id": "Sore throat"}, {"owner": "me"}],
)
def test_a_protocol_that_could_not_be_used_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        WrittenProtocol.model_validate({**PROTOCOL, **change})


def test_a_protocol_that_nobody_signed_says_so() -> None:
    assert WrittenProtocol.model_validate(PROTOCOL).reviewer == ""


def test_the_shipped_ones_cover_the_first_six_complaints_and_any_other(ruleset: RuleSet) -> None:
    first = {"chest_pain", "sore_throat", "headache", "abdominal_pain", "fever_child", "urinary", "other"}
    assert first <= ruleset.protocols.keys()
    for protocol in ruleset.protocols.values():
        assert {*protocol.complaint, *protocol.history} <= ruleset.findings.keys()
        assert all(rule.protocol == protocol.id for rule in protocol.rules)
        assert protocol.default_level < Level.EMERGENCY, "a page has a rule that says why"
