"""How staff's acts change a page: acknowledged, under review, resolved. Knows nothing about how it is sent."""

from dialogue import events as e
from dialogue.conversation import Conversation, Page, Paging, Review

NOTHING_DONE = (e.Acknowledged, e.LetGo)
LATER = (e.Took, e.Impression)
"""Acts that go along with acknowledging. A second one shows that somebody is working on the case."""


def attended(page: Page, before: Conversation, now: Conversation, event: e.StaffAct) -> Page:
    """The page after somebody did something about its case."""
    changes: dict[str, object] = {}
    if before.paging is Paging.OPEN and now.paging is Paging.ACKNOWLEDGED:
        changes = {"acknowledged_at": event.at, "acknowledged_by": event.by}
    acknowledged_at = changes.get("acknowledged_at", page.acknowledged_at)
    if page.reviewing_at is None and now.paging is Paging.ACKNOWLEDGED and _acts(event, acknowledged_at):
        changes["reviewing_at"] = event.at
    if page.resolved_at is None and (why := _resolution(now, event)):
        changes |= {"resolved_at": event.at, "resolved_by": event.by, "resolution": why}
    return page.model_copy(update=changes) if changes else page


def _acts(event: e.StaffAct, acknowledged_at: object) -> bool:
    return not isinstance(event, NOTHING_DONE) and (not isinstance(event, LATER) or event.at != acknowledged_at)


def _resolution(now: Conversation, event: e.StaffAct) -> str:
    """Why the page is over, as a code; the free text of a closing stays in the case."""
    if isinstance(event, e.Closed):
        return event.outcome.partition(": ")[0]
    if isinstance(event, e.Seconded):
        return "lowered"
    return "answered" if isinstance(event, e.Released) and now.review is Review.DONE else ""
