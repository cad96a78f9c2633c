"""The hazard log: what could harm a patient, what is done against it, and which tests prove that it is done.

Knows nothing about how tests are run. Severity is that of DCB0129, the English NHS's standard for clinical risk.
"""

from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field

from policies.findings import Content

FILE = Path(__file__).with_name("hazards.yaml")

Severity = Literal["catastrophic", "major", "considerable", "significant", "minor"]


class Hazard(Content):
    """One way in which harm could come about. `tests` are pytest node ids; each must exist, and pass."""

    id: str = Field(pattern=r"^[A-Z]+\d+$")
    hazard: str = Field(min_length=1)
    cause: str = Field(min_length=1)
    harm: str = Field(min_length=1)
    severity: Severity
    control: str = Field(min_length=1)
    tests: tuple[str, ...] = Field(min_length=1)


class HazardLog(Content):
    """`reviewer` is the clinical safety officer who signed it; empty means that nobody has yet."""

    reviewer: str
    review_date: str
    hazards: tuple[Hazard, ...]


def load_hazards(path: Path = FILE) -> HazardLog:
    """The log; ValueError when an id is there twice."""
    log = HazardLog.model_validate(yaml.safe_load(path.read_text("utf-8")))
    ids = [hazard.id for hazard in log.hazards]
    if twice := sorted({one for one in ids if ids.count(one) > 1}):
        raise ValueError(f"{path.name}: twice in the log: {', '.join(twice)}")
    return log
