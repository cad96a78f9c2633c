"""Whom a guideline is for, by age and pregnancy, and what of that is known of a patient. Knows no guideline.

What is not known rules nothing out: better one passage too many than the right one hidden.
"""

from enum import StrEnum
from typing import NamedTuple

from policies.case import Case, Statement
from policies.facts import Status

PREGNANT = "pregnant"
"""The id of the finding."""


class AgeBand(StrEnum):
    """Under 1, 1 to 11, 12 to 17, 18 to 64, and from 65 years."""

    INFANT = "infant"
    CHILD = "child"
    TEEN = "teen"
    ADULT = "adult"
    OLDER = "older"


class Pregnancy(StrEnum):
    """Whom a guideline is right for: everybody, only in pregnancy, only outside it."""

    ANY = "any"
    PREGNANT = "pregnant"
    NOT_PREGNANT = "not_pregnant"


_FROM_YEARS = ((65, AgeBand.OLDER), (18, AgeBand.ADULT), (12, AgeBand.TEEN), (1, AgeBand.CHILD))


class Demographics(NamedTuple):
    """None where it is not known."""

    age_years: float | None = None
    pregnant: bool | None = None

    @property
    def band(self) -> AgeBand | None:
        if self.age_years is None:
            return None
        return next((band for years, band in _FROM_YEARS if self.age_years >= years), AgeBand.INFANT)

    @property
    def fitting(self) -> tuple[Pregnancy, ...]:
        """The kinds of guideline that may serve this patient."""
        if self.pregnant is None:
            return tuple(Pregnancy)
        return (Pregnancy.ANY, Pregnancy.PREGNANT if self.pregnant else Pregnancy.NOT_PREGNANT)


ANYBODY = Demographics()


def demographics_of(case: Case) -> Demographics:
    """The case's patient. Pregnant only as stated, never guessed from age or sex; a man is not."""
    stated = {statement.status for statement in case.statements if _says_whether_pregnant(statement)}
    if Status.PRESENT in stated:
        return Demographics(case.age_years, True)
    return Demographics(case.age_years, False if Status.ABSENT in stated or case.sex == "male" else None)


def _says_whether_pregnant(statement: Statement) -> bool:
    return statement.finding == PREGNANT and not (statement.about_other or statement.in_past)
