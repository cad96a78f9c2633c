"""The conversation as staff read it: who said what, when. Knows nothing about how it is shown."""

from typing import Any, Literal

from dialogue.conversation import Conversation
from dialogue.events import StaffAct
from dialogue.view import PatientMessage, messages
from policies.facts import Record
from policies.roles import Role


class Line(Record):
    """`index` is the turn that evidence points to (`Evidence.turn`); `name` is that of the member of staff who
    wrote, else empty, and `role` theirs as they wrote.

    `offered` are the items of a group question.
    """

    index: int
    at: float
    who: Literal["patient", "bot", "nurse"]
    name: str
    text: str
    offered: tuple[str, ...] = ()
    role: Role | None = None


def transcript(conversation: Conversation) -> list[Line]:
    return [
        Line(index=m.seq - 1, at=m.at, who=m.speaker, text=m.text, offered=m.offered, **_writer(conversation, m))
        for m in messages(conversation)
    ]


def _writer(conversation: Conversation, message: PatientMessage) -> dict[str, Any]:
    """Staff read each other's names also where patients do not."""
    event = conversation.log[message.seq - 1].event
    if message.speaker == "nurse" and isinstance(event, StaffAct):
        return {"name": event.by, "role": event.role}
    return {"name": ""}
