"""Who may go where in the console: one right for each kind of page. Knows nothing about sessions or addresses.

`channels.console.routes` gives every address one of these; the test of the role matrix reads them from there.
"""

from typing import NamedTuple

from dialogue.staff_ports import StaffMember
from policies.roles import EVERYBODY, READERS, Role


class Right(NamedTuple):
    """The roles that have it; whether emergency access gives it too; whether it needs the second factor set up."""

    roles: frozenset[Role]
    in_emergency: bool = False
    before_enrolment: bool = False

    def held_by(self, member: StaffMember, now: float) -> bool:
        return member.role in self.roles or (self.in_emergency and now < member.emergency_until)


READ_CASES = Right(READERS, in_emergency=True)
"""What patients wrote."""
ACT_ON_CASES = Right(READERS)
SEE_FIGURES = Right(EVERYBODY)
"""Pages without a word of a patient's: figures, protocols."""
LISTEN = Right(EVERYBODY, before_enrolment=True)
"""Word that a case changed, by its id; that a page rings, by its code."""
OWN_ACCOUNT = Right(EVERYBODY, before_enrolment=True)
READ_TRAIL = Right(frozenset({Role.ADMIN, Role.AUDITOR}))
SEE_ON_CALL = Right(READERS)
"""Who is on call, and how to reach them."""
PUT_GUIDELINES_IN = Right(READERS)
"""To wait for approval."""
DECIDE_GUIDELINES = Right(frozenset({Role.DOCTOR, Role.ADMIN}))
"""Which documents drafts may cite."""
EDIT_REPLIES = Right(frozenset({Role.DOCTOR, Role.ADMIN}))
"""What staff are offered to say to patients."""
MANAGE_STAFF = Right(frozenset({Role.ADMIN}))
BREAK_GLASS = Right(EVERYBODY - READERS)
"""Those who do not read patients' words, for the hour in which nobody else is there."""


def home_of(member: StaffMember, now: float) -> str:
    """Where a person's work begins."""
    if READ_CASES.held_by(member, now):
        return "/console"
    return "/console/audit" if READ_TRAIL.held_by(member, now) else "/console/measures"
