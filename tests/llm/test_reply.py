"""Reading an answer as a draft."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm.port import Completion
from llm.reply import parsed, read_draft, written
from policies.draft import STATEMENT, Draft, Objection
from tests.cases import DRAFT, PASSAGES

NAMES = {"P1": PASSAGES[0], "P2": PASSAGES[1]}
WRITTEN = written(DRAFT)


def read(**fields: Any) -> Draft | Objection:
    return read_draft(Completion(text=json.dumps(WRITTEN | fields)), NAMES)


def code(answer: Draft | Objection) -> str:
    assert isinstance(answer, Objection)
    return answer.code


def test_passages_get_their_own_ids_back() -> None:
    draft = read(actions=[{"text": "Look", "passages": ["P2", "P1", "P2", "P7"]}])
    assert isinstance(draft, Draft)
    assert draft.actions[0].passages == (PASSAGES[1].id, PASSAGES[0].id, "P7")


def test_the_statement_need_not_be_written_but_cannot_be_changed() -> None:
    assert read() == read(statement=STATEMENT)
    assert isinstance(read(), Draft)
    assert code(read(statement="Approved.")) == "schema"


def test_what_is_written_is_read_as_the_same_draft() -> None:
    assert parsed(json.dumps(written(DRAFT))) == DRAFT
    assert parsed(DRAFT.model_dump_json()) == DRAFT, "the two that stand together may stand alone"


def test_an_answer_that_was_cut_off() -> None:
    assert code(read_draft(Completion(text='{"subjective": "so', truncated=True), NAMES)) == "truncated"


@pytest.mark.parametrize("text", ["", "Sure! {}", '{"subjective": "so', "```json\n{}\n```", "{" * 5000, '"\ud800"'])
def test_not_json(text: str) -> None:
    assert code(read_draft(Completion.model_construct(text=text, truncated=False), NAMES)) == "not_json"


def test_json_of_another_shape_is_named_by_place_without_its_words() -> None:
    answer = read(urgency={"level": "Zanzibar", "patient_message": "Zanzibar"})
    assert code(answer) == "schema"
    assert "Zanzibar" not in repr(answer)
    assert "Zanzibar" not in repr(read(Zanzibar="Zanzibar"))
    assert "actions.0.text" in repr(read(actions=[{"text": 5}]))


@given(st.text() | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_any_answer_is_a_draft_or_an_objection(text: str) -> None:
    read_draft(Completion.model_construct(text=text, truncated=False), NAMES)
