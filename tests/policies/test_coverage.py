"""What a family clinic must cover is covered: every family has a protocol, every life threat a rule."""

from policies.coverage import Coverage, load_coverage
from policies.levels import Level
from policies.loading import default_ruleset


def test_everything_is_covered() -> None:
    assert load_coverage().missing(default_ruleset()) == []


def test_the_twenty_life_threats_are_emergencies_whatever_the_complaint() -> None:
    threats, ruleset = load_coverage().life_threats, default_ruleset()
    rules = [ruleset.rules[rule] for served in threats.values() for rule in served]
    assert len(threats) == 20
    assert all(rule.level is Level.EMERGENCY and not rule.protocol for rule in rules)


def test_every_protocol_serves_a_family() -> None:
    served = {protocol for protocols in load_coverage().families.values() for protocol in protocols}
    assert default_ruleset().protocols.keys() - served == {"other"}


def test_what_is_missing_is_told() -> None:
    wanted = Coverage(families={"knees": ("knee",), "sore throat": ("sore_throat",)}, life_threats={"fire": ()})
    assert wanted.missing(default_ruleset()) == ["family 'knees': there is no knee", "life threat 'fire': nothing"]
