"""The state machine drawn as Mermaid, from its own table. Knows nothing about conversations."""

from collections.abc import Iterator

from dialogue.conversation import State
from dialogue.machine import ASKING, STAFF_SIGNALS, TABLE, Signal

EVERY = "any state"


def mermaid() -> str:
    """A state diagram. What happens in every state is drawn once; what changes no state is not drawn."""
    return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in _lines())])


def _lines() -> Iterator[str]:
    yield "[*] --> welcome"
    yield f'state "{EVERY}" as any'
    common = {signal: _common_target(signal) for signal in Signal}
    for signal, target in common.items():
        if target:
            yield f"any --> {target.value}: {_label(signal)}"
    for source in State:
        yield from _from(source, common)
    yield "closed --> [*]"
    yield "declined --> [*]"


def _from(source: State, common: dict[Signal, State | None]) -> Iterator[str]:
    targets: dict[str, list[str]] = {}
    for signal in Signal:
        found = TABLE[source, signal]
        target = "resumed" if found.next is None else found.next.value
        if found.allowed and found.next is not source and not common[signal]:
            targets.setdefault(target, []).append(_label(signal))
    for target, labels in targets.items():
        yield f"{source.value} --> {target}: {', '.join(labels)}"


def _common_target(signal: Signal) -> State | None:
    """Where a signal leads from every state that allows it, when that is always the same."""
    steps = {state: TABLE[state, signal] for state in State}
    leading = {state: found for state, found in steps.items() if found.allowed and found.next is not state}
    targets = {found.next for found in leading.values()}
    many = len(leading) >= len(ASKING)
    return targets.pop() if many and len(targets) == 1 else None


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
