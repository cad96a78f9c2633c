"""The schema that a draft is decoded in."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given

from llm.how_soon import how_soon
from llm.prompt import build_prompt
from llm.reply import parsed, written
from llm.schema import SMALL, WIDE, bounds_for, draft_schema
from policies.case import Case
from policies.draft import Draft
from policies.facts import Status
from policies.levels import Level
from tests.cases import CASE, DRAFT, PASSAGES, cases
from tests.schemas import faults, fits

NAMES = ("P1", "P2")


def schema(level: Level = Level.MEDIUM, tokens: int = 420) -> dict[str, Any]:
    return dict(draft_schema(at(level), CASE.statements, NAMES, tokens))


def at(level: Level) -> Case:
    return CASE.model_copy(update={"level": level})


def as_written(**fields: Any) -> dict[str, Any]:
    """The good draft as a model would write it."""
    message = "We want to see you within a week. We will help you set a time."
    good = written(DRAFT.model_copy(update={"level": Level.MEDIUM, "patient_message": message})) | fields
    good["concerns"] = ["Concerning for a swelling if the voice changes"]
    good["subjective"] = "Sore throat for three days, and fever."
    good["explanations"] = [part | {"passages": ["P1"]} for part in good["explanations"]]
    good["actions"] = [part | {"passages": ["P2"]} for part in good["actions"]]
    return good


def allows(document: dict[str, Any], level: Level = Level.MEDIUM) -> bool:
    return fits(document, schema(level))


def test_a_good_draft_is_allowed() -> None:
    assert allows(as_written())


def test_no_reference_and_no_note_is_left() -> None:
    written = json.dumps(schema())
    assert not any(word in written for word in ("$ref", "$defs", "title", "description", "default"))


def test_the_model_writes_the_fields_in_the_order_of_the_type_and_not_the_statement() -> None:
    fields = list(written(DRAFT))
    assert list(schema()["properties"]) == schema()["required"] == fields
    assert [*written(DRAFT)["urgency"], *fields[1:], "statement"] == list(Draft.model_fields)


@pytest.mark.parametrize("level", Level)
def test_the_level_may_be_raised_only(level: Level) -> None:
    allowed = [choice["properties"]["level"]["enum"] for choice in schema(level)["properties"]["urgency"]["anyOf"]]
    assert allowed == [[name] for name in Level.__members__ if Level[name] >= level]


@pytest.mark.parametrize("level", Level)
def test_the_message_begins_with_how_soon_its_own_level_is_seen(level: Level) -> None:
    begins = {each: how_soon(CASE, each) for each in Level}
    for said, sentence in begins.items():
        urgency = {"level": level.name, "patient_message": f"{sentence} We will help you set a time."}
        assert allows(as_written(urgency=urgency), Level.LOW) == (said is level)


def test_a_message_holds_no_number_and_nothing_before_how_soon() -> None:
    for message in ("Call 555. We want to see you within a week.", "We want to see you within a week. Call 555."):
        assert not allows(as_written(urgency={"level": "MEDIUM", "patient_message": message}))


def test_only_known_ids_may_be_cited() -> None:
    part = as_written()["explanations"][0]
    assert not allows(as_written() | {"explanations": [part | {"supporting": ["F99"]}]})
    assert not allows(as_written() | {"explanations": [part | {"supporting": []}]})
    assert not allows(as_written() | {"explanations": [part | {"supporting": ["F3"]}]}), "F3 is absent"
    assert not allows(as_written() | {"actions": [{"text": "Look", "passages": ["P9"]}]})


def test_without_passages_none_can_be_cited() -> None:
    bare = dict(draft_schema(at(Level.LOW), CASE.statements, (), 420))
    assert "passages" not in bare["properties"]["actions"]["items"]["properties"]


def test_with_nothing_present_nothing_is_explained() -> None:
    absent = [known for known in CASE.statements if known.status is not Status.PRESENT]
    bare = dict(draft_schema(at(Level.LOW), absent, NAMES, 420))
    assert bare["properties"]["explanations"]["maxItems"] == 0


def test_more_tokens_give_more_room() -> None:
    assert bounds_for(420) == SMALL
    assert bounds_for(WIDE.tokens) == WIDE
    assert SMALL.tokens <= 420


@pytest.mark.parametrize("bounds", [SMALL, WIDE])
def test_the_largest_draft_within_the_bounds_is_a_draft(bounds: Any) -> None:
    cites = {"passages": ["P1"] * 2}
    part = {"name": "n" * bounds.name, "likelihood": "less likely", "supporting": ["F1"] * bounds.cited}
    part |= {"contradicting": ["F1"] * bounds.cited} | cites
    message = f"{how_soon(CASE, Level.EMERGENCY)} ".ljust(bounds.message, "m")
    largest = {
        "urgency": {"level": "EMERGENCY", "patient_message": message},
        "subjective": "s" * bounds.subjective,
        "explanations": [part] * bounds.explanations,
        "concerns": ["c" * bounds.item] * bounds.items,
        "actions": [{"text": "a" * bounds.item} | cites] * bounds.items,
        "level_reason": "r" * bounds.reason,
        "open_questions": ["q" * bounds.item] * bounds.items,
    }
    assert list(faults(largest, schema(tokens=bounds.tokens))) == []
    parsed(json.dumps(largest))


@given(cases())
def test_every_case_has_a_valid_schema(case: Case) -> None:
    prompt = build_prompt(case, PASSAGES, 900)
    made = dict(draft_schema(case, prompt.statements, list(prompt.passages), 420))
    assert not any("unknown keyword" in fault for fault in faults({"explanations": [{}], "actions": [{}]}, made))
    assert not any(part.get("enum") == [] for part in _parts(made))
    assert len(json.dumps(made)) < 6000


def _parts(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a schema."""
    if isinstance(schema, dict):
        yield schema
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from _parts(part)
