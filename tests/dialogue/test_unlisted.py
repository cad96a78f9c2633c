"""A complaint that could not be read: it counts for "something else" until the patient's own words name it."""

import pytest

from app.interviewing import Interview, Script, interview
from tests.stage import clinic


def played(opening: str, present: str, absent: str = "no fever") -> Interview:
    script = Script(id=1, opening=opening, age_years=45, sex="female", present=present, absent=absent)
    return interview(script, clinic(), "en")


def something_else(done: Interview) -> list[str]:
    return [fact["status"] for fact in done["facts"] if fact["id"] == "other_complaint"]


def test_own_words_that_begin_with_what_it_is_settle_it() -> None:
    done = played("it has come up again", "a stye on the eyelid since yesterday, waters a little")
    assert something_else(done) == ["present", "absent"]
    assert done["level"] == "LOW"


@pytest.mark.parametrize(
    "present", ["it has come up on the shin, athlete's foot", "scratched by a bramble, it spreads, athlete's foot"]
)
def test_what_is_told_besides_does_not_settle_it(present: str) -> None:
    done = played("it has come up again", present)
    assert something_else(done) == ["present"]
    assert done["level"] in {"MEDIUM", "HIGH"}


def test_a_symptom_that_was_read_stays_something_else() -> None:
    done = played("lump in my neck", "hoarse for two days")
    assert something_else(done) == ["present"]
