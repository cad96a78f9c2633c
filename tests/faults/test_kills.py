"""No page is lost, wherever server, worker or store are killed. All of it: python -m benchmarks.faults."""

from pathlib import Path

import pytest

from benchmarks.fault_outcome import written
from benchmarks.faults import Outcome, Plan, play, report
from benchmarks.page_receiver import Delivery

TOGETHER = Plan(conversations=8, kills=2, seed=7, apart=False, steps=3)
APART = Plan(conversations=24, kills=6, seed=7, steps=2, silence=2.0)
CLUSTER = Plan(conversations=12, kills=2, seed=7, steps=2, silence=2.0, cluster=True)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
@pytest.mark.parametrize("plan", [TOGETHER, APART, CLUSTER], ids=["together", "apart", "cluster"])
async def test_kills_lose_no_page_and_repeat_none_under_another_key(plan: Plan, tmp_path: Path) -> None:
    outcome = await play(plan, tmp_path / "data")
    must_die = {"primary": outcome.kills["primary"]} if plan.cluster else outcome.kills
    assert sum(outcome.kills.values()) >= plan.kills and all(must_die.values()), report(outcome)
    assert len(outcome.told) == len(outcome.owed) == plan.conversations, report(outcome)
    assert outcome.holds, report(outcome)
    assert {one.page for one in outcome.taken} == set(outcome.owed.values())
    assert written({"pages lost": 0})[0] in report(outcome)


def outcome_of(*taken: Delivery, told: frozenset[str] = frozenset()) -> Outcome:
    return Outcome(TOGETHER, 1, {"server": 1}, {"server": (2.0,)}, told, {}, taken, 0, 0, 0, 0, 1.0)


def test_a_confirmed_page_that_is_not_stored_or_not_sent_counts_as_lost() -> None:
    taken = (Delivery("P-2", "P-2:0", "P-2:0", "a", True), Delivery("P-2", "P-2:1", "P-2:0", "a", True))
    outcome = outcome_of(*taken, told=frozenset({"told"}))
    assert outcome.lost == {"told"}
    assert outcome.without_key == [taken[1]]
    assert outcome.visible == 2, "two keys show as two pages"
    assert not outcome.holds


def test_one_key_for_two_patients_is_reported() -> None:
    one, other = (Delivery("P-2", "P-2:0", "P-2:0", conversation, True) for conversation in ("a", "b"))
    assert outcome_of(one, one).shared == 0 and outcome_of(one, one).visible == 1
    assert outcome_of(one, other).shared == 1 and not outcome_of(one, other).holds
