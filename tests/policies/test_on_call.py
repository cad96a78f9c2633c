from pathlib import Path

import pytest
from pydantic import ValidationError

from policies.on_call import Ladder, Step, due_after, load_ladder, next_step

NURSE = Step(to="nurse", senders=("console",), after_seconds=60)
DOCTOR = Step(to="doctor", senders=("console", "webhook"), after_seconds=90)
LADDER = Ladder(steps=(NURSE, DOCTOR), last_resort=("sms", "console"))


def test_climbs_in_order_and_starts_again() -> None:
    assert [next_step(LADDER, attempt).to for attempt in range(5)] == ["nurse", "doctor", "nurse", "doctor", "nurse"]
    assert [due_after(LADDER, attempt) for attempt in range(4)] == [60, 90, 60, 90]


def test_the_last_resort_joins_from_the_second_time_round() -> None:
    assert next_step(LADDER, 1).senders == ("console", "webhook")
    assert next_step(LADDER, 2).senders == ("console", "sms")
    assert next_step(LADDER, 3).senders == ("console", "webhook", "sms")


def test_never_ends_and_never_waits_for_ever() -> None:
    ladder = load_ladder()
    for attempt in (*range(100), 10**9):
        assert next_step(ladder, attempt).senders
        assert 0 < due_after(ladder, attempt) <= 60


@pytest.mark.parametrize(
    "broken",
    [
        {"steps": []},
        {"steps": [{"to": "nurse", "senders": [], "after_seconds": 60}]},
        {"steps": [{"to": "nurse", "senders": ["console"], "after_seconds": 0}]},
        {"steps": [{"to": "", "senders": ["console"], "after_seconds": 60}]},
        {"steps": [{"to": "nurse", "senders": ["console"], "after_seconds": 60, "stop": True}]},
    ],
)
def test_a_ladder_that_could_fall_silent_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Ladder.model_validate(broken)


def test_a_clinic_writes_its_own(tmp_path: Path) -> None:
    path = tmp_path / "on_call.yaml"
    path.write_text("steps: [{to: nurse, senders: [webhook], after_seconds: 30}]", encoding="utf-8")
    assert load_ladder(path) == Ladder(steps=(Step(to="nurse", senders=("webhook",), after_seconds=30),))
