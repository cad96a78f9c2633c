"""Reads a model's answer as a draft, or says what is wrong with it. Never quotes the answer. Mends nothing."""

from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from llm.port import Completion
from policies.draft import Action, Draft, Explanation, Objection
from policies.passages import Passage

_KNOWN = {*Draft.model_fields, *Explanation.model_fields, *Action.model_fields}


def read_draft(completion: Completion, passages: Mapping[str, Passage]) -> Draft | Objection:
    """The draft, its passages by their own ids instead of their names in the prompt."""
    if completion.truncated:
        return Objection(code="truncated", detail="the answer was cut off: write less")
    try:
        draft = Draft.model_validate_json(completion.text)
    except ValidationError as error:
        return _objection(error)
    return draft.model_copy(
        update={
            "explanations": tuple(_own_ids(part, passages) for part in draft.explanations),
            "actions": tuple(_own_ids(part, passages) for part in draft.actions),
        }
    )


_Part = TypeVar("_Part", Explanation, Action)


def _own_ids(part: _Part, passages: Mapping[str, Passage]) -> _Part:
    ids = tuple(passages[name].id if name in passages else name for name in part.passages)
    return part.model_copy(update={"passages": tuple(dict.fromkeys(ids))})


def _objection(error: ValidationError) -> Objection:
    """Names the first fault's place by known field names only: an unknown one is the model's own word."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return Objection(code="not_json", detail="the answer is not JSON")
    place = ".".join(str(step) for step in first["loc"] if isinstance(step, int) or step in _KNOWN)
    return Objection(code="schema", detail=f"{place or 'the answer'} is not of the wanted shape: {first['type']}")
