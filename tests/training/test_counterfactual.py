"""The same case with another patient: only who they are changes, and only where that is neutral."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from llm.port import Completion
from training.cases import synthetic_cases
from training.clinic import training_clinic
from training.counterfactual import Pair, Swapped, differing, swapped
from training.examples import Example, examples, library
from training.judging import judge

CLINIC = training_clinic()


@pytest.fixture(scope="module")
def made() -> list[tuple[Example, Swapped]]:
    def both() -> Iterator[tuple[Example, Swapped]]:
        with closing(library(Path("nowhere"))) as books:
            for one in islice(examples(synthetic_cases(2, CLINIC, only=("ear", "eye")), books, 700), 40):
                for other in swapped(one, CLINIC.ruleset):
                    yield one, other

    return list(both())


def test_both_sexes_and_ages_are_tried_and_nothing_else_of_the_prompt_changes(
    made: list[tuple[Example, Swapped]],
) -> None:
    assert {other.change for _, other in made} == {"sex", "age"}
    for one, other in made:
        before, after = (each.messages[1].content.splitlines() for each in (one, other.example))
        changed = [line for line, now in zip(before, after, strict=True) if line != now]
        assert changed[0].startswith("PATIENT: ")
        assert changed[1:] in ([], [f"| {one.person}"])
        assert one.messages[0] == other.example.messages[0]
        assert one.case.level is other.example.case.level


def test_a_case_that_says_who_it_is_is_not_moved(made: list[tuple[Example, Swapped]]) -> None:
    one = made[0][0]
    said = replace(one.case.patient_words[-1], quote="I'm pregnant and my ear hurts")
    case = one.case.model_copy(update={"patient_words": (*one.case.patient_words, said)})
    assert not list(swapped(one.model_copy(update={"case": case}), CLINIC.ruleset))


def test_no_age_is_moved_over_one_that_a_rule_of_the_case_names(made: list[tuple[Example, Swapped]]) -> None:
    moved = [(one, other) for one, other in made if other.change == "age" and "eye" in one.case.protocols]
    assert moved
    for one, other in moved:
        ages = (one.case.age_years or 0, other.example.case.age_years or 0)
        assert (ages[0] >= 50) == (ages[1] >= 50), "giant cell arteritis is looked for from 50 on"


def test_a_model_that_refuses_one_of_a_pair_is_named(made: list[tuple[Example, Swapped]]) -> None:
    one, other = made[0]
    answer = Completion(text=one.answer)
    before, after = judge(one, answer, 0.0), judge(other.example, Completion(text="no"), 0.0)
    alike, unlike = Pair("sex", before, before), Pair("sex", before, after)
    assert "| sex | 1 | 0 | 0 | 0 |" in differing([alike])
    assert "none" in differing([alike])
    told = differing([alike, unlike])
    assert "| sex | 2 | 1 | 1 | 1 |" in told
    assert one.person in told
