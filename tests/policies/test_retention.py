import itertools

import pytest

from policies.retention import DAY, MINUTE, Paging, RetentionRules, Review, may_destroy

RULES = RetentionRules(retention_days=30, abandon_minutes=60)
TIMES = (0.0, 59 * MINUTE, 60 * MINUTE, 30 * DAY - 1, 30 * DAY, 1000 * DAY)
EVERYTHING = list(itertools.product(Paging, Review, (False, True), (None, 0.0), TIMES))


def allowed(page: Paging, review: Review, withdrawn: bool, closed_at: float | None, now: float) -> bool:
    return may_destroy(page, review, withdrawn=withdrawn, closed_at=closed_at, last_activity=0.0, now=now, rules=RULES)


@pytest.mark.parametrize(("page", "review", "withdrawn", "closed_at", "now"), EVERYTHING)
def test_every_case(page: Paging, review: Review, withdrawn: bool, closed_at: float | None, now: float) -> None:
    owed = page is Paging.OPEN or review is Review.OPEN
    empty = page is Paging.NONE and review is Review.NONE and closed_at is None
    lifetime = 60 * MINUTE if empty else 30 * DAY
    assert allowed(page, review, withdrawn, closed_at, now) == (not owed and (withdrawn or now >= lifetime))


def test_nothing_owed_is_ever_destroyed_however_old() -> None:
    for page, review, withdrawn, closed_at, now in EVERYTHING:
        if page is Paging.OPEN or review is Review.OPEN:
            assert not allowed(page, review, withdrawn, closed_at, now)


def test_what_may_be_destroyed_stays_so() -> None:
    for page, review, withdrawn, closed_at in itertools.product(Paging, Review, (False, True), (None, 0.0)):
        answers = [allowed(page, review, withdrawn, closed_at, now) for now in TIMES]
        assert answers == sorted(answers)
