"""Answers in a patient's own words, to each kind of question."""

import pytest

from tests.dialogue.understanding.sample import asking, heard, told

GROUP = ("cough", "fever", "headache", "vomiting")


@pytest.mark.parametrize(
    ("text", "present"),
    [
        ("none of these", ""),
        ("none", ""),
        ("no", ""),
        ("no, nothing like that", ""),
        ("5", ""),
        ("the first two", "cough fever"),
        ("the last one", "vomiting"),
        ("first and last", "cough vomiting"),
        ("1 and 3", "cough headache"),
        ("yes, the second", "fever"),
        ("yes 1 and 3", "cough headache"),
        ("1,3", "cough headache"),
        ("2", "fever"),
        ("the first one and the third one", "cough headache"),
        ("both the first and the second", "cough fever"),
        ("all of them", "cough fever headache vomiting"),
        ("all except fever", "cough headache vomiting"),
        ("everything but the cough", "fever headache vomiting"),
        ("cough and fever", "cough fever"),
        ("just a cough", "cough"),
        ("I have a cough but no fever", "cough"),
        ("fever yes, cough no, the rest no", "fever"),
    ],
)
def test_an_answer_decides_every_finding_of_a_group(text: str, present: str) -> None:
    wanted = {name: "present" if name in present.split() else "absent" for name in GROUP}
    assert told(text, asking("multi_choice", *GROUP)) == wanted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no fever", {"fever": "absent"}),
        ("no cough or fever", {"cough": "absent", "fever": "absent"}),
        ("maybe a cough", {"cough": "unsure"}),
        ("cough no", {"cough": "absent"}),
        ("i have chest pain no, really bad", {"chest_pain": "present"}),
        ("and my knee hurts", {}),
        ("i have no idea what that means", {}),
        ("not sure what it means", {}),
        ("both", {}),
        ("n my knee hurts", {}),
        ("yes", {}),
        ("what?", {}),
        ("9", {}),
    ],
)
def test_an_unclear_answer_to_a_group_states_nothing(text: str, expected: dict[str, str]) -> None:
    assert told(text, asking("multi_choice", *GROUP)) == expected


@pytest.mark.parametrize(
    ("text", "status"),
    [
        *((text, "present") for text in ("yes", "Yep!", "y", "I do", "yes please", "of course", "I think so")),
        *((text, "present") for text in ("a little", "sometimes", "1")),
        *((text, "absent") for text in ("no", "Nope.", "n", "I don't", "not that I know of", "definitely not")),
        *((text, "absent") for text in ("nah", "2", "no fever", "yes, no wait, no")),
    ],
)
def test_yes_and_no(text: str, status: str) -> None:
    assert told(text, asking("yes_no", "fever")) == {"fever": status}


@pytest.mark.parametrize("text", ["hm", "what", "purple", "maybe", "", "I have a dog", "it is a long story"])
def test_neither_yes_nor_no(text: str) -> None:
    understood = heard(text, asking("yes_no", "fever"))
    assert (understood.facts, understood.affirmed) == ((), None)


@pytest.mark.parametrize(
    ("finding", "text", "value"),
    [
        ("severity", "8 out of 10", 8.0),
        ("severity", "about a 7", 7.0),
        ("severity", "ten!!", 10.0),
        ("severity", "seven or eight", 8.0),
        ("severity", "unbearable", 10.0),
        ("severity", "no pain", 0.0),
        ("symptom_duration", "about a week", 7.0),
        ("symptom_duration", "2", 2.0),
        ("symptom_duration", "a few hours", 0.12),
        ("symptom_duration", "this morning", 0.3),
        ("symptom_duration", "years", 730.0),
        ("symptom_duration", "26 weeks", 182.0),
        ("temperature", "37.5", 37.5),
        ("temperature", "98.6", 37.0),
        ("age", "34", 12418.5),
        ("age", "5 weeks", 35.0),
        ("age", "thirty four", 12418.5),
        ("age", "2 and a half", 913.12),
    ],
)
def test_numbers(finding: str, text: str, value: float) -> None:
    kind = {"severity": "scale", "temperature": "number"}.get(finding, "duration")
    assert told(text, asking(kind, finding)) == {finding: value}


@pytest.mark.parametrize(("text", "celsius"), [("38.5", 38.5), ("101", 38.33), ("38", 38.0)])
def test_a_high_temperature_is_a_fever(text: str, celsius: float) -> None:
    assert told(text, asking("number", "temperature")) == {"temperature": celsius, "fever": "present"}


@pytest.mark.parametrize(("finding", "text"), [("severity", "11"), ("temperature", "12"), ("age", "940")])
def test_an_impossible_number_is_not_taken(finding: str, text: str) -> None:
    assert told(text, asking("number", finding)) == {}


@pytest.mark.parametrize("text", ["I haven't taken it", "no thermometer", "not taken", "no"])
def test_a_number_that_the_patient_does_not_know(text: str) -> None:
    assert told(text, asking("number", "temperature")) == {"temperature": "unknown"}


@pytest.mark.parametrize(
    ("text", "value"),
    [("getting worse", "worse"), ("not any better", "worse"), ("a bit better", "better"), ("the second", "same")],
)
def test_choices(text: str, value: str) -> None:
    assert told(text, asking("choice", "course")) == {"course": value}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("none", "absent"),
        ("I don't take any", "absent"),
        ("lisinopril and aspirin", "lisinopril and aspirin"),
        ("yes, aspirin", "yes, aspirin"),
        ("yes", "present"),
    ],
)
def test_free_text(text: str, expected: str) -> None:
    assert told(text, asking("text", "medicines")) == {"medicines": expected}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("me, 34, female", {"who": "me", "age": 12418.5, "sex": "female"}),
        ("my son, 3", {"who": "my_child", "age": 1095.75, "sex": "male"}),
        ("me, a mother of 2, 35, female", {"who": "me", "age": 12783.75, "sex": "female"}),
        ("me, 16, girl", {"who": "me", "age": 5844.0, "sex": "female"}),
        ("me, 80, a widow. My husband did this", {"who": "me", "age": 29220.0, "sex": "female"}),
        ("my husband, 61", {"who": "someone_else", "age": 22280.25, "sex": "male"}),
        ("F 62", {"age": 22645.5, "sex": "female"}),
        ("1", {"who": "me"}),
        ("34", {"age": 12418.5}),
        ("no idea", {}),
        ("headache for 3 days", {"headache": "present", "symptom_duration": 3.0}),
        ("I am 34, coughing for a week", {"age": 12418.5, "cough": "present", "symptom_duration": 7.0}),
    ],
)
def test_several_things_asked_together(text: str, expected: dict[str, str | float]) -> None:
    assert told(text, asking("choice", "who", "age", "sex")) == expected


def test_an_answer_may_say_more_than_was_asked() -> None:
    heard_too = told("yes, 38.9, and my chest hurts", asking("yes_no", "fever"))
    assert heard_too == {"fever": "present", "temperature": 38.9, "chest_pain": "present"}
