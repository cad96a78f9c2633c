"""The order in which waiting conversations ask for staff: urgent first, then level, then who has waited longest.

`Place` is what is known of a waiting conversation without opening it: no word of a patient's.
"""

from typing import NamedTuple

from dialogue.conversation import Conversation, Paging, Review, State
from policies.levels import Level

LEVELS = {"0": None, **{str(int(level)): level for level in Level}}
_YEAR_10000 = 253402300800.0


class Place(NamedTuple):
    """`rank` is lower for what comes sooner; `owner` has the case until `owned_until` (seconds since the epoch).

    `text` is how it was written, where it was read.
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
        """Since when it waits, in seconds since the epoch."""
        return self.rank % _YEAR_10000

    def owner_at(self, now: float) -> str:
        return self.owner if now < self.owned_until else ""


def place_of(conversation: Conversation) -> Place | None:
    """None when nobody waits."""
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
    """As the store keeps it beside id and rank; the owner's name comes last, for it may hold anything."""
    flags = f"{int(place.level or 0)}{int(place.page_open)}{int(place.for_doctor)}"
    return f"{flags} {place.owned_until:.0f} {place.owner}"


def read_place(conversation_id: str, rank: float, text: str) -> Place:
    """`text` is empty for a conversation that an older version put into the queue: it waits all the same."""
    if not text:
        return Place(conversation_id, rank, None, rank < _YEAR_10000, False, 0.0, "")
    flags, until, owner = text.split(" ", 2)
    return Place(conversation_id, rank, LEVELS[flags[0]], flags[1] == "1", flags[2] == "1", float(until), owner, text)


def rank(conversation: Conversation) -> float | None:
    """Lower is sooner; None when nobody waits. Unacknowledged pages come before everything else.

    A closed case waits, after all others, only when the clinic's own records do not take it.
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
    """When the page was raised, else when the case came to staff; what they or the patient do since changes nothing."""
    if conversation.page:
        return conversation.page.raised_at
    return conversation.arrival.at if conversation.arrival else conversation.updated_at
