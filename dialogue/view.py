"""The conversation as the patient's client sees it: the shape of the patient API. Knows nothing about HTTP."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field
from pydantic_core import to_json

from dialogue.conversation import Conversation, Entry, Message, Option, Paging, Question, QuestionKind, Speaker, State
from dialogue.events import Said
from dialogue.machine import ASKING
from policies.facts import Record


class PatientMessage(Record):
    """One line of the chat. `seq` is the version it came with; `by` names the person, for a nurse's message, or says
    what they are ("A nurse") where the clinic tells no names.

    `offered` are the items of a group question.
    """

    seq: int
    speaker: Literal["bot", "patient", "nurse"] = Field(serialization_alias="from")
    kind: str
    text: str
    at: float
    by: str = ""
    offered: tuple[str, ...] = ()


class PatientQuestion(Record):
    """What is asked now; its wording is the last message."""

    id: str
    kind: QuestionKind
    findings: tuple[str, ...]
    choices: tuple[Option, ...]
    why: str


class Progress(Record):
    """How many of the stages the patient has passed."""

    done: int
    total: int


class PatientView(Record):
    """`language` is the code of the one that is spoken now, which may be another than the client's page has."""

    id: str
    language: str
    state: State
    version: int
    messages: tuple[PatientMessage, ...]
    question: PatientQuestion | None
    progress: Progress
    urgent: bool
    paging: Paging


def view(conversation: Conversation, since: int = 0) -> PatientView:
    """Everything the patient may see, with the messages after version `since`."""
    return PatientView(
        id=conversation.id,
        language=conversation.language,
        state=conversation.state,
        version=conversation.version,
        messages=tuple(messages(conversation, since)),
        question=_question(conversation.question),
        progress=_progress(conversation.state),
        urgent=conversation.state is State.URGENT,
        paging=conversation.paging,
    )


def messages(conversation: Conversation, since: int = 0) -> Iterator[PatientMessage]:
    for number, entry in enumerate(conversation.log[since:], start=since + 1):
        yield from _lines(number, entry)


def _lines(number: int, entry: Entry) -> Iterator[PatientMessage]:
    at = entry.event.at
    if isinstance(entry.event, Said):
        text = entry.event.text or entry.chose
        yield PatientMessage(seq=number, speaker="patient", kind="text", text=text, at=at)
    for reply in entry.replies:
        speaker: Literal["bot", "nurse"] = "nurse" if reply.speaker is Speaker.NURSE else "bot"
        yield PatientMessage(
            seq=number,
            speaker=speaker,
            kind=reply.kind,
            text=reply.text,
            at=at,
            by=_by(reply),
            offered=reply.offered,
        )


def _by(reply: Message) -> str:
    return reply.signed if reply.unnamed else reply.reviewer


def _question(question: Question | None) -> PatientQuestion | None:
    if question is None:
        return None
    return PatientQuestion(
        id=question.id, kind=question.kind, findings=question.findings, choices=question.choices, why=question.why
    )


def _progress(state: State) -> Progress:
    return Progress(done=_done(state), total=len(ASKING))


def _done(state: State) -> int:
    return ASKING.index(state) if state in ASKING else 0 if state is State.WELCOME else len(ASKING)


def encoded(conversation: Conversation, since: int = 0) -> bytes:
    """The JSON of `view`, written directly: making the view first would take three times as long.

    Enumerations are written as plain values, since looking up how to serialise each took half of the remaining time.
    """
    question, state = conversation.question, conversation.state
    return to_json(
        {
            "id": conversation.id,
            "language": conversation.language,
            "state": state.value,
            "version": conversation.version,
            "messages": [
                line
                for number, entry in enumerate(conversation.log[since:], start=since + 1)
                for line in _encoded_lines(number, entry)
            ],
            "question": question
            and {
                "id": question.id,
                "kind": question.kind.value,
                "findings": question.findings,
                "choices": [{"value": choice.value, "label": choice.label} for choice in question.choices],
                "why": question.why,
            },
            "progress": {"done": _done(state), "total": len(ASKING)},
            "urgent": state is State.URGENT,
            "paging": conversation.paging.value,
        }
    )


def _encoded_lines(number: int, entry: Entry) -> Iterator[dict[str, Any]]:
    event, at = entry.event, entry.event.at
    if isinstance(event, Said):
        text = event.text or entry.chose
        yield {"seq": number, "from": "patient", "kind": "text", "text": text, "at": at, "by": "", "offered": ()}
    for reply in entry.replies:
        yield {
            "seq": number,
            "from": reply.speaker.value,
            "kind": reply.kind,
            "text": reply.text,
            "at": at,
            "by": _by(reply),
            "offered": reply.offered,
        }
