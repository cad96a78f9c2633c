"""When a conversation may be destroyed. Knows nothing about clocks or storage; times are epoch seconds."""

from pydantic import Field

from policies.codes import Code
from policies.findings import Content


class Paging(Code):
    """Whether a page was raised, and whether a named person has acknowledged it."""

    NONE = "none"
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"


class Review(Code):
    """Whether a nurse has this case to review; it is done only by a named person."""

    NONE = "none"
    OPEN = "open"
    DONE = "done"


DAY, MINUTE = 86_400.0, 60.0


class RetentionRules(Content):
    """`retention_days` count from a case's closing, `abandon_minutes` from the last word of an empty one."""

    retention_days: float = Field(default=30.0, ge=0)
    abandon_minutes: float = Field(default=24 * 60.0, ge=0)


def may_destroy(
    page: Paging,
    review: Review,
    *,
    withdrawn: bool,
    closed_at: float | None,
    last_activity: float,
    now: float,
    rules: RetentionRules,
) -> bool:
    """Whether it may be destroyed now: never while a page or a review is open; else at once if the patient asked for
    it, otherwise once its retention period is over."""
    if page is Paging.OPEN or review is Review.OPEN:
        return False
    return withdrawn or now >= destroy_at(page, review, closed_at, last_activity, rules)


def destroy_at(
    page: Paging,
    review: Review,
    closed_at: float | None,
    last_activity: float,
    rules: RetentionRules,
) -> float:
    """When the retention period ends (epoch seconds). A case that staff have seen is kept as long as a closed one."""
    seen = page is not Paging.NONE or review is not Review.NONE
    if closed_at is not None or seen:
        return (last_activity if closed_at is None else closed_at) + rules.retention_days * DAY
    return last_activity + rules.abandon_minutes * MINUTE
