"""What the cases add up to, and that neither page nor file holds a patient's word or anybody's name."""

import csv
import io

import pytest

from channels.console.measures import acknowledging, as_csv, by_protocol, by_rule, per_day, releasing, summary
from channels.console.measures_page import HEIGHT, WIDTH, bars
from dialogue import events as e
from dialogue.conversation import Conversation
from dialogue.figures import Figures, figures_of
from policies.levels import Level
from tests.channels.console import samples
from tests.channels.console.desk import Desk
from tests.channels.console.sample_clinic import RULES
from tests.clock import NOON
from tests.stage import Stage

pytestmark = pytest.mark.anyio

DANGER = "I have a crushing pain in my chest and my left arm feels heavy"
KIM, ANA = "Kim Lee", "Ana Ruiz"


def figures(**more: object) -> Figures:
    plain = {
        "code": "K7P2Q",
        "door": "web",
        "came_at": NOON,
        "came_level": Level.MEDIUM,
        "level": Level.MEDIUM,
        "protocols": ("sore_throat",),
        "rules": ("sore_throat_fever",),
        "partial": "",
        "draft": "model",
        "paged_at": None,
        "page_sent_at": None,
        "acknowledged_at": None,
        "released_at": None,
        "edited": False,
        "rejected": 0,
        "impression": None,
        "overrides": 0,
        "closed_at": None,
        "outcome": "",
        "judged": "",
        "spent": 0,
    }
    return Figures.model_validate(plain | more)


async def lived() -> tuple[Stage, Conversation]:
    """A page that was too high: acknowledged after a minute, lowered by two, answered with an edit, closed."""
    stage = Stage()
    await stage.opens()
    await stage.says(DANGER)
    await stage.works()
    stage.clock.at += 60
    await stage.acts(e.Acknowledged(at=stage.clock.at, by=KIM))
    await stage.acts(e.Proposed(at=stage.clock.at, by=KIM, level=Level.LOW, reason="lifted boxes all day", spent=40))
    await stage.acts(e.Seconded(at=stage.clock.at, by=ANA, spent=15))
    stage.clock.at += 60
    await stage.acts(e.Released(at=stage.clock.at, by=KIM, text="Rest your arm, Mrs Smith", edited=True, spent=30))
    closed = e.Closed(at=stage.clock.at, by=KIM, outcome="advice: arm rested", judged="too_high", spent=5)
    return stage, await stage.acts(closed)


async def test_a_case_is_counted_from_its_first_page_to_its_end() -> None:
    stage, conversation = await lived()
    [counted] = await stage.engine.figures()
    assert counted == figures_of(conversation)
    assert (counted.paged_at, counted.acknowledged_at, counted.released_at) == (NOON, NOON + 60, NOON + 120)
    assert (counted.came_level, counted.level, counted.overrides, counted.edited) == (
        Level.EMERGENCY,
        Level.LOW,
        1,
        True,
    )
    assert (counted.outcome, counted.judged, counted.spent) == ("advice", "too_high", 90)
    assert "heart_attack_signs" in counted.rules


async def test_no_figure_holds_a_word_of_the_patient_s_or_a_name() -> None:
    _, conversation = await lived()
    counted = figures_of(conversation)
    assert counted
    for text in (as_csv([counted]), counted.model_dump_json()):
        for never in ("crushing", "heavy", KIM, ANA, "Smith", "boxes", "rested"):
            assert never not in text


def test_times_and_shares_are_of_those_that_had_them() -> None:
    found = summary(
        [
            figures(paged_at=NOON, acknowledged_at=NOON + 30, released_at=NOON + 600, edited=True, judged="too_high"),
            figures(paged_at=NOON, acknowledged_at=NOON + 90, released_at=NOON + 1200, judged="right", overrides=1),
            figures(partial="stopped", draft="rules", spent=80, closed_at=NOON + 1),
            figures(draft="rules", impression=Level.MEDIUM),
            figures(partial="red_flag", draft="rules"),
        ]
    )
    assert found.to_acknowledge and (found.to_acknowledge.median, found.to_acknowledge.measured) == (60, 2)
    assert found.to_release and found.to_release.p90 == 1200
    assert found.review and found.review.median == 80
    assert (found.edited, found.too_high, found.overridden) == ((1, 2), (1, 2), (1, 5))
    assert (found.partial, found.abstained, found.agreed_blind) == ((1, 5), (1, 3), (1, 1))
    assert summary([]).edited.percent == 0.0 and summary([]).to_release is None


def test_protocols_and_rules_are_named_as_clinicians_name_them() -> None:
    several = [figures(), figures(protocols=("sore_throat", "chest_pain"), judged="too_high"), figures(protocols=())]
    assert [(title, each.cases) for title, each in by_protocol(several, RULES)] == [
        ("Sore throat", 2),
        ("Chest pain", 1),
        ("No protocol", 1),
    ]
    [line, gone] = by_rule([*several, figures(rules=("old_rule",))], RULES)
    assert (line.fired, line.level, line.too_high.part) == (3, Level.MEDIUM, 1)
    assert (gone.rule, gone.level) == ("old_rule", None)


def test_times_are_counted_in_steps_that_leave_nobody_out() -> None:
    waits = (5, 29, 30, 61, 900)
    cases = [figures(paged_at=NOON, acknowledged_at=NOON + wait, released_at=NOON + 60 * wait) for wait in waits]
    assert acknowledging(cases) == [
        ("under 30 s", 2),
        ("under 1 min", 1),
        ("under 2 min", 1),
        ("under 5 min", 0),
        ("longer", 1),
    ]
    assert sum(bucket.cases for bucket in releasing([*cases, figures()])) == len(waits)


def test_days_without_a_case_are_there_and_bars_stay_inside() -> None:
    days = per_day([figures(), figures(came_level=None), figures(came_at=NOON - 86_400)], 3, NOON)
    assert [sum(counted.values()) for _, counted in days] == [0, 1, 2]
    drawn = bars([counted for _, counted in days])
    assert len(drawn) == 3
    assert all(0 <= bar.y <= bar.y + bar.height <= HEIGHT and 0 <= bar.x <= bar.x + bar.width <= WIDTH for bar in drawn)
    assert bars([]) == []


async def test_page_and_file_are_for_everybody_who_is_signed_in(desk: Desk) -> None:
    for case in (samples.reviewing(), samples.urgent()):
        again = case.model_copy(update={"id": f"{case.id}-2"})
        await desk.keep(again)
        await desk.engine.act(again.id, e.HandedOver(at=desk.clock.at, by=KIM))
    async with desk.browser("Al Auditor") as client:
        page = await client.get("/console/measures?days=90")
        file = await client.get("/console/measures.csv?days=nonsense")
    assert page.status_code == 200 and "By protocol" in page.text
    assert file.headers["content-disposition"] == 'attachment; filename="previsit-measures-30-days.csv"'
    assert next(csv.reader(io.StringIO(file.text))) == list(Figures.model_fields)
    assert ("Al Auditor", "measures_exported", "") in desk.audited
    for text in (page.text, file.text):
        assert "crushing" not in text and "a bit of fever" not in text
