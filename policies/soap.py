"""The case as a short SOAP note, each item with the words it came from. Knows nothing about screens.

It is made from facts and rules alone, and holds nothing of a model's draft.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from policies.case import Case, Statement
from policies.facts import Evidence, Status
from policies.findings import Kind
from policies.levels import Level
from policies.ruleset import WHO_THEY_ARE

MOST_WORDS = 120
"""As much as a nurse reads at a glance."""

Part = Literal["S", "O", "A", "P"]


class Item(NamedTuple):
    """A few words and the evidence for them, whose `turn` is -1 for what follows from age or sex."""

    text: str
    evidence: tuple[Evidence, ...]


class Line(NamedTuple):
    """One line: `lead` opens it ("Denies"), `left_out` counts the items for which there was no room."""

    part: Part
    lead: str
    items: tuple[Item, ...]
    left_out: int = 0

    @property
    def words(self) -> int:
        return len(self.lead.split()) + sum(len(item.text.split()) for item in self.items)


def together(items: Iterable[Item]) -> list[Item]:
    """Neighbouring items with the same evidence joined into one, so that each answer is linked once."""
    found: list[Item] = []
    for item in items:
        if found and item.evidence and found[-1].evidence == item.evidence:
            found[-1] = Item(f"{found[-1].text}; {item.text}", item.evidence)
        else:
            found.append(item)
    return found


FRAMES = {
    Level.EMERGENCY: "Emergency: to be seen now.",
    Level.HIGH: "To be seen the same day.",
    Level.MEDIUM: "To be seen within a week.",
    Level.LOW: "Routine, or self care.",
}


def soap(case: Case, person: str, open_questions: int = 0) -> tuple[Line, ...]:
    """The lines in the order S, O, A, P, at most MOST_WORDS together. Level and complaint are kept first, then what is
    present and measured, then what is denied, the most pertinent first."""
    wanted = list(_lines(case, person, open_questions))
    order = sorted(range(len(wanted)), key=lambda at: _weight(wanted[at]))
    left, kept = MOST_WORDS, dict[int, Line]()
    for at in order:
        kept[at] = _fitting(wanted[at], left)
        left -= kept[at].words
    return tuple(kept[at] for at in sorted(kept) if kept[at].items or kept[at].part == "A")


def _lines(case: Case, person: str, open_questions: int) -> Iterable[Line]:
    told = [each for each in case.statements if each.finding not in WHO_THEY_ARE and not adds_nothing(each)]
    now = [each for each in told if not (each.about_other or each.in_past)]
    present = [each for each in now if each.status is Status.PRESENT]
    measured = [each for each in present if each.kind is Kind.NUMBER and each.value]
    chief = set(case.complaint.split(", "))
    felt = [each for each in present if each not in measured]
    yield Line("S", person, _items(sorted(felt, key=lambda each: each.label not in chief)))
    yield Line("S", "Denies", _items(denied(now)))
    yield Line("S", "Not known", _items(each for each in now if each.status is Status.UNKNOWN))
    yield Line("S", "Before, or others", _items(each for each in told if each.about_other or each.in_past))
    yield Line("O", "As told", _items(measured))
    yield Line("A", case.level.name.capitalize(), _reasons(case))
    plan = [Item(FRAMES[case.level], ())]
    if open_questions:
        plan.append(Item(f"{open_questions} question{'s' if open_questions > 1 else ''} left open.", ()))
    yield Line("P", "", tuple(plan))


def adds_nothing(statement: Statement) -> bool:
    """Whether it says only that there is no more to say."""
    return statement.is_open and statement.status is not Status.PRESENT


def denied(statements: Iterable[Statement]) -> list[Statement]:
    """What is denied, the most pertinent to the complaint first."""
    found = (each for each in statements if each.status is Status.ABSENT)
    return sorted(found, key=lambda each: -each.pertinence)


def _reasons(case: Case) -> tuple[Item, ...]:
    if not case.fired:
        return (Item("No rule has fired; the usual level for this complaint.", ()),)
    return tuple(Item(fired.because, fired.evidence) for fired in case.fired if fired.level is case.fired[0].level)


def _items(statements: Iterable[Statement]) -> tuple[Item, ...]:
    return tuple(Item(f"{each.label} {each.value}".strip(), (each.evidence,)) for each in statements)


def _weight(line: Line) -> tuple[int, str]:
    """A lower weight is kept first: level and reason, plan, what is present, what was measured, then the rest."""
    order: Mapping[str, int] = {"A": 0, "P": 0, "O": 2}
    later = ("Denies", "Not known", "Before, or others")
    place = order.get(line.part, 3 + later.index(line.lead) if line.lead in later else 1)
    return place, line.part


def _fitting(line: Line, words: int) -> Line:
    """The line with as many items as fit into `words`."""
    left, kept = words - len(line.lead.split()), list[Item]()
    for item in line.items:
        if len(item.text.split()) > left:
            break
        kept.append(item)
        left -= len(item.text.split())
    return line._replace(items=tuple(kept), left_out=len(line.items) - len(kept))
