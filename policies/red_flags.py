"""Red flags: the rules that page a nurse at once. Knows nothing about paging."""

from policies.case import Fired
from policies.levels import Level
from policies.triage import Triage


def red_flags(triage: Triage) -> tuple[Fired, ...]:
    """The fired rules that are an emergency."""
    return tuple(fired for fired in triage.fired if fired.level is Level.EMERGENCY)
