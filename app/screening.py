"""What the first message alone does: page, ask the patient, or nothing. The same turn as in the chat."""

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, TypedDict, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from app.offline import Suspects, is_paged, known_patient, opened, said, unsuspecting
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation
from dialogue.judging import triage_of
from dialogue.other_people import flags_of_others
from dialogue.understanding import legible

T = TypeVar("T", bound=BaseModel)


def _told(sex: object) -> object:
    """A sex as people write it ("f", "Female", ""); None if it is not given."""
    if not isinstance(sex, str):
        return sex
    return {"f": "female", "m": "male", "": None, "unknown": None}.get(sex.strip().lower(), sex.strip().lower())


Years = Annotated[float, Field(ge=0, le=120, allow_inf_nan=False)]
Sex = Annotated[Literal["female", "male", "other"] | None, BeforeValidator(_told)]


class BadLine(ValueError):
    """A line of the input is not what the command reads; the message names the line, not its content."""


class Message(BaseModel):
    """One line of the input."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: str | int
    text: str
    age_years: Years | None = None
    sex: Sex | None = None


Decision = Literal["page", "ask", "none"]


class FiredRule(TypedDict):
    """A rule that fired, and the words that fired it."""

    id: str
    level: str
    because: str
    quote: str


class FoundFact(TypedDict):
    """A finding that was read in the message."""

    id: str
    status: str
    subject: str
    quote: str


class Screening(TypedDict):
    """One line of the output. `ask` is what the patient is asked at once, because it may be dangerous."""

    id: str | int
    decision: Decision
    level: str | None
    rules: list[FiredRule]
    findings: list[FoundFact]
    ask: list[str]


def screen(message: Message, clinic: Clinic, language: str, suspects: Suspects = unsuspecting) -> Screening:
    """What one message alone does."""
    start = known_patient(opened(clinic, language, str(message.id)), message.age_years, message.sex)
    after = said(start, clinic, message.text, likeness=suspects(legible(message.text, clinic.lexicons[language])))
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


def decision(conversation: Conversation) -> Decision:
    if is_paged(conversation):
        return "page"
    return "ask" if conversation.question and conversation.question.id == "confirm" else "none"


def rules(conversation: Conversation, clinic: Clinic) -> list[FiredRule]:
    """The rules that fired, worst first, then somebody else's red flags, each with the words that fired it."""
    return [
        {
            "id": fired.rule,
            "level": fired.level.name,
            "because": fired.because,
            "quote": " … ".join(evidence.quote for evidence in fired.evidence if evidence.quote),
        }
        for fired in (*triage_of(conversation, clinic).fired, *flags_of_others(conversation.facts, clinic))
    ]


def read_lines(lines: Iterable[str | bytes], model: type[T]) -> Iterator[T]:
    """JSON lines as models. Raises BadLine, with the line's number, for an invalid one. Empty lines are skipped."""
    for number, line in enumerate(lines, start=1):
        if (item := read_line(number, line, model)) is not None:
            yield item


def read_line(number: int, line: str | bytes, model: type[T]) -> T | None:
    """Line `number` (from 1) as a model; None when it is empty."""
    text = line.encode() if isinstance(line, str) else line
    text = text.removeprefix(BOM_UTF8).strip()
    if not text:
        return None
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']) or 'line'}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise BadLine(f"line {number}: {faults}") from None
