"""The case as a nurse and the assessor get it: what was said, what it means, which rules fired and why."""

from policies.facts import Evidence, Record, Status
from policies.levels import Level


class Statement(Record):
    """One fact in words. `id` ("F3") is what a draft cites; `person` is what the writer calls somebody else."""

    id: str
    finding: str
    label: str
    status: Status
    value: str = ""
    about_other: bool = False
    in_past: bool = False
    person: str = ""
    evidence: Evidence


class Fired(Record):
    """A rule that decided, with the words that made it true; `person` is whose it is, if not the patient's."""

    rule: str
    level: Level
    because: str
    source: str
    evidence: tuple[Evidence, ...] = ()
    person: str = ""


class Case(Record):
    """Everything the assessor may see. `partial` says why the patient stopped half-way, empty if they did not."""

    id: str
    language: str
    age_years: float | None
    sex: str
    proxy: bool
    complaint: str
    protocols: tuple[str, ...]
    statements: tuple[Statement, ...]
    fired: tuple[Fired, ...]
    level: Level
    patient_words: tuple[Evidence, ...]
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
