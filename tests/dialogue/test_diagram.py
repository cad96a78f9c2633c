"""The drawing and the printed table say what the machine does, no more and no less."""

import re

from dialogue.conversation import State
from dialogue.diagram import ANY, INTERVIEW, mermaid, table_rows
from dialogue.machine import ASKING, TABLE, Signal

ARROW = re.compile(r"^ +(\w+) --> (\w+): (.+)$", re.MULTILINE)
DRAWN = {
    (source, label.removesuffix(" (named staff)").replace(" ", "_"), target)
    for source, target, labels in ARROW.findall(mermaid())
    for label in labels.split(", ")
}


def drawn(state: State, signal: Signal) -> set[str]:
    """Where the drawing says that the signal leads from the state; the most particular arrow counts."""
    sources = [state.value, INTERVIEW if state in ASKING else "", ANY]
    found = ({target for s, label, target in DRAWN if s == source and label == signal} for source in sources)
    return next((targets for targets in found if targets), set())


def test_every_step_is_drawn_as_it_is() -> None:
    for (state, signal), step in TABLE.items():
        if step.allowed and step.next is not state:
            assert drawn(state, signal) == {step.next.value if step.next else INTERVIEW}, (state, signal)
        elif step.allowed:
            assert drawn(state, signal) <= {state.value}, (state, signal)


def test_what_only_staff_do_is_marked_so() -> None:
    lines = [line for line in mermaid().splitlines() if "lowered" in line]
    assert lines == ["    urgent --> nurse_review: lowered (named staff)"]


def test_every_state_is_drawn() -> None:
    assert all(re.search(rf"\b{state.value}\b", mermaid()) for state in State)


def test_the_table_has_one_row_for_every_pair_in_their_order() -> None:
    rows = list(table_rows())
    assert [(state, signal) for state, signal, *_ in rows] == [(s.value, g.value) for s in State for g in Signal]


def test_the_table_says_what_is_said_and_owed() -> None:
    rows = {(state, signal): rest for state, signal, *rest in table_rows()}
    assert rows["history", "red_flag"] == ["urgent", "emergency", "page, assess"]
    assert rows["welcome", "joined"] == ["refused", "", ""]
    assert rows["abandoned", "noted"] == ["(where the patient was)", "welcome_back", "watch"]
