"""Whether a message speaks of now or of the past."""

import pytest

from tests.dialogue.understanding.sample import told


@pytest.mark.parametrize(
    ("text", "finding", "expected"),
    [
        ("I had a stroke in 2010", "stroke", "past"),
        ("I had a heart attack two years ago", "heart_attack", "past"),
        ("history of stroke", "stroke", "past"),
        ("a 3-day history of cough and fever", "fever", "present"),
        ("I collapsed when I was a child", "collapsed", "past"),
        ("I collapsed an hour ago", "collapsed", "present"),
        ("I collapsed this morning", "collapsed", "present"),
        ("my headache started two months ago", "headache", "present"),
        ("chest pain again", "chest_pain", "present"),
        ("chest pain twice in the past 2 days", "chest_pain", "present"),
        ("collapsed three times in the past week", "collapsed", "present"),
        ("a fever in the past few hours", "fever", "present"),
        ("I had a stroke in the past", "stroke", "past"),
        ("I had a heart attack in the past 10 years", "heart_attack", "past"),
        ("chest pain in the past 3 months", "chest_pain", "present"),
        ("I collapsed in the past, 10 years ago", "collapsed", "past"),
        ("I collapsed when I was 32", "collapsed", "past"),
        ("when my son was 3 he had a fever", "fever", "past"),
        ("I had a stroke at the age of 50", "stroke", "past"),
        ("since I turned 50 I have chest pain", "chest_pain", "present"),
        ("I'm 29. Past: a stroke at age 19, asthma", "stroke", "past"),
        ("chest pain at age 34", "chest_pain", "present"),
        ("I had a stroke at age 50 and have chest pain", "chest_pain", "present"),
        ("I was 8 stone and collapsed", "collapsed", "present"),
        ("ten years ago I had a stroke and now get headaches", "stroke", "past"),
        ("ten years ago I had a stroke and now a headache", "headache", "present"),
        ("ten years ago I had a stroke and now again", "stroke", "present"),
        ("I was born in 1950 and have a weak leg", "leg_weak", "present"),
        ("I was ill in my twenties and had a weak leg", "leg_weak", "unsure"),
        ("I was ill in my twenties and now have a weak leg", "leg_weak", "present"),
        ("all at once had chest pain", "chest_pain", "present"),
    ],
)
def test_now_or_past(text: str, finding: str, expected: str) -> None:
    assert told(text)[finding] == expected


@pytest.mark.parametrize(
    "text",
    [
        "my leg has been weak for years",
        "I have had a weak leg since birth",
        "for 12 years I have a weak leg",
        "9 years after the stroke and still can not move my leg",
        "my leg has always been weak",
    ],
)
def test_a_finding_known_for_years_is_not_a_present_danger(text: str) -> None:
    assert told(text)["leg_weak"] == "past"


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("asthma for 20 years cant breathe", "cannot_breathe"),
        ("smoking for 30 years and I cant breathe", "cannot_breathe"),
        ("cant breathe been smoking for 30 years", "cannot_breathe"),
        ("my leg has been weak for years and since this morning I cant move my leg", "leg_weak"),
        ("I cant move my leg, I've always had poor circulation", "leg_weak"),
        ("I cant move my leg I have always had bad knees", "leg_weak"),
        ("I cant breathe since the birth", "cannot_breathe"),
        ("two years my wife has lived here and she cant move her leg", "leg_weak"),
    ],
)
def test_years_of_something_else_do_not_date_a_finding(text: str, finding: str) -> None:
    assert told(text)[finding] != "past"


def test_a_sentence_can_date_the_one_before() -> None:
    assert told("I had a headache and I was vomiting. That was over a month ago.") == {
        "headache": "past",
        "vomiting": "past",
    }
    assert told("I have a headache. My operation was a year ago.")["headache"] == "present"
