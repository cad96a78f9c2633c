"""The console's menu: the parts that a person may open."""

from typing import NamedTuple

from channels.console.access import StaffRequest
from channels.console.rights import (
    ACT_ON_CASES,
    BREAK_GLASS,
    DECIDE_GUIDELINES,
    MANAGE_STAFF,
    OWN_ACCOUNT,
    READ_CASES,
    READ_TRAIL,
    SEE_FIGURES,
    SEE_ON_CALL,
    Right,
)


class Entry(NamedTuple):
    label: str
    path: str
    right: Right
    waiting: int = 0


GUIDELINES = "/console/guidelines"
ENTRIES = (
    Entry("Queue", "/console", READ_CASES),
    Entry("Invite", "/console/invite", ACT_ON_CASES),
    Entry("Protocols", "/console/protocols", SEE_FIGURES),
    Entry("Guidelines", GUIDELINES, SEE_FIGURES),
    Entry("Replies", "/console/replies", ACT_ON_CASES),
    Entry("Measures", "/console/measures", SEE_FIGURES),
    Entry("Audit", "/console/audit", READ_TRAIL),
    Entry("On call", "/console/on-call", SEE_ON_CALL),
    Entry("Staff", "/console/staff", MANAGE_STAFF),
    Entry("Emergency access", "/console/emergency", BREAK_GLASS),
    Entry("Your account", "/console/account", OWN_ACCOUNT),
)


def menu_of(request: StaffRequest, guidelines: int = 0) -> list[Entry]:
    """`guidelines` is how many documents wait for approval; it is shown to people who may approve them."""
    if request.member.must_enrol:
        return []
    waiting = {GUIDELINES: guidelines if request.may(DECIDE_GUIDELINES) else 0}
    return [entry._replace(waiting=waiting.get(entry.path, 0)) for entry in ENTRIES if request.may(entry.right)]
