"""What has happened to a case since a person opened its page, so that nobody decides on outdated information."""

from typing import NamedTuple

from dialogue import events as e
from dialogue.conversation import Conversation
from dialogue.events import Event

ACTS: dict[type[e.StaffAct], str] = {
    e.Acknowledged: "acknowledged the page",
    e.Took: "took the case",
    e.LetGo: "let the case go",
    e.Impression: "noted a first level",
    e.Asked: "asked the patient a question",
    e.Joined: "joined the chat",
    e.Wrote: "wrote to the patient",
    e.Departed: "left the chat",
    e.Released: "released a message to the patient",
    e.Rejected: "rejected the draft",
    e.Relevelled: "set the level",
    e.Proposed: "proposed to lower the emergency",
    e.Seconded: "agreed to lower the emergency",
    e.HandedOver: "handed the case to a doctor",
    e.Booked: "asked for an appointment",
    e.Closed: "closed the case",
}

DECISIONS = frozenset({"ask", "release", "reject", "relevel", "second", "hand_over", "book", "close"})
"""Actions that depend on the whole case: a patient's new words or a new draft could change the decision."""


class News(NamedTuple):
    """What happened, as `Kim Lee took the case`, and when (seconds since the epoch)."""

    words: str
    at: float


def news_since(conversation: Conversation, seen: int, action: str, by: str) -> list[News]:
    """What the person should know before `action`, given that their page showed version `seen`.

    Acknowledging and writing are never held up: both are right whatever else has happened.
    """
    events = [entry.event for entry in conversation.log[seen:]]
    if action in DECISIONS:
        told = [_told(event, by) for event in events]
    elif action in ("join", "leave"):
        told = [_told(event, by) for event in events if isinstance(event, e.StaffAct) and event.by != by]
    else:
        told = []
    return [each for each in told if each]


def already_sent(conversation: Conversation, seen: int, text: str, by: str) -> bool:
    """Whether the same message was already sent from the same version of the page: the form was sent twice."""
    later = (entry.event for entry in conversation.log[seen:])
    return any(isinstance(event, e.Wrote | e.Asked) and event.by == by and event.text == text for event in later)


def _told(event: Event, by: str) -> News | None:
    if isinstance(event, e.Took | e.LetGo | e.Impression) and (event.by == by or isinstance(event, e.Impression)):
        return None
    if isinstance(event, e.StaffAct):
        return News(f"{'You' if event.by == by else event.by} {ACTS[type(event)]}", event.at)
    if isinstance(event, e.Said):
        return News("The patient wrote something new", event.at)
    if isinstance(event, e.Assessed):
        return News("A draft came in", event.at)
    if isinstance(event, e.Withdrew):
        return News("The patient asked for their answers to be deleted", event.at)
    return None
