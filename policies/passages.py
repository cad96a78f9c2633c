"""A passage of a guideline as it is cited to a nurse. Knows nothing about how it was found."""

import datetime

from pydantic import BaseModel, ConfigDict

UNREVIEWED = "not reviewed by a clinician"


class Passage(BaseModel):
    """One chunk under one heading; `id` is what a draft cites, e.g. `sore-throat#when-to-see-someone`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    heading: str
    text: str
    source: str
    review_date: str
    url: str = ""
    score: float = 0.0
    review_due: str = ""
    reviewed_by: str = ""
    page: int | None = None

    @property
    def document(self) -> str:
        return self.id.partition("#")[0]

    def warnings(self, today: datetime.date) -> tuple[str, ...]:
        """What a reader must know before trusting the passage, in sentences; shown wherever it is cited."""
        return warnings(self.review_due, self.reviewed_by, today)


def warnings(review_due: str, reviewed_by: str, today: datetime.date) -> tuple[str, ...]:
    """`review_due` is an ISO date, or empty where none was kept."""
    overdue = bool(review_due) and datetime.date.fromisoformat(review_due) < today
    return (
        *((f"review overdue since {review_due}",) if overdue else ()),
        *(() if reviewed_by else (UNREVIEWED,)),
    )
