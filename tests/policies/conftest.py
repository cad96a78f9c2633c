"""The shipped content, read once."""

import pytest

from policies.loading import default_ruleset
from policies.ruleset import RuleSet


@pytest.fixture(scope="session")
def ruleset() -> RuleSet:
    return default_ruleset()
