"""What the first message alone does: page, ask back, or nothing. The same turn as in the chat, without any server."""

from collections.abc import Iterable, Iterator
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from app.offline import is_paged, known_patient, opened, said
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation
from dialogue.judging import judged

T = TypeVar("T", bound=BaseModel)


class BadLine(ValueError):
    """A line of the input is not what the command reads; the message names the line, not its content."""


class Message(BaseModel):
    """One line of the input."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: str | int
    text: str
    age_years: float | None = None
    sex: str | None = None


def screen(message: Message, clinic: Clinic, language: str) -> dict[str, Any]:
    """`{id, decision, level, rules, findings, ask}` for one message."""
    start = known_patient(opened(clinic, language, str(message.id)), message.age_years, message.sex)
    after = said(start, clinic, message.text)
    asked = list(after.question.findings) if after.question and after.question.id == "confirm" else []
    return {
        "id": message.id,
        "decision": decision(after),
        "level": after.level.name if after.level else None,
        "rules": rules(after, clinic),
        "findings": [
            {"id": f.finding, "status": f.status.value, "subject": f.subject.value, "quote": f.evidence.quote}
            for f in after.facts
            if f.evidence.turn >= 0
        ],
        "ask": asked,
    }


def decision(conversation: Conversation) -> Literal["page", "ask", "none"]:
    if is_paged(conversation):
        return "page"
    return "ask" if conversation.question and conversation.question.id == "confirm" else "none"


def rules(conversation: Conversation, clinic: Clinic) -> list[dict[str, str]]:
    """The rules that fired, worst first, each with the words that fired it."""
    return [
        {
            "id": fired.rule,
            "level": fired.level.name,
            "because": fired.because,
            "quote": " … ".join(evidence.quote for evidence in fired.evidence if evidence.quote),
        }
        for fired in judged(conversation, clinic).fired
    ]


def read_lines(lines: Iterable[str], model: type[T]) -> Iterator[T]:
    """JSON lines as models; a bad one raises BadLine with its number. Empty lines are passed over."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield model.model_validate_json(line)
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(str(part) for part in fault['loc']) or 'line'}: {fault['msg']}"
                for fault in error.errors(include_input=False, include_url=False)
            )
            raise BadLine(f"line {number}: {faults}") from None
