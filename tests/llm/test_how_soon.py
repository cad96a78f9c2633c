"""How soon a patient is to be seen."""

import pytest

from llm.how_soon import how_soon
from policies.case import Case, Fired
from policies.levels import Level
from policies.readability import grade
from policies.review import review
from tests.cases import CASE, DRAFT


def case(level: Level) -> Case:
    return CASE.model_copy(update={"level": level})


THEIRS = Fired(rule="made_up", level=Level.EMERGENCY, because="Made up.", source="A made-up source", person="my son")


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("fired", [CASE.fired, (THEIRS,)])
def test_the_sentence_alone_is_a_message_that_passes_the_review(level: Level, fired: tuple[Fired, ...]) -> None:
    """A model may stop behind it, as small ones do."""
    asked = case(level).model_copy(update={"fired": fired})
    draft = DRAFT.model_copy(update={"level": level, "patient_message": how_soon(asked, level)})
    assert not [each for each in review(draft, asked, ()) if each.code.startswith("message")]
    assert grade(draft.patient_message) <= 6


@pytest.mark.parametrize("level", Level)
def test_the_review_has_nothing_against_a_message_of_that_sentence(level: Level) -> None:
    told = how_soon(case(level), level)
    draft = DRAFT.model_copy(update={"level": level, "patient_message": f"{told} We are here to help."})
    assert review(draft, case(level), ()) == review(DRAFT, CASE, ())


@pytest.mark.parametrize("level", Level)
def test_who_writes_for_a_child_is_told_about_the_child(level: Level) -> None:
    theirs = case(level).model_copy(update={"proxy": True, "called": "your son"})
    draft = DRAFT.model_copy(update={"level": level, "patient_message": how_soon(theirs, level)})
    assert "your son" in draft.patient_message.casefold()
    assert not [each for each in review(draft, theirs, ()) if each.code.startswith("message")]
    assert grade(draft.patient_message) <= 6


def test_somebody_else_is_helped_where_the_danger_is_theirs() -> None:
    theirs = case(Level.EMERGENCY).model_copy(update={"fired": (THEIRS,)})
    assert "for them" in how_soon(theirs, Level.EMERGENCY)
    assert "for them" not in how_soon(case(Level.EMERGENCY), Level.EMERGENCY)
