"""Every reachable situation of the state machine, under every signal: what must never and what must always happen."""

from collections import deque
from collections.abc import Iterator

import pytest

from dialogue.conversation import Paging, Review, State
from dialogue.machine import (
    ASKING,
    PATIENT_SIGNALS,
    STAFF_SIGNALS,
    TABLE,
    Signal,
    Situation,
    Step,
    Todo,
    Undefined,
    build_table,
    step,
)

Edge = tuple[Situation, Signal, Step, Situation]


def explore() -> Iterator[Edge]:
    """Every edge that can be reached from a fresh conversation."""
    seen, waiting = {Situation()}, deque([Situation()])
    while waiting:
        here = waiting.popleft()
        for signal in Signal:
            there, found = step(here, signal)
            yield here, signal, found, there
            if there not in seen:
                seen.add(there)
                waiting.append(there)


EDGES = list(explore())
REACHED = {here for here, *_ in EDGES}


def test_every_pair_of_state_and_signal_is_defined() -> None:
    assert TABLE.keys() == {(state, signal) for state in State for signal in Signal}


def test_a_missing_pair_is_found_when_the_table_is_built() -> None:
    with pytest.raises(Undefined, match="urgent×acknowledged"):
        build_table({pair: found for pair, found in TABLE.items() if pair != (State.URGENT, Signal.ACKNOWLEDGED)})


def test_every_state_is_reachable() -> None:
    assert {here.state for here in REACHED} == set(State)


def test_a_red_flag_in_any_situation_is_urgent_and_pages_in_the_same_turn() -> None:
    for here in REACHED:
        there, found = step(here, Signal.RED_FLAG)
        assert there.state is State.URGENT
        assert there.paging is Paging.OPEN
        assert Todo.PAGE in found.todo
        assert "emergency" in found.say


def test_urgent_is_left_only_by_named_staff() -> None:
    left = {signal for here, signal, _, there in EDGES if here.state is State.URGENT is not there.state}
    assert left
    assert left <= STAFF_SIGNALS


def test_a_page_is_acknowledged_only_by_named_staff() -> None:
    seen = {s for here, s, _, there in EDGES if here.paging is Paging.OPEN is not there.paging}
    assert seen
    assert seen <= STAFF_SIGNALS


def test_a_page_is_open_only_while_urgent() -> None:
    assert {here.state for here in REACHED if here.paging is Paging.OPEN} == {State.URGENT}


def test_a_review_is_ended_only_by_named_staff() -> None:
    done = {s for here, s, _, there in EDGES if there.review is Review.DONE and here.review is not Review.DONE}
    assert done
    assert done <= STAFF_SIGNALS


def test_only_a_returning_patient_takes_a_case_back_from_review() -> None:
    back = {(here.state, s) for here, s, _, there in EDGES if here.review is Review.OPEN is not there.review}
    ended = {(state, s) for state, s in back if s in STAFF_SIGNALS}
    assert back - ended == {(State.ABANDONED, Signal.NOTED)}


def test_the_model_is_asked_for_the_whole_case_only_on_entering_assessing() -> None:
    entered = {(here.state, s) for here, s, _, there in EDGES if there.state is State.ASSESSING is not here.state}
    assert entered == {(State.RECAP, Signal.AGREED)}


def test_nothing_a_nurse_wrote_is_said_without_a_nurse() -> None:
    assert {s for _, s, found, _ in EDGES if "nurse_wrote" in found.say} == {
        Signal.RELEASED,
        Signal.WROTE,
        Signal.ASKED,
    }


def test_destruction_is_never_owed_while_a_page_or_a_review_is_open() -> None:
    for _, signal, found, there in EDGES:
        if Todo.DESTROY in found.todo:
            assert there.paging is not Paging.OPEN, signal
            assert there.review is not Review.OPEN, signal


def test_a_refused_signal_changes_and_says_nothing() -> None:
    for here, _, found, there in EDGES:
        if not found.allowed:
            assert here == there
            assert not found.say
            assert not found.todo


def test_no_signal_of_a_patient_is_refused() -> None:
    refused = {signal for here, signal, found, _ in EDGES if not found.allowed and here.state is not State.WELCOME}
    assert not refused & PATIENT_SIGNALS


def test_every_situation_can_reach_an_end() -> None:
    before: dict[Situation, set[Situation]] = {}
    for here, _, _, there in EDGES:
        before.setdefault(there, set()).add(here)
    ended = {here for here in REACHED if here.state is State.CLOSED}
    waiting = deque(ended)
    while waiting:
        for earlier in before.get(waiting.popleft(), set()) - ended:
            ended.add(earlier)
            waiting.append(earlier)
    assert ended == REACHED


def test_every_interrupted_stage_can_be_taken_up_again() -> None:
    for stage in ASKING:
        for leaving in (Signal.STOPPED, Signal.SILENT, Signal.IDLE):
            gone, _ = step(Situation(stage), leaving)
            back, _ = step(gone, Signal.NOTED)
            assert gone.state is State.ABANDONED
            assert back.state is stage


def test_every_case_that_stops_half_way_is_summarised_for_a_nurse() -> None:
    for stage in ASKING:
        for leaving in (Signal.STOPPED, Signal.SILENT, Signal.PERSON):
            there, found = step(Situation(stage), leaving)
            assert there.review is Review.OPEN
            assert Todo.ASSESS in found.todo


def test_a_case_that_a_nurse_leaves_or_hands_on_waits_for_the_next_one() -> None:
    left = [(here, there) for here, s, found, there in EDGES if s is Signal.DEPARTED and found.allowed]
    handed = [(here, there) for here, s, found, there in EDGES if s is Signal.HANDED_OVER and found.allowed]
    assert left and handed
    assert {there.state for _, there in left} == {State.NURSE_REVIEW}
    assert all(there.review is Review.OPEN for _, there in (*left, *handed))


def test_taking_a_case_changes_nothing_else() -> None:
    for here, signal, found, there in EDGES:
        if signal in (Signal.TOOK, Signal.LET_GO, Signal.IMPRESSION):
            assert here == there and not found.say and not found.todo


def test_handing_over_and_asking_do_not_lower_the_level() -> None:
    kept = {Signal.TOOK, Signal.ASKED, Signal.PROPOSED, Signal.HANDED_OVER, Signal.BOOKED}
    assert all(there.state is State.URGENT for here, s, _, there in EDGES if here.state is State.URGENT and s in kept)
