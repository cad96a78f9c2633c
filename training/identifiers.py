"""What identifies a person in a clinic's records, read from `identifiers.yaml`. Knows nothing about files or finders."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_FILE = Path(__file__).with_name("identifiers.yaml")
_PART = re.compile(r"<([A-Z_]+)>")

Pattern = Annotated[str, BeforeValidator(lambda told: "".join(told) if isinstance(told, list) else told)]


class _Content(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Shape(_Content):
    """How one type of identifier is written: `of`, after one of the labels if there are any."""

    type: str
    after: tuple[str, ...] = ()
    of: Pattern = Field(alias="is")

    def pattern(self, parts: Mapping[str, str]) -> str:
        whole = f"(?<=\\b(?i:{'|'.join(self.after)})<SAID>#?){self.of}" if self.after else self.of
        return _filled(whole, parts)


class Identifiers(_Content):
    """`identifiers.yaml`; see its comments."""

    safe_harbor: Mapping[str, str]
    parts: Mapping[str, Pattern]
    shapes: tuple[Shape, ...]
    larger_places: frozenset[str]
    no_names: frozenset[str]
    ordinary: frozenset[str]

    @model_validator(mode="after")
    def _whole(self) -> "Identifiers":
        for shape in self.shapes:
            if shape.type not in self.safe_harbor:
                raise ValueError(f"{shape.type} is none of the types of Safe Harbor")
        self.patterns()
        return self

    def patterns(self) -> list[tuple[str, str]]:
        """The types and whole patterns, in the order in which overlapping ones are chosen."""
        parts: dict[str, str] = {}
        for name, told in self.parts.items():
            parts[name] = _filled(told, parts)
        return [(shape.type, shape.pattern(parts)) for shape in self.shapes]


@cache
def identifiers() -> Identifiers:
    return Identifiers.model_validate(yaml.safe_load(_FILE.read_text("utf-8")))


def _filled(pattern: str, parts: Mapping[str, str]) -> str:
    """The pattern with the parts that it names, which are all defined before it."""
    unknown = [name for name in _PART.findall(pattern) if name not in parts]
    if unknown:
        raise ValueError(f"there is no part {unknown[0]}")
    return _PART.sub(lambda match: parts[match[1]], pattern)
