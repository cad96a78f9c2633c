"""The sentence with which a drafted message begins, by level: how soon the patient should be seen. Knows no model."""

from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import StringConstraints

from policies.case import Case
from policies.findings import ReviewedContent
from policies.levels import Level

_CONTENT = Path(__file__).parent / "content" / "how_soon.yaml"

Sentence = Annotated[str, StringConstraints(pattern=r"^(?:[^\W\d_]+|\{[Yy]ou\})(?:,? (?:[^\W\d_]+|\{you\}))*\.$")]
"""A sentence without characters that are special in a regular expression or a JSON string, except the full stop.
`{you}` stands for what the patient is called."""


class _Content(ReviewedContent):
    """`how_soon.yaml`; see its comments."""

    sentences: dict[str, dict[Level, Sentence]]
    to_writers: dict[str, dict[Level, Sentence]]
    for_another: dict[str, Sentence]


def how_soon(case: Case, level: Level) -> str:
    """The sentence in the patient's language, else in English; then the review objects to the language."""
    if level is Level.EMERGENCY and case.danger_is_anothers:
        return _content().for_another.get(case.language, _content().for_another["en"])
    if case.called:
        return filled(_content().to_writers.get(case.language, _content().to_writers["en"])[level], case)
    return _content().sentences.get(case.language, _content().sentences["en"])[level]


def filled(template: str, case: Case) -> str:
    """A text to somebody who writes for the patient, with what the patient is called to them."""
    return template.format(you=case.called, You=case.called[:1].upper() + case.called[1:])


@cache
def _content() -> _Content:
    return _Content.model_validate(yaml.safe_load(_CONTENT.read_text("utf-8")))
