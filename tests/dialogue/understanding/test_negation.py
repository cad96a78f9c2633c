"""What is denied, what is not, and where the reach of a denial is better asked."""

import pytest

from policies.facts import Status
from tests.dialogue.understanding.sample import heard, told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no fever", {"fever": "absent"}),
        ("I have no fever", {"fever": "absent"}),
        ("without fever", {"fever": "absent"}),
        ("I don't have a fever", {"fever": "absent"}),
        ("no fever or cough", {"fever": "absent", "cough": "absent"}),
        ("no fever, cough or headache", {"fever": "absent", "cough": "absent", "headache": "absent"}),
        ("neither fever nor cough", {"fever": "absent", "cough": "absent"}),
        ("fever: no", {"fever": "absent"}),
        ("the fever is gone", {"fever": "absent"}),
        ("a headache; none at night", {"headache": "present"}),
        ("a headache: none", {"headache": "absent"}),
        ("no fever but my head hurts", {"fever": "absent", "headache": "present"}),
        ("I have a cough but no fever", {"cough": "present", "fever": "absent"}),
        ("I can't breathe", {"cannot_breathe": "present"}),
        ("no relief from this headache", {"headache": "present"}),
        ("not only a headache, also vomiting", {"headache": "present", "vomiting": "present"}),
        ("no fever, chest pain since noon", {"fever": "absent", "chest_pain": "present", "symptom_duration": 0.3}),
        ("no fever, collapsed in the shower", {"fever": "absent", "collapsed": "present"}),
        ("no fever, diabetic, vomiting", {"fever": "absent", "vomiting": "present"}),
        ("no cough or fever, chest pain", {"cough": "absent", "fever": "absent", "chest_pain": "unsure"}),
        ("it's not that I don't have chest pain", {"chest_pain": "unsure"}),
    ],
)
def test_denial(text: str, expected: dict[str, str | float]) -> None:
    assert told(text) == expected


def test_a_danger_after_a_denied_thing_is_asked_back() -> None:
    facts = {fact.finding: fact for fact in heard("no fever, chest pain").facts}
    assert facts["chest_pain"].status is Status.PRESENT
    assert not facts["chest_pain"].certain


def test_a_denial_holds_inside_a_longer_claim() -> None:
    assert told("I got up, I never collapsed")["collapsed"] == "absent"


def test_a_claim_after_a_denied_thing_stays_present_inside_a_longer_claim() -> None:
    assert told("I got up with no cough and then I collapsed")["collapsed"] == "present"
