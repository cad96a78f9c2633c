"""A rule: what raises a patient's level, why, and who says so. Knows nothing about when it is evaluated."""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

from pydantic import ConfigDict, Field

from policies.expressions import Expression, mentioned
from policies.findings import Applies, Content
from policies.levels import Level


class WrittenRule(Content):
    """A rule as it stands in a file.

    `because` is one plain sentence, shown to the nurse and, as "why do you ask?", to the patient. The
    examples are single messages as patients write them: each of `must_fire` alone makes the rule fire, none
    of `must_not_fire` does. `advice` is what the patient is told at once when an EMERGENCY rule fires.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    level: Level
    when: str
    because: str = Field(min_length=1)
    source: str = Field(min_length=1)
    must_fire: tuple[str, ...] = ()
    must_not_fire: tuple[str, ...] = ()
    applies: Applies = Applies()
    advice: Literal["emergency", "emergency_crisis"] = "emergency"


class Rule(WrittenRule):
    """A rule with its `when` parsed. `protocol` is the protocol it belongs to, empty for a global rule.

    `reasons` is its `because` by language.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    expression: Expression = Field(repr=False, exclude=True)
    protocol: str = ""
    reasons: Mapping[str, str] = {}

    @cached_property
    def findings(self) -> tuple[str, ...]:
        return mentioned(self.expression)
