"""The rights that the console's addresses need, and the roles that have them. Knows nothing about sessions.

`channels.console.routes` gives every address one of them; a test checks the matrix of roles and addresses from there.
"""

from typing import NamedTuple

from dialogue.staff_ports import StaffMember
from policies.roles import EVERYBODY, READERS, Role


class Right(NamedTuple):
    """The roles that have the right, whether emergency access gives it, too, and whether people have it before they
    have set up a required second factor."""

    roles: frozenset[Role]
    in_emergency: bool = False
    before_enrolment: bool = False

    def held_by(self, member: StaffMember, now: float) -> bool:
        return member.role in self.roles or (self.in_emergency and now < member.emergency_until)


READ_CASES = Right(READERS, in_emergency=True)
"""Reading what patients wrote."""
ACT_ON_CASES = Right(READERS)
SEE_FIGURES = Right(EVERYBODY)
"""Pages without any patient's words: figures, protocols."""
LISTEN = Right(EVERYBODY, before_enrolment=True)
"""The event stream: that a case has changed, by its id; that a page rings, by its code."""
OWN_ACCOUNT = Right(EVERYBODY, before_enrolment=True)
READ_TRAIL = Right(frozenset({Role.ADMIN, Role.AUDITOR}))
SEE_ON_CALL = Right(READERS)
"""Who is on call, and how to reach them."""
PUT_GUIDELINES_IN = Right(READERS)
"""Adding guidelines, which then wait for approval."""
DECIDE_GUIDELINES = Right(frozenset({Role.DOCTOR, Role.ADMIN}))
"""Deciding which documents drafts may cite."""
EDIT_REPLIES = Right(frozenset({Role.DOCTOR, Role.ADMIN}))
"""Editing the ready-made replies that staff are offered."""
MANAGE_STAFF = Right(frozenset({Role.ADMIN}))
BREAK_GLASS = Right(EVERYBODY - READERS)
"""Opening emergency access: for people who normally do not read patients' words."""


def home_of(member: StaffMember, now: float) -> str:
    """The page where this person's work begins."""
    if READ_CASES.held_by(member, now):
        return "/console"
    return "/console/audit" if READ_TRAIL.held_by(member, now) else "/console/measures"
