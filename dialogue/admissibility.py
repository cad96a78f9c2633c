"""Whether this person may do this now: checks pages, leases, and acts that need two people. Pure.

The state machine says what is possible in a state; this says whether it is too late, or somebody else's turn.
"""

from dialogue import events as e
from dialogue.conversation import Conversation, Paging, Proposal
from policies.lease import holder, may_take, too_late
from policies.levels import Level

PROPOSAL_SECONDS = 30 * 60.0
"""How long a proposal to lower an emergency can be seconded; after that somebody must look at the case again."""

FENCED: tuple[type[e.StaffAct], ...] = (
    *(e.Asked, e.Joined, e.Wrote, e.Departed, e.Released, e.Rejected),
    *(e.Relevelled, e.Proposed, e.HandedOver, e.Booked, e.Closed),
)
"""Acts of the person who has the case only. Anybody may acknowledge, raise an emergency, or second a proposal."""


def inadmissible(before: Conversation, event: e.Event) -> bool:
    """Whether the event must be refused although the state machine allows it."""
    if isinstance(event, e.Said):
        return False  # a patient's message is never too late
    if isinstance(event, e.StaffAct) and is_fenced(event) and too_late(before.lease, event.by, event.token, event.at):
        return True
    match event:
        case e.PageUnanswered():
            return _is_over(before, event)
        case e.PageIdle():
            return not _is_idle(before, event)
        case e.Acknowledged():
            return before.paging is not Paging.OPEN
        case e.Took():
            return not may_take(before.lease, event.by, event.over, event.at)
        case e.LetGo():
            return holder(before.lease, event.at) != event.by
        case e.Relevelled():
            return before.level is Level.EMERGENCY and event.level < Level.EMERGENCY
        case e.Proposed():
            return before.level is not Level.EMERGENCY or event.level is Level.EMERGENCY
        case e.Seconded():
            return not may_second(before, event.by, event.at)
    return False


def standing_proposal(conversation: Conversation, at: float) -> Proposal | None:
    """The proposal to lower this emergency that can still be seconded; None if there is none."""
    proposal = conversation.proposal
    return proposal if proposal and at < proposal.at + PROPOSAL_SECONDS else None


def may_second(conversation: Conversation, by: str, at: float) -> bool:
    """Whether this person may second the proposal: it takes two different people."""
    proposal = standing_proposal(conversation, at)
    return proposal is not None and proposal.by.casefold() != by.casefold()


def is_fenced(event: e.StaffAct) -> bool:
    """Whether only the person who has the case may do this."""
    raises_alarm = isinstance(event, e.Relevelled) and event.level is Level.EMERGENCY
    return isinstance(event, FENCED) and not raises_alarm


def _is_over(before: Conversation, event: e.PageUnanswered) -> bool:
    """Whether the round no longer matters: a later one began, or somebody has acknowledged the page."""
    over = before.page is None or event.attempt != before.page.attempts - 1
    return over or before.paging is not Paging.OPEN


def _is_idle(before: Conversation, event: e.PageIdle) -> bool:
    """Whether the page is still acknowledged as it was, and nothing was done since."""
    page = before.page
    if page is None or before.paging is not Paging.ACKNOWLEDGED or page.reviewing_at is not None:
        return False
    return page.acknowledged_at == event.acknowledged_at
