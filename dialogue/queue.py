"""The order in which waiting conversations ask for staff: urgent first, then level, then who has waited longest."""

from dialogue.conversation import Conversation, Paging, Review, State

_YEAR_10000 = 253402300800.0


def rank(conversation: Conversation) -> float | None:
    """Lower is sooner; None when nobody waits. Unacknowledged pages come before everything else."""
    if not is_waiting(conversation):
        return None
    level = int(conversation.level or 0)
    urgency = 6 if conversation.paging is Paging.OPEN else 5 if conversation.state is State.URGENT else level
    return (6 - urgency) * _YEAR_10000 + waiting_since(conversation)


def is_waiting(conversation: Conversation) -> bool:
    return (
        conversation.paging is Paging.OPEN
        or conversation.review is Review.OPEN
        or conversation.state in {State.URGENT, State.WITH_NURSE}
    )


def waiting_since(conversation: Conversation) -> float:
    """When the page was raised, else when the case was last touched."""
    return conversation.page.raised_at if conversation.page else conversation.updated_at
