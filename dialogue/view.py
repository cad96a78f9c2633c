"""The conversation as the patient's client sees it: the shape of the patient API. Knows nothing about HTTP."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from dialogue.conversation import Conversation, Entry, Option, Paging, Question, QuestionKind, Speaker, State
from dialogue.events import Said
from dialogue.machine import ASKING
from policies.facts import Record


class PatientMessage(Record):
    """One line of the chat. `seq` is the version it came with; `by` names the person, for a nurse's message."""

    seq: int
    speaker: Literal["bot", "patient", "nurse"] = Field(serialization_alias="from")
    kind: str
    text: str
    at: float
    by: str = ""


class PatientQuestion(Record):
    """What is asked now; its wording is the last message."""

    id: str
    kind: QuestionKind
    findings: tuple[str, ...]
    choices: tuple[Option, ...]
    why: str


class Progress(Record):
    """How many of the stages are behind the patient."""

    done: int
    total: int


class PatientView(Record):
    id: str
    state: State
    version: int
    messages: tuple[PatientMessage, ...]
    question: PatientQuestion | None
    progress: Progress
    urgent: bool
    paging: Paging


def view(conversation: Conversation, since: int = 0) -> PatientView:
    """Everything the patient may see; messages of the log entries from `since` on."""
    return PatientView(
        id=conversation.id,
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
        yield PatientMessage(seq=number, speaker=speaker, kind=reply.kind, text=reply.text, at=at, by=reply.reviewer)


def _question(question: Question | None) -> PatientQuestion | None:
    if question is None:
        return None
    return PatientQuestion(
        id=question.id, kind=question.kind, findings=question.findings, choices=question.choices, why=question.why
    )


def _progress(state: State) -> Progress:
    done = ASKING.index(state) if state in ASKING else 0 if state is State.WELCOME else len(ASKING)
    return Progress(done=done, total=len(ASKING))
