"""When a conversation may be destroyed. Knows nothing about clocks or storage; times are epoch seconds."""

from typing import Literal

from pydantic import Field

from policies.findings import Content

DAY, MINUTE = 86_400.0, 60.0


class RetentionRules(Content):
    """`retention_days` count from a case's closing, `abandon_minutes` from the last word of an empty one."""

    retention_days: float = Field(default=30.0, ge=0)
    abandon_minutes: float = Field(default=24 * 60.0, ge=0)


def may_destroy(
    page: Literal["none", "open", "acknowledged"],
    review: Literal["none", "open", "done"],
    *,
    withdrawn: bool,
    closed_at: float | None,
    last_activity: float,
    now: float,
    rules: RetentionRules,
) -> bool:
    """Never while a page or a review is open. Then at once if the patient asked for it, else in its time."""
    if page == "open" or review == "open":
        return False
    return withdrawn or now >= destroy_at(page, review, closed_at, last_activity, rules)


def destroy_at(
    page: Literal["none", "open", "acknowledged"],
    review: Literal["none", "open", "done"],
    closed_at: float | None,
    last_activity: float,
    rules: RetentionRules,
) -> float:
    """When its time is over: a case that staff have seen is kept as long as a closed one."""
    seen = page != "none" or review != "none"
    if closed_at is not None or seen:
        return (last_activity if closed_at is None else closed_at) + rules.retention_days * DAY
    return last_activity + rules.abandon_minutes * MINUTE
