"""No page is lost, wherever the server is killed. All 200 conversations: python -m benchmarks.faults."""

from pathlib import Path

import pytest

from benchmarks.faults import Outcome, Plan, play, report
from benchmarks.page_receiver import Delivery

PLAN = Plan(conversations=30, kills=8, seed=7)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_kills_lose_no_page_and_confuse_no_receiver(tmp_path: Path) -> None:
    outcome = await play(PLAN, tmp_path / "data")
    assert outcome.kills >= PLAN.kills
    assert len(outcome.told) == len(outcome.owed) == PLAN.conversations, report(outcome)
    assert not outcome.lost, report(outcome)
    assert not outcome.without_key, report(outcome)
    assert {one.page for one in outcome.taken} == set(outcome.owed.values())
    assert says_so(outcome)


def says_so(outcome: Outcome) -> bool:
    return f"{'pages lost':<40}{0:>16}" in report(outcome)


def test_what_was_told_and_is_not_kept_or_not_taken_is_lost() -> None:
    taken = (Delivery("P-2", "P-2:0", "P-2:0", "a", True), Delivery("P-2", "P-2:1", "P-2:0", "a", True))
    outcome = Outcome(PLAN, 1, 1, (2.0,), frozenset({"told"}), (), taken, 0, 1.0)
    assert outcome.lost == {"told"}
    assert outcome.without_key == [taken[1]]
