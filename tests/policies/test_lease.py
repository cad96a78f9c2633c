"""A lease has one owner at a time and a token that only grows; acts under a lost lease do not count."""

from hypothesis import given
from hypothesis import strategies as st

from policies.lease import LEASE_SECONDS, Lease, ended, holder, may_take, taken, too_late

NURSES = ("Kim", "Ana", "Lou")


def test_a_free_case_can_be_taken_and_a_taken_one_only_knowingly() -> None:
    lease = taken(None, "Kim", 7, at=0.0)
    assert holder(lease, 1.0) == "Kim"
    assert may_take(lease, "Kim", 0, 1.0)
    assert not may_take(lease, "Ana", 0, 1.0)
    assert not may_take(lease, "Ana", 6, 1.0)
    assert may_take(lease, "Ana", 7, 1.0)
    assert may_take(lease, "Ana", 0, LEASE_SECONDS)


def test_the_same_owner_keeps_the_token_and_a_new_owner_gets_a_higher_one() -> None:
    first = taken(None, "Kim", 7, at=0.0)
    kept = taken(first, "Kim", 9, at=100.0)
    assert (kept.token, kept.until) == (7, 100.0 + LEASE_SECONDS)
    assert taken(kept, "Ana", 12, at=200.0).token == 12


def test_an_act_under_a_lost_lease_is_too_late_even_if_the_case_is_free_again() -> None:
    kim = taken(None, "Kim", 7, at=0.0)
    ana = taken(kim, "Ana", 9, at=LEASE_SECONDS + 1)
    assert too_late(ana, "Kim", 7, LEASE_SECONDS + 2)
    freed = ended(ana, LEASE_SECONDS + 5)
    assert too_late(freed, "Kim", 7, LEASE_SECONDS + 6), "Ana may have answered meanwhile"
    assert not too_late(freed, "Kim", 0, LEASE_SECONDS + 6), "her page shows the case as it is now"


def test_without_a_lease_nobody_is_too_late() -> None:
    assert not too_late(None, "Kim", 0, 5.0)
    assert ended(None, 5.0) is None


@given(st.lists(st.tuples(st.sampled_from(NURSES), st.integers(0, 40), st.floats(0, 2000)), max_size=30))
def test_whatever_happens_tokens_only_grow_and_one_person_holds(steps: list[tuple[str, int, float]]) -> None:
    lease: Lease | None = None
    at = 0.0
    for version, (by, over, wait) in enumerate(steps, start=1):
        at += wait
        before = lease
        if may_take(lease, by, over, at):
            lease = taken(lease, by, version, at)
            assert holder(lease, at) == by
            assert before is None or lease.token >= before.token
            assert before is None or before.owner == by or lease.token > before.token
            assert all(too_late(lease, other, 0, at) for other in NURSES if other != by)
