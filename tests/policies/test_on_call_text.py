"""The plan as people write it: read, written and read again the same; what cannot be read is told by its line."""

import pytest

from policies.on_call_text import Unreadable, read_plan, write_plan

WRITTEN = {
    "zone": "America/New_York",
    "people": "Kim Lee: text +15550000001, voice +15550000001 after 45\n\nAna Ruiz: ntfy ana, pagerduty",
    "shifts": "nurses: mon-fri 08:00-20:00 Kim Lee\nnurses: fri-mon 20:00-08:00 Ana Ruiz",
    "overrides": "nurses: 2026-12-24 18:00 to 2026-12-25 08:00 Ana Ruiz",
    "steps": "nurses 90\nAna Ruiz 60 s\neverybody 120 seconds",
    "last": "voice +15550000009",
}


def test_what_is_written_is_what_is_meant() -> None:
    plan = read_plan(WRITTEN, siren=True)
    kim, ana = plan.people
    assert [(way.by, way.to, way.after_seconds) for way in kim.ways] == [
        ("text", "+15550000001", 0),
        ("voice", "+15550000001", 45),
    ]
    assert [(way.by, way.to) for way in ana.ways] == [("ntfy", "ana"), ("pagerduty", "")]
    assert plan.shifts[0].days == ("mon", "tue", "wed", "thu", "fri")
    assert plan.shifts[1].days == ("fri", "sat", "sun", "mon")
    assert [(rung.to, rung.seconds) for rung in plan.rungs] == [("nurses", 90), ("Ana Ruiz", 60), ("everybody", 120)]


def test_written_and_read_again_it_is_the_same() -> None:
    plan = read_plan(WRITTEN, siren=False)
    days = plan.model_copy(update={"shifts": tuple(each for each in plan.shifts[:1])})
    assert read_plan(write_plan(days), siren=False) == days
    again = read_plan(write_plan(plan), siren=False)
    assert set(again.shifts[1].days) == {"fri", "sat", "sun", "mon"}


@pytest.mark.parametrize(
    ("field", "line", "told"),
    [
        ("people", "Kim Lee text +1555", "People, line 1: write it like Kim Lee:"),
        ("people", ": text +15550000001", "People, line 1: String should have at least 1 character"),
        ("shifts", "nurses: mon-fri 8-20 Kim Lee", "Rota, line 1: write it like nurses:"),
        ("shifts", "nurses: mon-fry 08:00-20:00 Kim Lee", "Rota, line 1: days are mon, tue"),
        ("shifts", "\nnurses: mon 08:00-25:00 Kim Lee", "Rota, line 2: 25:00 is no time of day"),
        ("overrides", "nurses: 2026-13-01 08:00 to 2026-12-25 08:00 Ana Ruiz", "Overrides, line 1: 2026-13-01"),
        ("steps", "nurses", "Ladder, line 1: write it like nurses 90"),
        ("steps", "nurses 5", "Ladder, line 1: a step waits between 10 and 3600 seconds"),
        ("steps", "", "Ladder: write at least one step"),
        ("people", "", "People: write at least one"),
        ("zone", "Mars/Olympus", "'Mars/Olympus' is no time zone"),
        ("zone", "", "'' is no time zone"),
        ("zone", "../../etc/passwd", "'../../etc/passwd' is no time zone"),
        ("last", "voice", None),
    ],
)
def test_what_cannot_be_read_is_told_by_its_line(field: str, line: str, told: str | None) -> None:
    if told is None:
        assert read_plan({**WRITTEN, field: line}, siren=True).last_resort[0].to == ""
        return
    with pytest.raises(Unreadable) as caught:
        read_plan({**WRITTEN, field: line}, siren=True)
    assert [problem[: len(told)] for problem in caught.value.problems] == [told]
