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
    """A rule that decided, with the words that made it true."""

    rule: str
    level: Level
    because: str
    source: str
    evidence: tuple[Evidence, ...] = ()


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
