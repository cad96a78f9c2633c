"""What the rules call an emergency is named by the starter guidelines of that complaint."""

from collections import defaultdict

import pytest

from knowledge import lexical
from knowledge.starter import starter_guidelines
from policies.levels import Level
from policies.loading import load_ruleset
from policies.rules import Rule

RULESET = load_ruleset()
EMERGENCIES = [rule for each in RULESET.protocols.values() for rule in each.rules if rule.level is Level.EMERGENCY]


def _words_of_protocols() -> dict[str, set[int]]:
    words: dict[str, set[int]] = defaultdict(set)
    for entry in starter_guidelines().entries:
        for chunk in entry.chunks:
            for protocol in chunk.protocols:
                words[protocol].update(lexical.of_passage(chunk.searchable).indices)
    return words


WORDS = _words_of_protocols()


def _named(finding: str, protocol: str) -> bool:
    """Whether two stems of the finding's label, or its only one, are in the protocol's documents."""
    label = set(lexical.of_query(RULESET.findings[finding].label).indices)
    return len(label & WORDS[protocol]) >= min(len(label), 2)


def test_every_protocol_has_a_document() -> None:
    assert set(RULESET.protocols) <= set(WORDS)


@pytest.mark.parametrize("rule", EMERGENCIES, ids=lambda rule: rule.id)
def test_an_emergency_rule_s_findings_are_named_in_its_complaint_s_documents(rule: Rule) -> None:
    unnamed = [finding for finding in rule.findings if not _named(finding, rule.protocol)]
    assert len(unnamed) <= len(rule.findings) / 2, unnamed
