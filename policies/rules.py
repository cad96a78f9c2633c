"""A rule: what raises a patient's level, why, and who says so. Knows nothing about when it is evaluated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, with_config

from policies.expressions import Expression, mentioned
from policies.findings import EVERYBODY, Applies, Content
from policies.levels import Level

Advice = Literal["emergency", "emergency_crisis"]


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
    applies: Applies = EVERYBODY
    advice: Advice = "emergency"


@with_config(extra="forbid", arbitrary_types_allowed=True)
@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule with its `when` parsed. `protocol` is the protocol it belongs to, empty for a global rule.

    `reasons` is its `because` by language. Not a `Content`: a turn reads rules hundreds of times, and a plain object
    answers in a sixth of the time.
    """

    id: str
    level: Level
    when: str
    because: str
    source: str
    must_fire: tuple[str, ...] = ()
    must_not_fire: tuple[str, ...] = ()
    applies: Applies = EVERYBODY
    advice: Advice = "emergency"
    expression: Annotated[Expression, Field(exclude=True)] = field(repr=False)
    protocol: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def findings(self) -> tuple[str, ...]:
        return mentioned(self.expression)
