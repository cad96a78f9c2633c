"""The order of the queue: urgent conversations first, then by level, then by how long they have waited.

A `Place` is what is known of a waiting conversation without decrypting it: no patient's words.
"""

from typing import NamedTuple

from dialogue.conversation import Conversation, Paging, Review, State
from policies.levels import Level

LEVELS = {"0": None, **{str(int(level)): level for level in Level}}
_YEAR_10000 = 253402300800.0


class Place(NamedTuple):
    """`rank` is lower for what comes sooner; `owner` has the case until `owned_until` (seconds since the epoch).

    `text` is its stored form, if it was read from the store.
    """

    id: str
    rank: float
    level: Level | None
    page_open: bool
    for_doctor: bool
    owned_until: float
    owner: str
    text: str = ""

    @property
    def since(self) -> float:
        """Since when it has waited (seconds since the epoch)."""
        return self.rank % _YEAR_10000

    @property
    def is_urgent(self) -> bool:
        """Whether its page is open, it is under way as an emergency, or its level is one."""
        return self.rank < (7 - Level.EMERGENCY) * _YEAR_10000

    @property
    def is_closed(self) -> bool:
        return self.level is not None and self.rank >= 6 * _YEAR_10000

    def owner_at(self, now: float) -> str:
        return self.owner if now < self.owned_until else ""


def place_of(conversation: Conversation) -> Place | None:
    """The conversation's place in the queue; None if it does not wait for staff."""
    where = rank(conversation)
    if where is None:
        return None
    lease = conversation.lease
    return Place(
        id=conversation.id,
        rank=where,
        level=conversation.level,
        page_open=conversation.paging is Paging.OPEN,
        for_doctor=conversation.for_doctor,
        owned_until=lease.until if lease else 0.0,
        owner=lease.owner if lease else "",
    )


def written(place: Place) -> str:
    """The stored form of a place, without id and rank. The owner's name comes last: it may contain the separator."""
    flags = f"{int(place.level or 0)}{int(place.page_open)}{int(place.for_doctor)}"
    return f"{flags} {place.owned_until:.0f} {place.owner}"


def read_place(conversation_id: str, rank: float, text: str) -> Place:
    """The place that was stored as `text`, which is empty if an older version put the conversation into the queue."""
    if not text:
        return Place(conversation_id, rank, None, rank < _YEAR_10000, False, 0.0, "")
    flags, until, owner = text.split(" ", 2)
    return Place(conversation_id, rank, LEVELS[flags[0]], flags[1] == "1", flags[2] == "1", float(until), owner, text)


def rank(conversation: Conversation) -> float | None:
    """Lower ranks come sooner; None if the conversation does not wait. Unacknowledged pages come before everything.

    A closed case waits only if the clinic's own records do not accept it, and then after all others.
    """
    if not is_waiting(conversation):
        return None
    level = 0 if conversation.state is State.CLOSED else int(conversation.level or 0)
    urgency = 6 if conversation.paging is Paging.OPEN else 5 if conversation.state is State.URGENT else level
    return (6 - urgency) * _YEAR_10000 + waiting_since(conversation)


def is_waiting(conversation: Conversation) -> bool:
    return (
        conversation.paging is Paging.OPEN
        or conversation.review is Review.OPEN
        or conversation.state in (State.URGENT, State.WITH_NURSE)
        or bool(conversation.not_handed_off)
    )


def waiting_since(conversation: Conversation) -> float:
    """When the page was raised, else when the case came to staff. Nothing that happens later changes it."""
    if conversation.page:
        return conversation.page.raised_at
    return conversation.arrival.at if conversation.arrival else conversation.updated_at
