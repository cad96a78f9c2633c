"""The breaker behaves as a plain model of it, over any sequence of calls and waits."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from llm.breaker import Breaker, BreakerState

FAILURES, COOL_DOWN = 3, 30.0


class BreakerMachine(RuleBasedStateMachine):
    """`in_a_row`, `opened_at` and `flying` are what a reader of the class's docstring would write down."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.breaker = Breaker(lambda: self.now, FAILURES, COOL_DOWN)
        self.in_a_row = 0
        self.opened_at: float | None = None
        self.flying = 0
        self.trial = False

    @rule(seconds=st.floats(0, 2 * COOL_DOWN))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def ask(self) -> None:
        state = self.breaker.state
        admitted = self.breaker.admit()
        if state is BreakerState.CLOSED:
            assert admitted
        elif state is BreakerState.OPEN:
            assert not admitted
        else:
            assert admitted is not self.trial
            self.trial = True
        self.flying += admitted

    @precondition(lambda self: self.flying)
    @rule(ok=st.booleans())
    def answer(self, ok: bool) -> None:
        self.breaker.record(ok)
        self.flying -= 1
        trial, self.trial = self.trial, False
        if ok:
            self.in_a_row, self.opened_at = 0, None
            return
        self.in_a_row += 1
        if trial or self.in_a_row >= FAILURES:
            self.opened_at = self.now

    @invariant()
    def state_is_as_modelled(self) -> None:
        if self.opened_at is None:
            expected = BreakerState.CLOSED
        else:
            expected = BreakerState.HALF_OPEN if self.now - self.opened_at >= COOL_DOWN else BreakerState.OPEN
        assert self.breaker.state is expected


BreakerMachine.TestCase.settings = settings(max_examples=200, stateful_step_count=40)
TestBreakerMachine = BreakerMachine.TestCase


def state(breaker: Breaker) -> BreakerState:
    """Asked anew each time: it changes with the clock."""
    return breaker.state


def test_it_opens_after_failures_and_closes_after_a_success() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0], 3, 30.0)
    for _ in range(3):
        assert breaker.admit()
        breaker.record(False)
    assert state(breaker) is BreakerState.OPEN
    assert not breaker.admit()
    now[0] = 30.0
    assert state(breaker) is BreakerState.HALF_OPEN
    assert breaker.admit()
    assert not breaker.admit()
    breaker.record(False)
    assert state(breaker) is BreakerState.OPEN
    now[0] = 60.0
    assert breaker.admit()
    breaker.record(True)
    assert state(breaker) is BreakerState.CLOSED


def test_a_success_between_failures_starts_the_count_again() -> None:
    breaker = Breaker(lambda: 0.0, 3, 30.0)
    for ok in (False, False, True, False, False):
        assert breaker.admit()
        breaker.record(ok)
    assert state(breaker) is BreakerState.CLOSED
