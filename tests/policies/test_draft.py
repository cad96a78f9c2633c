"""The draft's own limits: what its type alone keeps a model from."""

from typing import Any

import pytest
from pydantic import ValidationError

from policies.draft import STATEMENT, Draft
from tests.cases import DRAFT, changed


def test_every_draft_says_that_it_is_preliminary_and_needs_a_nurse() -> None:
    assert DRAFT.statement == STATEMENT == "Preliminary assessment. Requires nurse review."
    with pytest.raises(ValidationError):
        changed(statement="Final assessment.")


def likelihood(word: str) -> dict[str, Any]:
    return {"explanations": [DRAFT.explanations[0].model_dump() | {"likelihood": word}]}


@pytest.mark.parametrize("word", ["possible", "likely", "less likely", "concerning for"])
def test_an_explanation_is_hedged(word: str) -> None:
    assert changed(**likelihood(word)).explanations[0].likelihood == word


@pytest.mark.parametrize(
    "fields",
    [
        likelihood("certain"),
        likelihood("90 %"),
        likelihood(""),
        {"subjective": "x" * 1001},
        {"patient_message": "x" * 701},
        {"concerns": ["x"] * 6},
        {"explanations": [DRAFT.explanations[0].model_dump()] * 5},
        {"level": "URGENT"},
        {"diagnosis": "flu"},
        {"patient_message": None},
    ],
)
def test_what_a_draft_cannot_be(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        changed(**fields)


def test_a_draft_survives_the_way_through_json() -> None:
    assert Draft.model_validate_json(DRAFT.model_dump_json()) == DRAFT
