"""How a page is raised, and how acts of staff change it: acknowledged, under review, resolved. Knows no sender."""

from collections.abc import Sequence
from hashlib import blake2b

from dialogue import events as e
from dialogue.conversation import Conversation, Page, Paging, Review
from policies.lease import ended

NOTHING_DONE = (e.Acknowledged, e.LetGo)
LATER = (e.Took, e.Impression)
"""Acts that go along with acknowledging. A second one shows that somebody is working on the case."""


def with_page_raised(conversation: Conversation, at: float, rules: Sequence[str]) -> Conversation:
    """The conversation with its page open and unacknowledged, with these rules.

    A page that somebody had acknowledged starts at the first step of the ladder again, by the current rota. Whoever had
    the case has it no more: it is theirs who answers the page, as with an incident of PagerDuty's that starts again.
    """
    page = conversation.page or Page(id=_page_id(conversation), raised_at=at, rules=())
    changes: dict[str, object] = {
        "rules": tuple(dict.fromkeys((*page.rules, *rules))),
        "acknowledged_at": None,
        "acknowledged_by": "",
    }
    if page.opened_at is None or page.acknowledged_at is not None:
        changes |= {"opened_at": at, "first": page.attempts, "rota": 0, "reviewing_at": None, "warned_at": None}
        changes |= {"resolved_at": None, "resolved_by": "", "resolution": ""}
    lease = ended(conversation.lease, at)
    return conversation.model_copy(update={"page": page.model_copy(update=changes), "lease": lease})


def _page_id(conversation: Conversation) -> str:
    """An id that no other page has. Case codes alone are short, and two cases may share one."""
    mark = blake2b(conversation.id.encode(), digest_size=8, person=b"page").hexdigest()
    return f"{conversation.code}-{conversation.version}-{mark}"


def page_after(page: Page, before: Conversation, now: Conversation, event: e.StaffAct) -> Page:
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
