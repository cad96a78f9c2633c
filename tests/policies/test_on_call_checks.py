"""What is wrong with a plan stops it; what is weak in it is said, nobody on call first of all."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from policies.on_call_checks import nobody_now, problems, weaknesses
from policies.on_call_text import read_plan
from tests.policies.test_on_call_text import WRITTEN

WAYS = ("webhook", "pagerduty", "ntfy", "mail", "text", "voice")
NOW = datetime(2026, 11, 25, 12, tzinfo=ZoneInfo("America/New_York")).timestamp()  # a Wednesday
WHOLE = {
    "zone": "America/New_York",
    "people": "Kim Lee: text +15550000001, mail kim@clinic.example\nAna Ruiz: ntfy ana, voice +15550000002",
    "shifts": "nurses: mon-sun 08:00-20:00 Kim Lee\nnurses: mon-sun 20:00-08:00 Ana Ruiz",
    "steps": "nurses 90\neverybody 120",
    "last": "voice +15550000009",
}


def test_a_whole_plan_has_nothing_wrong_and_nothing_weak() -> None:
    plan = read_plan(WHOLE, siren=True)
    assert problems(plan, WAYS) == [] and weaknesses(plan, NOW) == [] and nobody_now(plan, NOW) == []


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("shifts", "nurses: mon 08:00-20:00 Bob", "Bob is on the rota nurses, and is not among the people."),
        ("shifts", "Kim Lee: mon 08:00-20:00 Kim Lee", "Kim Lee names a rota and somebody else"),
        ("steps", "doctors 90", "The ladder names doctors, who is no person, no rota and not everybody."),
        ("people", "Kim Lee: pigeon, text +15550000001\nAna Ruiz: ntfy", "Kim Lee: pigeon is not set up here."),
        ("people", "Kim Lee: text 5550001\nAna Ruiz: ntfy", "Kim Lee: text needs an address like +15551234567."),
        ("people", "Kim Lee: ntfy\nAna Ruiz: ntfy\nAna Ruiz: ntfy", "Ana Ruiz is written twice"),
        ("last", "mail", "The last resort: mail needs an address like kim@clinic.example."),
        (
            "overrides",
            "nurses: 2026-12-25 08:00 to 2026-12-24 08:00 Kim Lee",
            "The override for Kim Lee from 2026-12-25",
        ),
    ],
)
def test_what_cannot_be_carried_out_is_wrong(field: str, value: str, told: str) -> None:
    found = problems(read_plan({**WHOLE, field: value}, siren=True), WAYS)
    assert any(each.startswith(told) for each in found), found


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("shifts", "nurses: mon-fri 08:00-20:00 Kim Lee", "Nobody is on call for nurses from Wed 25 Nov 20:00"),
        (
            "people",
            "Kim Lee: text +15550000001, voice +15550000001\nAna Ruiz: ntfy, mail a@b",
            "Kim Lee is reached by text",
        ),
        ("steps", "nurses 600\neverybody 60", "Step 1 waits 600 seconds"),
        ("steps", "nurses 90\nnurses 90", "Only nurses is ever paged"),
        ("last", "", "There is no last resort"),
    ],
)
def test_what_should_not_be_is_weak(field: str, value: str, told: str) -> None:
    plan = read_plan({**WHOLE, field: value}, siren=True)
    assert problems(plan, WAYS) == []
    assert [each for each in weaknesses(plan, NOW) if each.startswith(told)], weaknesses(plan, NOW)


def test_nobody_on_call_now_is_told_by_the_rota() -> None:
    plan = read_plan({**WRITTEN, "shifts": "nurses: sat 08:00-20:00 Kim Lee"}, siren=True)
    assert nobody_now(plan, NOW) == ["nurses"]
