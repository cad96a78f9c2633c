"""The conversation as staff read it: who said what, when. Knows nothing about how it is shown."""

from typing import Literal

from dialogue.conversation import Conversation
from dialogue.events import StaffAct
from dialogue.view import PatientMessage, messages
from policies.facts import Record


class Line(Record):
    """`index` is the turn that evidence points to (`Evidence.turn`); `name` is a nurse's name, else empty.

    `offered` are the items of a group question.
    """

    index: int
    at: float
    who: Literal["patient", "bot", "nurse"]
    name: str
    text: str
    offered: tuple[str, ...] = ()


def transcript(conversation: Conversation) -> list[Line]:
    return [
        Line(index=m.seq - 1, at=m.at, who=m.speaker, name=_writer(conversation, m), text=m.text, offered=m.offered)
        for m in messages(conversation)
    ]


def _writer(conversation: Conversation, message: PatientMessage) -> str:
    """Staff read each other's names also where patients do not."""
    event = conversation.log[message.seq - 1].event
    return event.by if message.speaker == "nurse" and isinstance(event, StaffAct) else ""
