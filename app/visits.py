"""Reads visits for which drafts are written: scripted patients, and consultations with a clinician's note. Knows
nothing about drafts."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from app.interviewing import Script, interviewed
from app.offline import opened
from app.screening import BadLine, Sex, Years, read_lines
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation
from dialogue.understanding import understand
from policies.facts import Fact, Status
from policies.levels import Level

SPEAKERS = re.compile(r"^\s*(D|Doctor|P|Patient|Guest_family\w*|Guest_clinician\w*)\s*:\s*(.*)$", re.I)
CLINICIANS = ("d", "guest_clinician")
SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
NO_HISTORY = frozenset(
    {"ASSESSMENT", "DIAGNOSIS", "PLAN", "DISPOSITION", "EDCOURSE", "EXAM", "LABS", "IMAGING", "PROCEDURES"}
)
"""Sections of a table's notes that hold nothing a patient tells: no draft is measured by them."""


class Visit(BaseModel):
    """One line: a scripted patient (`opening` …, perhaps `level`), or a `transcript` with the clinician's `note`."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    id: str | int
    opening: str = ""
    age_years: Years | None = None
    sex: Sex | None = None
    present: str = ""
    absent: str = ""
    level: Level | tuple[Level, ...] | None = None
    transcript: str = ""
    note: str = ""
    highlights: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _with_its_note(cls, line: Any) -> Any:
        """Reads a note that is given as an object, with the phrases that its writer marked."""
        if isinstance(line, dict) and isinstance(note := line.get("note"), dict):
            return {**line, "note": note.get("note", ""), "highlights": tuple(note.get("highlights", ()))}
        return line

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if not self.transcript and not (self.opening and self.age_years is not None and self.sex):
            raise ValueError("neither a transcript nor an opening with age_years and sex")
        return self

    @property
    def right(self) -> tuple[Level, ...]:
        return self.level if isinstance(self.level, tuple) else (self.level,) if self.level else ()


def read_visits(path: Path) -> Iterator[Visit]:
    """JSON lines; or a table (.csv) with the columns `dialogue`, `section_text` and perhaps `section_header`.

    Raises BadLine.
    """
    if path.suffix.lower() != ".csv":
        with path.open("rb") as lines:
            yield from read_lines(lines, Visit)
        return
    with path.open(encoding="utf-8", errors="replace", newline="") as table:
        for number, row in enumerate(csv.DictReader(table), start=2):
            try:
                note = "" if row.get("section_header") in NO_HISTORY else row["section_text"]
                yield Visit(id=row["ID"], transcript=row["dialogue"], note=note)
            except (KeyError, ValidationError):
                raise BadLine(f"row {number}: no dialogue with an ID and a section_text") from None


def played(visit: Visit, clinic: Clinic, language: str) -> Conversation:
    """The visit as a conversation: an interview with the scripted patient, or the facts of a consultation."""
    if visit.transcript:
        conversation = opened(clinic, language, str(visit.id))
        return conversation.model_copy(update={"facts": tuple(_told(visit.transcript, clinic, language))})
    fields: dict[str, Any] = visit.model_dump(include=set(Script.model_fields))
    return interviewed(Script.model_validate(fields), clinic, language)


def _told(transcript: str, clinic: Clinic, language: str) -> Iterator[Fact]:
    """The facts that the patient states, and those that the clinician asks and the patient answers with yes or no."""
    lexicon, question = clinic.lexicons[language], ""
    stated: set[str] = set()
    for turn, (speaker, text) in enumerate(_lines(transcript)):
        if speaker.lower().startswith(CLINICIANS):
            question = _asked(text)
            continue
        understood = understand(text, lexicon, turn=turn)
        yield from understood.facts
        stated |= {fact.finding for fact in understood.facts if fact.status is Status.PRESENT}
        if understood.affirmed is not None and question:
            spoken_of = stated | {fact.finding for fact in understood.facts}
            asked = [fact for fact in understand(question, lexicon, turn=turn).facts if fact.value is None]
            if not understood.affirmed or _is_one_thing(asked, clinic):
                yield from (_answered(f, understood.affirmed) for f in asked if f.finding not in spoken_of)
        question = ""


def _answered(asked: Fact, affirmed: bool) -> Fact:
    """The facts that a yes or no states. A yes to "there was no blood, was there?" says that there was none."""
    status = Status.PRESENT if affirmed and asked.status is not Status.ABSENT else Status.ABSENT
    return replace(asked, status=status, certain=True)


def _asked(text: str) -> str:
    """The question at the end of a clinician's words; what they sum up or advise before it is not asked."""
    last = SENTENCE_ENDS.split(text.strip())[-1]
    return last if last.endswith("?") else ""


def _is_one_thing(asked: Sequence[Fact], clinic: Clinic) -> bool:
    """Whether a bare yes is clear: to "any cough or fever?" it may mean either."""
    names = {fact.finding for fact in asked}
    return any(names <= {name, *clinic.ruleset.above[name]} for name in names)


def _lines(transcript: str) -> Iterator[tuple[str, str]]:
    for line in transcript.splitlines():
        if found := SPEAKERS.match(line):
            yield found[1], found[2]
