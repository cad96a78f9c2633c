"""The case as a nurse and the assessor get it: what was said, what it means, which rules fired and why."""

from policies.facts import Evidence, Record, Status
from policies.findings import Kind
from policies.levels import Level


class Statement(Record):
    """One fact in words. `id` ("F3") is what a draft cites; `person` is what the writer calls somebody else.

    `pertinence` says how closely the finding belongs to the complaint: the higher, the sooner a short note tells that
    it is denied. `is_open` is what answers a question for anything else: who has no more to say denies nothing.
    """

    id: str
    finding: str
    label: str
    kind: Kind = Kind.YES_NO
    status: Status
    value: str = ""
    about_other: bool = False
    in_past: bool = False
    person: str = ""
    pertinence: int = 0
    is_open: bool = False
    evidence: Evidence


class Fired(Record):
    """A rule that decided, with the words that made it true; `person` is whose it is, if not the patient's."""

    rule: str
    level: Level
    because: str
    source: str
    evidence: tuple[Evidence, ...] = ()
    person: str = ""


class Near(Record):
    """A rule above the case's level that one thing more would make true; `missing` is the label of that thing."""

    rule: str
    level: Level
    because: str
    missing: str


class Case(Record):
    """Everything the assessor may see. `partial` says why the patient stopped half-way, empty if they did not.

    `called` is what the patient is called to somebody who writes for them ("your son"), in the writer's language.
    `near` are the rules nearest to firing, worst first.
    """

    id: str
    language: str
    age_years: float | None
    sex: str
    proxy: bool
    called: str = ""
    complaint: str
    protocols: tuple[str, ...]
    statements: tuple[Statement, ...]
    fired: tuple[Fired, ...]
    level: Level
    patient_words: tuple[Evidence, ...]
    near: tuple[Near, ...] = ()
    partial: str = ""

    @property
    def others_in_danger(self) -> frozenset[str]:
        """Those besides the patient whose emergency a rule found."""
        return frozenset(fired.person for fired in self.fired if fired.person)

    @property
    def danger_is_anothers(self) -> bool:
        """Whether the emergency is somebody else's alone."""
        worst = {fired.person for fired in self.fired if fired.level is self.level}
        return bool(worst) and "" not in worst
