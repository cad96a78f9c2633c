"""Facts: which of them rules may use, and that none is ever printed."""

from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from policies.case import Case, Fired, Statement
from policies.draft import Action, Assessment, Draft, Explanation, Objection
from policies.facts import Evidence, Fact, Record, Status, Subject, When, counting

RECORDS = (Statement, Fired, Case, Explanation, Action, Draft, Objection, Assessment)

facts = st.builds(
    Fact,
    finding=st.sampled_from(("fever", "rash")),
    status=st.sampled_from(Status),
    evidence=st.builds(Evidence, turn=st.integers(0, 3), quote=st.just("")),
    subject=st.sampled_from(Subject),
    when=st.sampled_from(When),
    certain=st.booleans(),
)


@given(st.lists(facts, max_size=8))
def test_rules_use_what_is_certain_now_and_of_the_patient_the_latest_word_first(said: list[Fact]) -> None:
    known = counting(said)
    for name in ("fever", "rash"):
        own = [
            fact
            for fact in said
            if (fact.finding, fact.certain, fact.subject, fact.when) == (name, True, Subject.PATIENT, When.NOW)
        ]
        assert known.get(name) == (own[-1] if own else None)


@pytest.mark.parametrize("change", [{"subject": Subject.OTHER}, {"when": When.PAST}, {"certain": False}])
def test_facts_about_others_the_past_or_in_doubt_replace_nothing(change: dict[str, Any]) -> None:
    own = Fact(finding="fever", status=Status.PRESENT, evidence=Evidence(turn=1, quote="fever"))
    later = replace(own, **{"status": Status.ABSENT, **change})
    assert counting([own, later]) == {"fever": own}


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_a_patients_words_are_in_no_error(record: type[Record]) -> None:
    wrong = {name: ["canary"] for name in record.model_fields}
    with pytest.raises(ValidationError) as caught:
        record.model_validate(wrong)
    assert "canary" not in str(caught.value)


class Told(Record):
    facts: tuple[Fact, ...]


@pytest.mark.parametrize("wrong", [{"finding": ["canary"]}, {"quote": "canary"}, {"evidence": {"quote": ["canary"]}}])
def test_a_patients_words_are_in_no_error_of_reading_a_fact(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        Told.model_validate({"facts": [wrong]})
    assert "canary" not in str(caught.value)


def test_a_fact_cannot_be_changed() -> None:
    fact = Fact(finding="fever", status=Status.PRESENT, evidence=Evidence(turn=1, quote="fever"))
    with pytest.raises(FrozenInstanceError):
        fact.status = Status.ABSENT  # type: ignore[misc]


statements = st.builds(
    Statement,
    id=st.just("F1"),
    finding=st.sampled_from(("fever", "rash")),
    label=st.just(""),
    status=st.sampled_from(Status),
    evidence=st.builds(Evidence, turn=st.integers(0, 3), quote=st.just("")),
    in_past=st.booleans(),
)


@given(statements, st.sampled_from([{}, {"value": "3"}, {"in_past": True, "status": Status.UNKNOWN}]), st.booleans())
def test_a_copy_is_the_one_that_pydantic_makes(one: Statement, changes: dict[str, Any], deep: bool) -> None:
    ours, theirs = one.model_copy(update=changes, deep=deep), BaseModel.model_copy(one, update=changes, deep=deep)
    assert ours == theirs and ours.model_fields_set == theirs.model_fields_set
    assert ours.model_dump_json() == theirs.model_dump_json() and hash(ours) == hash(theirs)
    assert ours is not one and ours.model_copy() == ours
