"""One turn: what it changes, what it owes, and what it refuses."""

import pytest

from dialogue import events as e
from dialogue.advance import advance
from dialogue.conversation import Conversation, Paging, State
from dialogue.duties import Assess, CheckPage, CheckSilence, Destroy, SendPage
from policies.levels import Level
from tests.clock import NOON
from tests.dialogue.test_replay import after, opened
from tests.stage import clinic

DANGER = "I have a crushing pain in my chest"


def turn(before: Conversation, event: e.Event) -> Conversation:
    return advance(before, event, clinic()).conversation


def test_a_turn_adds_one_entry_and_leaves_the_rest_of_the_log() -> None:
    before = after("yes")
    now = turn(before, e.Said(at=NOON, key="k", text="me, 61, male"))
    assert now.log[:-1] == before.log
    assert now.version == before.version + 1
    assert before == after("yes")


def test_opening_watches_over_silence() -> None:
    watch = advance(fresh_one(), e.Started(at=NOON), clinic()).duties
    assert [(type(duty), duty.due) for duty in watch] == [(CheckSilence, NOON + clinic().silence_seconds)]


def fresh_one() -> Conversation:
    return Conversation(id="talk", code="CODE2", language="en", ruleset="r", created_at=NOON)


def test_a_red_flag_owes_its_page_the_check_on_it_and_a_summary() -> None:
    found = advance(opened(), e.Said(at=NOON, key="k", text=DANGER), clinic())
    assert [type(duty) for duty in found.duties] == [SendPage, CheckPage, Assess]
    assert [duty.due for duty in found.duties] == [NOON, NOON + 60, NOON]
    assert found.conversation.page is not None
    assert found.conversation.page.rules


def test_duties_have_ids_of_their_own_and_no_patients_words() -> None:
    found = advance(opened(), e.Said(at=NOON, key="k", text=DANGER), clinic())
    assert len({duty.id for duty in found.duties}) == len(found.duties)
    assert "crushing" not in repr(found.duties)


def test_each_round_of_a_page_is_a_new_duty_until_somebody_has_seen_it() -> None:
    now = after(DANGER)
    second = advance(now, e.PageUnanswered(at=NOON + 60, attempt=0), clinic())
    assert [(type(duty), duty.attempt) for duty in second.duties if isinstance(duty, SendPage | CheckPage)] == [
        (SendPage, 1),
        (CheckPage, 1),
    ]
    late = advance(second.conversation, e.PageUnanswered(at=NOON + 61, attempt=0), clinic())
    assert late.refused
    seen = turn(second.conversation, e.Acknowledged(at=NOON + 70, by="Kim Lee"))
    assert advance(seen, e.PageUnanswered(at=NOON + 120, attempt=1), clinic()).refused
    assert advance(seen, e.Acknowledged(at=NOON + 80, by="Ana Ruiz"), clinic()).refused


def test_the_page_keeps_its_four_times_and_who_answered() -> None:
    now = after(DANGER)
    now = turn(now, e.PageSent(at=NOON + 1, sender="console", attempt=0))
    now = turn(now, e.PageUnanswered(at=NOON + 60, attempt=0))
    now = turn(now, e.Acknowledged(at=NOON + 90, by="Kim Lee"))
    page = now.page
    assert page is not None
    times = (page.raised_at, page.sent_at, page.warned_at, page.acknowledged_at)
    assert times == (NOON, NOON + 1, NOON + 60, NOON + 90)
    assert page.acknowledged_by == "Kim Lee"


def test_a_refused_event_changes_nothing() -> None:
    before = after("yes")
    found = advance(before, e.Wrote(at=NOON, by="Kim Lee", text="Hello"), clinic())
    assert found.refused
    assert found.conversation is before
    assert found.duties == ()


@pytest.mark.parametrize("level", [Level.LOW, Level.MEDIUM, Level.HIGH])
def test_only_two_nurses_lower_an_emergency_and_new_danger_raises_it_again(level: Level) -> None:
    now = after(DANGER)
    for text in ("it is nothing", "it's gone", "I can't afford an ambulance", "start over", "sorry, no chest pain"):
        now = turn(now, e.Said(at=NOON, key=text, text=text))
        assert (now.state, now.level, now.paging) == (State.URGENT, Level.EMERGENCY, Paging.OPEN)
    now = turn(now, e.Proposed(at=NOON, by="Kim Lee", level=level, reason="spoke on the phone"))
    assert (now.state, now.level) == (State.URGENT, Level.EMERGENCY)
    now = turn(now, e.Seconded(at=NOON, by="Ana Ruiz"))
    assert (now.state, now.level) == (State.NURSE_REVIEW, level)
    now = turn(now, e.Said(at=NOON, key="more", text="the left side of my face is drooping"))
    assert (now.state, now.level, now.paging) == (State.URGENT, Level.EMERGENCY, Paging.OPEN)


def test_while_a_nurse_has_the_case_no_message_lowers_its_level() -> None:
    now = after("yes", "my daughter is 4 and has a fever of 40.5 and won't drink", "can I talk to a nurse")
    before = now.level
    now = turn(now, e.Said(at=NOON, key="k", text="sorry, I'm 34, no fever"))
    assert (now.level or 0) >= (before or 0) > Level.LOW


def test_refusing_consent_owes_the_destruction() -> None:
    found = advance(opened(), e.Said(at=NOON, key="k", text="no"), clinic())
    assert [type(duty) for duty in found.duties] == [Destroy]


def test_the_answer_that_was_ticked_is_kept_by_its_name() -> None:
    now = turn(after("yes", "me, 61, male", "sore throat"), e.Said(at=NOON, key="k", choices=("none",)))
    assert now.log[-1].chose == "None of these"
