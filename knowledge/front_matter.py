"""The front matter of a guideline: lines of `name: value` at its top, or in a YAML file beside it.

---
title: Sore throat in adults
source: NICE CKS Sore throat - acute, Assessment
review_date: 2026-11-22      # the day it was last read against its source
review_due: 2027-11-22       # optional, like all that follow; a year after the review date where it is not said
reviewed_by: Dr A. Example   # the clinician who read it
protocols: [sore_throat]     # without it the document serves every protocol
age_band: [adult, older]     # infant, child, teen, adult, older; without it all of them
pregnancy: any               # or pregnant, or not_pregnant
publisher: Our clinic        # and licence, edition, audience, url, language
---
"""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from knowledge.errors import DocumentError
from policies.demographics import AgeBand, Pregnancy

GENERAL = "general"
"""The protocol of a document that serves every complaint."""

REVIEW_EVERY = datetime.timedelta(days=365)


class FrontMatter(BaseModel):
    """The fields of the front matter. A document that does not say whom it is for serves everybody."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    title: str = Field(min_length=1, max_length=200)
    source: str = Field(min_length=1, max_length=600)
    review_date: datetime.date
    review_due: datetime.date | None = None
    reviewed_by: str = Field(default="", max_length=200)
    publisher: str = ""
    licence: str = ""
    edition: str = ""
    protocols: tuple[str, ...] = Field(default=(GENERAL,), min_length=1)
    audience: str = "nurse"
    age_band: tuple[AgeBand, ...] = Field(default=tuple(AgeBand), min_length=1)
    pregnancy: Pregnancy = Pregnancy.ANY
    url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}$")

    @field_validator("age_band", "protocols", mode="before")
    @classmethod
    def _one_or_more(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @property
    def due(self) -> datetime.date:
        """When it must be checked against its source again."""
        return self.review_due or self.review_date + REVIEW_EVERY


def begins_with_front(text: str) -> bool:
    return text.splitlines()[:1] == ["---"] or text.split("\n", 1)[0].strip() == "---"


def split(text: str, file: str) -> tuple[list[str], str]:
    """The lines of the front matter, and the text below it, from a text that begins with one."""
    lines = text.splitlines()
    end = next((index for index, line in enumerate(lines[1:], start=1) if line.strip() == "---"), None)
    if end is None:
        raise DocumentError(file, 1, "front matter is not closed with a line of ---")
    return lines[1:end], "\n".join(lines[end + 1 :])


def validated(fields: Mapping[str, Any], file: str, lines: Sequence[str] = ()) -> FrontMatter:
    """`lines` are those of the file's own front matter, so that an error can name the line."""
    try:
        return FrontMatter.model_validate(dict(fields))
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        raise DocumentError(file, _line_of(field, lines), f"{field}: {_plain(first)}") from error


def mapping(text: str, file: str, first_line: int = 1) -> dict[str, Any]:
    """YAML lines of `name: value`; `first_line` is where they begin in their file."""
    try:
        loaded = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + first_line if mark else 1
        raise DocumentError(
            file, line, f"front matter is not YAML: {error.problem}; put quotes round a value with a colon"
        ) from error
    except yaml.YAMLError as error:
        raise DocumentError(file, 1, "front matter holds a character that YAML does not allow") from error
    except (ValueError, RecursionError) as error:  # a date such as 2026-13-45; brackets without end
        raise DocumentError(file, 1, f"front matter is not YAML: {error}") from error
    if not isinstance(loaded, dict) or not all(isinstance(key, str) for key in loaded):
        raise DocumentError(file, 1, "front matter must be lines of `name: value`")
    return loaded


def _line_of(field: str, lines: Sequence[str]) -> int:
    """The field's line in the file, or the opening line where the field is missing; 0 without lines."""
    for index, line in enumerate(lines, start=2):
        if line.startswith(f"{field}:"):
            return index
    return 1 if lines else 0


def _plain(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return f"is not a known field; known are {', '.join(FrontMatter.model_fields)}"
    return "is missing" if error["type"] == "missing" else str(error["msg"])
