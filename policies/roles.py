"""The roles of staff. Knows nothing about sign-in, sessions or pages."""

from enum import StrEnum


class Role(StrEnum):
    """`engineer` runs the machine and `auditor` reads the trail: neither sees what patients wrote."""

    NURSE = "nurse"
    DOCTOR = "doctor"
    ADMIN = "admin"
    ENGINEER = "engineer"
    AUDITOR = "auditor"


CLINICAL = frozenset({Role.NURSE, Role.DOCTOR})
"""Who looks after patients. A page counts as having reached a person only when it has reached one of them."""

READERS = CLINICAL | {Role.ADMIN}
"""Who reads what patients wrote, and acts on it. In a small clinic the administrator is a nurse as well."""
EVERYBODY = frozenset(Role)
