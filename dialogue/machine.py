"""The conversation's state machine: one table of (situation, signal) → what follows. Knows nothing about words.

Every pair of state and signal is defined. The table is what `previsit protocols graph` draws and what the tests
explore exhaustively; `advance` only finds out which signal an event is.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from dialogue.conversation import Paging, Review, State

S = State


class Signal(StrEnum):
    """What an event means to the machine."""

    # from the patient
    OPENED = "opened"
    RED_FLAG = "red_flag"
    AGREED = "agreed"
    REFUSED = "refused"
    ANSWERED = "answered"
    FINISHED = "finished"
    UNCLEAR = "unclear"
    LOST = "lost"
    REPAIRED = "repaired"
    PERSON = "person"
    RESTARTED = "restarted"
    STOPPED = "stopped"
    LEFT = "left"
    WITHDRAWN = "withdrawn"
    WITHDRAWN_LATER = "withdrawn_later"
    NOTED = "noted"
    # from time and workers
    SILENT = "silent"
    IDLE = "idle"
    UNREACHABLE = "unreachable"
    RECOVERED = "recovered"
    ASSESSED = "assessed"
    PAGE_SENT = "page_sent"
    PAGE_DELIVERED = "page_delivered"
    PAGE_MISSED = "page_missed"
    PAGE_UNANSWERED = "page_unanswered"
    PAGE_IDLE = "page_idle"
    BOOKING_MADE = "booking_made"
    HANDED_OFF = "handed_off"
    NOT_HANDED_OFF = "not_handed_off"
    # from named staff
    ACKNOWLEDGED = "acknowledged"
    TOOK = "took"
    LET_GO = "let_go"
    IMPRESSION = "impression"
    ASKED = "asked"
    JOINED = "joined"
    WROTE = "wrote"
    DEPARTED = "departed"
    RELEASED = "released"
    REJECTED = "rejected"
    PROPOSED = "proposed"
    HANDED_OVER = "handed_over"
    BOOKED = "booked"
    RELEVELLED = "relevelled"
    RAISED = "raised"
    LOWERED = "lowered"
    CLOSED = "closed"


G = Signal
PATIENT_SIGNALS = frozenset(list(Signal)[: list(Signal).index(Signal.SILENT)])
STAFF_SIGNALS = frozenset(list(Signal)[list(Signal).index(Signal.ACKNOWLEDGED) :])

ASKING = (S.CONSENT, S.ABOUT_YOU, S.COMPLAINT, S.SAFETY_CHECK, S.HISTORY, S.BACKGROUND, S.RECAP)
CONSENTED = ASKING[1:]
WAITING = (S.ASSESSING, S.NURSE_REVIEW, S.WITH_NURSE, S.URGENT)
SETTLED = (S.DECLINED, S.ABANDONED, S.CLOSED)


class Todo(StrEnum):
    """The kinds of duty that a step may owe; `dialogue.turn_duties` makes duties of them."""

    PAGE = "page"
    ASSESS = "assess"
    WATCH = "watch"
    DESTROY = "destroy"
    BOOK = "book"
    HAND_OFF = "hand_off"


class Situation(NamedTuple):
    """Everything that decides a step."""

    state: State = State.WELCOME
    resume: State | None = None
    paging: Paging = Paging.NONE
    review: Review = Review.NONE


class Step(NamedTuple):
    """What follows from a signal. If `next` is None, it is the state the patient was in before leaving; None in any
    other field means no change."""

    next: State | None
    say: tuple[str, ...] = ()
    todo: tuple[Todo, ...] = ()
    paging: Paging | None = None
    review: Review | None = None
    allowed: bool = True


Table = Mapping[tuple[State, Signal], Step]


class Undefined(Exception):
    """The table lacks a pair of state and signal."""


def _stay(states: Iterable[State], signals: Iterable[Signal], *say: str) -> dict[tuple[State, Signal], Step]:
    return {(state, signal): Step(state, say) for state in states for signal in signals}


def _go(states: Iterable[State], signal: Signal, step: Step) -> dict[tuple[State, Signal], Step]:
    return {(state, signal): step for state in states}


def _refuse(states: Iterable[State], *signals: Signal) -> dict[tuple[State, Signal], Step]:
    return {(state, signal): Step(state, allowed=False) for state in states for signal in signals}


def _forward() -> dict[tuple[State, Signal], Step]:
    """The ordinary way from the welcome to the nurse."""
    order = (S.ABOUT_YOU, S.COMPLAINT, S.SAFETY_CHECK, S.HISTORY, S.BACKGROUND, S.RECAP)
    return {
        (S.WELCOME, G.OPENED): Step(S.CONSENT, ("welcome",), (Todo.WATCH,)),
        (S.CONSENT, G.AGREED): Step(S.ABOUT_YOU, ("thanks",)),
        (S.DECLINED, G.AGREED): Step(S.ABOUT_YOU, ("thanks",), (Todo.WATCH,)),
        **{(here, G.FINISHED): Step(there) for here, there in pairwise(order)},
        (S.RECAP, G.AGREED): Step(S.ASSESSING, ("assessing",), (Todo.ASSESS,), review=Review.OPEN),
        (S.RECAP, G.REFUSED): Step(S.RECAP),
        (S.ASSESSING, G.ASSESSED): Step(S.NURSE_REVIEW, ("in_review",)),
    }


def _danger() -> dict[tuple[State, Signal], Step]:
    """A red flag, in any state. Only a named person leads out of `urgent`."""
    alarm = Step(S.URGENT, ("emergency",), (Todo.PAGE, Todo.ASSESS), Paging.OPEN, Review.OPEN)
    return {
        **_go(S, G.RED_FLAG, alarm),
        **_go([s for s in S if s not in (S.WELCOME, S.URGENT)], G.RAISED, alarm),
        **_refuse([S.WELCOME, S.URGENT], G.RAISED),
        **_go(S, G.RECOVERED, alarm),
        (S.URGENT, G.LOWERED): Step(S.NURSE_REVIEW, ("no_longer_urgent",), (), Paging.ACKNOWLEDGED),
        **_refuse([s for s in S if s is not S.URGENT], G.LOWERED),
        (S.URGENT, G.PAGE_UNANSWERED): Step(S.URGENT, ("nobody_yet",), (Todo.PAGE,)),
        **_stay([s for s in S if s is not S.URGENT], [G.PAGE_UNANSWERED]),
        **_stay(S, [G.PAGE_SENT, G.PAGE_DELIVERED, G.PAGE_MISSED]),
        (S.URGENT, G.PAGE_IDLE): Step(S.URGENT, (), (Todo.PAGE,), Paging.OPEN, Review.OPEN),
        **_refuse([s for s in S if s is not S.URGENT], G.PAGE_IDLE),
        **_go([S.URGENT, S.WITH_NURSE], G.UNREACHABLE, Step(S.URGENT, (), (Todo.PAGE,), Paging.OPEN, Review.OPEN)),
        **_stay([s for s in S if s not in (S.URGENT, S.WITH_NURSE)], [G.UNREACHABLE]),
    }


def _leaving() -> dict[tuple[State, Signal], Step]:
    """Stopping, silence, coming back, starting over, and asking for deletion."""
    partial = (Todo.ASSESS,)
    gone = [S.WELCOME, *WAITING, *SETTLED]
    deletable = [S.WELCOME, *ASKING, S.WITH_NURSE, S.DECLINED, S.ABANDONED]
    return {
        (S.CONSENT, G.REFUSED): Step(S.DECLINED, ("declined",), (Todo.DESTROY,)),
        (S.CONSENT, G.LOST): Step(S.DECLINED, ("declined",), (Todo.DESTROY,)),
        **_go(ASKING, G.STOPPED, Step(S.ABANDONED, ("stopped",), partial, review=Review.OPEN)),
        **_go(ASKING, G.LEFT, Step(S.ABANDONED, ("left",), (Todo.DESTROY,))),
        **_go(ASKING, G.SILENT, Step(S.ABANDONED, ("fell_silent",), partial, review=Review.OPEN)),
        **_go(ASKING, G.IDLE, Step(S.ABANDONED, ("fell_silent",), (Todo.DESTROY,))),
        **_stay(gone, [G.SILENT, G.IDLE]),
        **_stay([S.WELCOME, S.ASSESSING, S.NURSE_REVIEW], [G.STOPPED, G.LEFT], "noted"),
        **_stay([S.URGENT], [G.STOPPED, G.LEFT], "still_urgent"),
        **_stay([S.WITH_NURSE], [G.STOPPED, G.LEFT]),
        **_stay(SETTLED, [G.STOPPED, G.LEFT], "nothing_open"),
        **_go(deletable, G.WITHDRAWN, Step(S.ABANDONED, ("deleted",), (Todo.DESTROY,))),
        (S.CLOSED, G.WITHDRAWN): Step(S.CLOSED, ("deleted",), (Todo.DESTROY,)),
        **_stay([S.ASSESSING, S.NURSE_REVIEW, S.URGENT], [G.WITHDRAWN], "deleted_later"),
        **_stay(S, [G.WITHDRAWN_LATER], "deleted_later"),
        **_go(ASKING, G.PERSON, Step(S.NURSE_REVIEW, ("person_coming",), partial, review=Review.OPEN)),
        **_go(CONSENTED, G.LOST, Step(S.NURSE_REVIEW, ("not_understood",), partial, review=Review.OPEN)),
        **_go(CONSENTED, G.RESTARTED, Step(S.ABOUT_YOU, ("restarted",))),
        **_stay([S.CONSENT], [G.RESTARTED]),
        (S.ABANDONED, G.NOTED): Step(None, ("welcome_back",), (Todo.WATCH,), review=Review.NONE),
    }


def _repair() -> dict[tuple[State, Signal], Step]:
    """Turns that leave the state as it is."""
    patient = [G.ANSWERED, G.UNCLEAR, G.REPAIRED, G.NOTED, G.AGREED, G.REFUSED, G.FINISHED]
    rest = [*patient, G.LOST, G.PERSON, G.RESTARTED]
    return {
        **_stay(ASKING, patient),
        **_stay([S.WELCOME], rest),
        **_stay([S.ASSESSING, S.NURSE_REVIEW], rest, "noted"),
        **_stay([S.WITH_NURSE], rest),
        **_stay([S.URGENT], rest, "still_urgent"),
        **_stay([S.CLOSED], rest, "nothing_open"),
        **_stay([S.DECLINED], rest, "declined"),
        **_stay([S.ABANDONED], rest, "nothing_open"),
        **_stay([s for s in S if s is not S.WELCOME], [G.OPENED]),
        **_stay([s for s in S if s is not S.ASSESSING], [G.ASSESSED]),
    }


def _staff() -> dict[tuple[State, Signal], Step]:
    """What named members of staff do. Anything they do to a paged case acknowledges its page."""
    seen, done = Paging.ACKNOWLEDGED, Review.DONE
    open_to_staff = [s for s in S if s not in (S.WELCOME, S.CLOSED)]
    shut = [S.WELCOME, S.CLOSED]
    drafted = [S.NURSE_REVIEW, S.URGENT, S.WITH_NURSE, S.ABANDONED]
    reviewing = [S.ASSESSING, *drafted]
    return {
        (S.URGENT, G.ACKNOWLEDGED): Step(S.URGENT, ("nurse_has_seen",), (), seen),
        **_refuse([s for s in S if s is not S.URGENT], G.ACKNOWLEDGED),
        **_go(open_to_staff, G.JOINED, Step(S.WITH_NURSE, ("nurse_joined",), (), seen, Review.OPEN)),
        (S.WITH_NURSE, G.WROTE): Step(S.WITH_NURSE, ("nurse_wrote",), (), seen),
        **_refuse([s for s in S if s is not S.WITH_NURSE], G.WROTE),
        **_go(reviewing, G.RELEASED, Step(S.WITH_NURSE, ("nurse_wrote",), (Todo.DESTROY,), seen, done)),
        **_refuse([s for s in S if s not in reviewing], G.RELEASED),
        **{(s, G.REJECTED): Step(s, paging=seen) for s in drafted},
        **_refuse([s for s in S if s not in drafted], G.REJECTED),
        **{(s, G.RELEVELLED): Step(s, paging=seen) for s in open_to_staff},
        **_go(open_to_staff, G.CLOSED, Step(S.CLOSED, ("closed",), (Todo.HAND_OFF, Todo.DESTROY), seen, done)),
        **_refuse(shut, G.JOINED, G.CLOSED, G.RELEVELLED),
    }


def _together() -> dict[tuple[State, Signal], Step]:
    """How staff share the work: who has a case, handing over to a doctor, what the clinic's own systems are told."""
    seen = Paging.ACKNOWLEDGED
    open_to_staff = [s for s in S if s not in (S.WELCOME, S.CLOSED)]
    shut = [S.WELCOME, S.CLOSED]
    asking = [S.ASSESSING, S.NURSE_REVIEW, S.URGENT]
    reviewing = [*asking, S.ABANDONED]
    back = Step(S.NURSE_REVIEW, ("nurse_left",), (), seen, Review.OPEN)
    return {
        **_stay(open_to_staff, [G.TOOK, G.LET_GO, G.IMPRESSION]),
        **{(s, G.PROPOSED): Step(s, paging=seen) for s in open_to_staff},
        **_refuse(shut, G.TOOK, G.LET_GO, G.IMPRESSION, G.PROPOSED),
        **{(s, G.ASKED): Step(s, ("nurse_wrote",), (), seen) for s in asking},
        **_refuse([s for s in S if s not in asking], G.ASKED),
        (S.WITH_NURSE, G.DEPARTED): back,
        **_refuse([s for s in S if s is not S.WITH_NURSE], G.DEPARTED),
        **{(s, G.HANDED_OVER): Step(s, ("handed_over",), (), seen, Review.OPEN) for s in reviewing},
        (S.WITH_NURSE, G.HANDED_OVER): back._replace(say=("handed_over",)),
        **_refuse([s for s in S if s not in (*reviewing, S.WITH_NURSE)], G.HANDED_OVER),
        **{(s, G.BOOKED): Step(s, (), (Todo.BOOK,), seen) for s in (*reviewing, S.WITH_NURSE)},
        **_refuse([s for s in S if s not in (*reviewing, S.WITH_NURSE)], G.BOOKED),
        **_stay(S, [G.BOOKING_MADE, G.HANDED_OFF, G.NOT_HANDED_OFF]),
    }


def build_table(*parts: Table) -> Table:
    """Joins the parts; an earlier part has precedence. Raises Undefined if a pair of state and signal is missing."""
    table: dict[tuple[State, Signal], Step] = {}
    for part in parts:
        for pair, step in part.items():
            table.setdefault(pair, step)
    if missing := [f"{s}×{g}" for s in State for g in Signal if (s, g) not in table]:
        raise Undefined(f"no step for {', '.join(missing)}")
    return table


TABLE: Table = build_table(_danger(), _forward(), _leaving(), _staff(), _together(), _repair())


def step(situation: Situation, signal: Signal) -> tuple[Situation, Step]:
    """What follows from `signal` in `situation`. A refused step changes nothing.

    What staff still have to see is withdrawn later: nothing is deleted while its page or its review is open.
    """
    if signal is Signal.WITHDRAWN and (situation.paging is Paging.OPEN or situation.review is Review.OPEN):
        signal = Signal.WITHDRAWN_LATER
    found = TABLE[situation.state, signal]
    if not found.allowed:
        return situation, found
    state = found.next or situation.resume or State.CONSENT
    paging = _paging(situation.paging, found.paging)
    leaves = state is State.ABANDONED and situation.state in ASKING
    resume = situation.state if leaves else situation.resume if state is State.ABANDONED else None
    return Situation(state, resume, paging, found.review or situation.review), found


def _paging(before: Paging, wanted: Paging | None) -> Paging:
    """The paging after a step, which can only acknowledge if there is a page."""
    if wanted is None or (wanted is Paging.ACKNOWLEDGED and before is Paging.NONE):
        return before
    return wanted
