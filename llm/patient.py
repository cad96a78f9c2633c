"""Says who the patient is in a few words. Knows nothing about prompts or drafts."""

from collections.abc import Sequence

from policies.case import Case, Statement
from policies.ruleset import WHO_THEY_ARE

_DAYS_A_YEAR = 365.25


def age_in_words(years: float) -> str:
    """ "9-day-old", "7-week-old", "8-month-old", "34-year-old": the smaller the child, the finer the unit."""
    days = max(0.0, years * _DAYS_A_YEAR) + 0.01
    for unit, size, below in (("day", 1.0, 28), ("week", 7.0, 13), ("month", _DAYS_A_YEAR / 12, 24)):
        if days / size < below:
            return f"{int(days / size)}-{unit}-old"
    return f"{int(days / _DAYS_A_YEAR)}-year-old"


def patient_in_words(case: Case) -> str:
    """ "34-year-old female", or as much of that as is known."""
    sex = case.sex if case.sex in {"female", "male"} else "patient"
    return f"{sex}, age not known" if case.age_years is None else f"{age_in_words(case.age_years)} {sex}"


def clinical(statements: Sequence[Statement]) -> list[Statement]:
    """The statements without those that only say who the patient is."""
    return [statement for statement in statements if statement.finding not in WHO_THEY_ARE]
