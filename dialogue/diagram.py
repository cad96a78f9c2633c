"""Draws the state machine from its table, as Mermaid and as a text table. Knows nothing about conversations."""

from collections.abc import Iterator

from dialogue.conversation import State
from dialogue.machine import ASKING, SETTLED, STAFF_SIGNALS, TABLE, Signal

ANY, INTERVIEW = "any", "interview"

Arrow = tuple[str, str]
"""From where to where; the labels of one arrow are drawn together."""


def mermaid() -> str:
    """A state diagram. Steps that lead to the same state from everywhere, or from the whole interview, are drawn once.

    Steps that change no state, or are refused, are not drawn.
    """
    arrows: dict[Arrow, list[str]] = {}
    for signal in Signal:
        for arrow in _arrows(signal):
            arrows.setdefault(arrow, []).append(_label(signal))
    return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in _lines(arrows))])


def _lines(arrows: dict[Arrow, list[str]]) -> Iterator[str]:
    inside = {str(state) for state in ASKING}
    yield "[*] --> welcome"
    yield f'state "any state" as {ANY}'
    yield f'state "the interview" as {INTERVIEW} {{'
    for (source, target), labels in arrows.items():
        if {source, target} <= inside:
            yield f"    {source} --> {target}: {', '.join(labels)}"
    yield "}"
    for (source, target), labels in arrows.items():
        if not {source, target} <= inside:
            yield f"{source} --> {target}: {', '.join(labels)}"
    for state in SETTLED:
        yield f"{state} --> [*]"


def _arrows(signal: Signal) -> Iterator[Arrow]:
    """Where a signal leads from each state. From `abandoned` it leads back to where the patient was."""
    able = [state for state in State if TABLE[state, signal].allowed]
    leads = {s: str(TABLE[s, signal].next or INTERVIEW) for s in able if TABLE[s, signal].next is not s}
    targets = set(leads.values())
    if len(targets) == 1 and len(leads) > len(ASKING) and [s for s in able if str(s) not in targets] == [*leads]:
        yield ANY, targets.pop()
        return
    common = {leads.get(state, "") for state in ASKING}
    if len(common) == 1 and (target := common.pop()):
        yield INTERVIEW, target
        leads = {state: target for state, target in leads.items() if state not in ASKING}
    yield from ((str(source), target) for source, target in leads.items())


def _label(signal: Signal) -> str:
    by = " (named staff)" if signal in STAFF_SIGNALS else ""
    return signal.value.replace("_", " ") + by


def table_rows() -> Iterator[tuple[str, str, str, str, str]]:
    """The whole table as text: state, signal, next state, what is said, what is owed."""
    for (state, signal), found in sorted(TABLE.items(), key=_place):
        after = "refused" if not found.allowed else found.next.value if found.next else "(where the patient was)"
        yield state.value, signal.value, after, ", ".join(found.say), ", ".join(found.todo)


def _place(item: tuple[tuple[State, Signal], object]) -> tuple[int, int]:
    (state, signal), _ = item
    return list(State).index(state), list(Signal).index(signal)
