"""Whatever string a model returns, nothing but the nurse's draft depends on it: 100,000 of them."""

import asyncio

import pytest

from benchmarks.isolation import Waiting, answers
from llm.assessor import Assessor
from llm.breaker import Breaker
from tests.llm.fake_model import FakeModel


@pytest.fixture(scope="module")
def waiting() -> Waiting:
    return Waiting.made()


def test_no_answer_changes_state_level_page_duties_or_what_the_patient_sees(waiting: Waiting) -> None:
    harmed = [(answer, harm) for answer in answers(waiting.case, 100_000, seed=1) if (harm := waiting.harm(answer))]
    assert harmed == []


def test_the_assessor_makes_of_an_answer_what_is_tried_here(waiting: Waiting) -> None:
    for answer in answers(waiting.case, 60, seed=2):
        assessor = Assessor(FakeModel([answer, answer]), None, Breaker(lambda: 0.0))
        assessment = asyncio.run(assessor.assess(waiting.case))
        tried = waiting.assessed(answer)
        assert (assessment.origin, assessment.draft) == (tried.origin, tried.draft)
