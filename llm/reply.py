"""Reads a model's answer as a draft, or says what is wrong with it. Never quotes the answer, and repairs nothing.

A model writes the level and the message to the patient first, in one object, so that the schema can tie them together.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import from_json

from llm.port import Completion
from policies.draft import Action, Draft, Explanation, Objection
from policies.passages import Passage

URGENCY = "urgency"
"""The member under which a model writes the level and the message."""

_TOGETHER = ("level", "patient_message")
_KNOWN = {*Draft.model_fields, *Explanation.model_fields, *Action.model_fields}


def read_draft(completion: Completion, passages: Mapping[str, Passage]) -> Draft | Objection:
    """The draft, with the passages' own ids instead of their names in the prompt; or what is wrong with the answer."""
    if completion.truncated:
        return Objection(code="truncated", detail="the answer was cut off: write less")
    try:
        draft = parsed(completion.text)
    except ValidationError as error:
        return _objection(error)
    except ValueError:
        return Objection(code="not_json", detail="the answer is not JSON")
    return draft.model_copy(
        update={
            "explanations": tuple(_own_ids(part, passages) for part in draft.explanations),
            "actions": tuple(_own_ids(part, passages) for part in draft.actions),
        }
    )


def parsed(text: str) -> Draft:
    """The draft in a model's JSON. Raises ValueError if it is not one."""
    fields = from_json(text.encode(errors="surrogatepass"))  # half a character is no JSON
    if not isinstance(fields, dict) or not isinstance(fields.get(URGENCY), dict):
        return Draft.model_validate(fields)
    return Draft.model_validate({**fields.pop(URGENCY), **fields})


def written(draft: Draft) -> dict[str, Any]:
    """The draft as a model should write it, without the fixed statement."""
    return together(draft.model_dump(mode="json", exclude={"statement"}))


def together(fields: Mapping[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in fields.items() if name not in _TOGETHER}
    return {URGENCY: {name: fields[name] for name in _TOGETHER}, **rest}


_Part = TypeVar("_Part", Explanation, Action)


def _own_ids(part: _Part, passages: Mapping[str, Passage]) -> _Part:
    ids = tuple(passages[name].id if name in passages else name for name in part.passages)
    return part.model_copy(update={"passages": tuple(dict.fromkeys(ids))})


def _objection(error: ValidationError) -> Objection:
    """The first fault, with its place. Unknown field names are left out: they are the model's own words."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(step) for step in first["loc"] if isinstance(step, int) or step in _KNOWN)
    return Objection(code="schema", detail=f"{place or 'the answer'} is not of the wanted shape: {first['type']}")
