"""The figures of a case that came to staff, for statistics: times, levels, rules and decisions, no words and no names.

They outlive the conversation, unless the patient asked for everything to be deleted. Times are seconds since the epoch.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from dialogue import events as e
from dialogue.conversation import Conversation
from policies.facts import Record
from policies.levels import Level

T = TypeVar("T")


class Figures(Record):
    """`level` is the case's present level, `came_level` the rules' when it came to staff; `spent` is in seconds."""

    code: str
    door: str
    came_at: float
    came_level: Level | None
    level: Level | None
    protocols: tuple[str, ...]
    rules: tuple[str, ...]
    partial: str
    draft: str
    paged_at: float | None
    page_sent_at: float | None
    acknowledged_at: float | None
    released_at: float | None
    edited: bool
    rejected: int
    impression: Level | None
    overrides: int
    closed_at: float | None
    outcome: str
    judged: str
    spent: int


def figures_of(conversation: Conversation) -> Figures | None:
    """None for a case that never came to staff, and for one that the patient wants deleted."""
    came, page, drafted = conversation.arrival, conversation.page, conversation.assessment
    if came is None or conversation.withdrawn:
        return None
    acts = [entry.event for entry in conversation.log if isinstance(entry.event, e.StaffAct)]
    released = next(_of(acts, e.Released), None)
    closed = next(_of(acts[::-1], e.Closed), None)
    return Figures(
        code=conversation.code,
        door=conversation.door,
        came_at=came.at,
        came_level=came.level,
        level=conversation.level,
        protocols=came.protocols,
        rules=conversation.fired,
        partial=conversation.partial,
        draft=drafted.origin if drafted else "",
        paged_at=page.raised_at if page else None,
        page_sent_at=page.sent_at if page else None,
        acknowledged_at=page.acknowledged_at if page else None,
        released_at=released.at if released else None,
        edited=released.edited if released else False,
        rejected=sum(1 for _ in _of(acts, e.Rejected)),
        impression=next((act.level for act in _of(acts, e.Impression)), None),
        overrides=sum(1 for act in acts if isinstance(act, e.Relevelled | e.Seconded)),
        closed_at=closed.at if closed else None,
        outcome=closed.outcome.partition(": ")[0] if closed else "",
        judged=closed.judged if closed else "",
        spent=sum(act.spent for act in acts),
    )


def _of(acts: Sequence[e.StaffAct], kind: type[T]) -> Iterator[T]:
    return (act for act in acts if isinstance(act, kind))
