"""What is written from parts is the conversation, whatever became of it since the version before."""

import json
import warnings
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.sample_conversation import finished, versions
from dialogue.conversation import IN_JSON, Conversation
from storage.writing import write
from tests.storage.support import said, started


def read(text: bytes) -> Conversation:
    return IN_JSON.validate_json(text)


def test_each_version_written_over_the_one_before_is_read_as_it_was() -> None:
    before = None
    for conversation, _ in versions("a"):
        before = write(conversation, before)
        assert read(before.text) == conversation
        assert before.text == write(conversation).text


def test_facts_that_were_taken_back_or_changed_are_not_kept() -> None:
    whole = finished("a")
    before = write(whole)
    other = replace(whole.facts[3], certain=False)
    for facts in (
        (),
        whole.facts[:5],
        whole.facts[5:],
        (*whole.facts[:3], other, *whole.facts[4:]),
        (*whole.facts[:3], other),
        (*reversed(whole.facts), other),
    ):
        now = whole.model_copy(update={"facts": facts})
        assert read(write(now, before).text) == now
        assert read(write(whole, write(now, before)).text) == whole


def test_another_turn_over_the_same_version_is_written_anew() -> None:
    first = started("a")
    one, two = said(first, "one"), said(first, "two")
    assert read(write(two, write(one, write(first))).text) == two


def test_what_is_not_used_is_not_written_so_that_an_older_version_need_not_know_it() -> None:
    written = json.loads(write(started("a")).text)
    assert written["schema_version"] == 1
    assert {name for name, value in written.items() if value is None or value == ""} == set()
    assert "verdicts" not in written
    facts = json.loads(write(finished("a")).text)["facts"]
    assert not any("subject" in fact or "when" in fact for fact in facts)


@pytest.mark.parametrize("field", ["paging", "facts", "log"])
def test_a_value_of_the_wrong_type_is_refused_without_quoting_it(field: str) -> None:
    whole = finished("a")
    of_no_kind: Any = "canary"
    wrong = {
        "paging": "canary",
        "facts": (*whole.facts, replace(whole.facts[0], status=of_no_kind)),
        "log": (*whole.log, replace(whole.log[0], replies=(of_no_kind,))),
    }[field]
    with pytest.raises(TypeError, match="Conversation a holds a value of the wrong type") as caught:
        write(whole.model_copy(update={field: wrong}), write(whole))
    assert "canary" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_it_is_refused_whatever_else_was_told_to_be_ignored_before() -> None:
    whole = finished("a")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(TypeError):
            write(whole.model_copy(update={"misses": "canary"}))
