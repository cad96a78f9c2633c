"""A passage of a guideline as it is cited to a nurse. Knows nothing about how it was found."""

from pydantic import BaseModel, ConfigDict


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
