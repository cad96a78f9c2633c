"""Whether a clinic uses a guideline: pending, then approved by a named person, then retired. Knows no index."""

import datetime
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """Searches find approved documents only. A retired one is kept, so that it can be read and approved again."""

    PENDING = "pending"
    APPROVED = "approved"
    RETIRED = "retired"


class Approval(NamedTuple):
    """Who put the document into its state, and on which day (ISO). The starter guidelines name nobody."""

    state: State = State.PENDING
    by: str = ""
    on: str = ""


PENDING = Approval()
SHIPPED = Approval(State.APPROVED)
"""The state of a starter guideline: in use from the start, although no clinician of this clinic has read it."""


def decided(state: State, by: str, today: datetime.date) -> Approval:
    """A decision by a named person on this day. Raises ValueError if nobody is named."""
    if not by.strip():
        raise ValueError("say who decides it: a name")
    return Approval(state, by.strip(), today.isoformat())
