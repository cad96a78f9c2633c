"""Readings of home devices are recognised in the patient's words, and other numbers are not taken for them."""

import pytest

from dialogue.understanding import Lexicon, understand
from policies.loading import load_ruleset

LEXICON = Lexicon.build(load_ruleset().findings, "en")


def read(text: str) -> dict[str, object]:
    vitals = {"systolic", "diastolic", "pulse", "breath_rate", "oxygen_saturation", "temperature", "glucose"}
    return {fact.finding: fact.value for fact in understand(text, LEXICON).facts if fact.finding in vitals}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my bp is 190/120", {"systolic": 190, "diastolic": 120}),
        ("BP 185 over 115 this morning", {"systolic": 185, "diastolic": 115}),
        ("the top number is 170 and the bottom number is 105", {"systolic": 170, "diastolic": 105}),
        ("pulse 140 and sats 91", {"pulse": 140, "oxygen_saturation": 91}),
        ("resting heart rate of 38", {"pulse": 38}),
        ("the clip on her finger says oxygen 88%", {"oxygen_saturation": 88}),
        ("o2 is 84", {"oxygen_saturation": 84}),
        ("SpO2 meter on my finger says 84", {"oxygen_saturation": 84}),
        ("215 over 130 and my chest aches", {"systolic": 215, "diastolic": 130}),
        ("I was outside and have a temperature of 39", {"temperature": 39}),
        ("RR 34, HR 130, T 39.2", {"breath_rate": 34, "pulse": 130, "temperature": 39.2}),
        ("respiratory rate 28", {"breath_rate": 28}),
        ("I counted 40 breaths a minute", {"breath_rate": 40}),
        ("hr was 44", {"pulse": 44}),
        ("resps normal, temp 38.6", {"temperature": 38.6}),
    ],
)
def test_reading_is_understood(text: str, expected: dict[str, float]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "mmol"),
    [
        ("my sugar is 12.5", 12.5),
        ("blood sugar 22 mmol/l", 22),
        ("My blood sugar is 320", 17.76),
        ("glucose is 40 mg/dL", 2.22),
        ("sugar was 35 mg/dl", 1.94),
        ("my son is 6, his sugar was 18 mmol", 18),
    ],
)
def test_sugar_is_understood_in_the_unit_it_was_said_in(text: str, mmol: float) -> None:
    assert read(text) == {"glucose": pytest.approx(mmol, abs=0.01)}


@pytest.mark.parametrize(
    "text",
    [
        "I take bisoprolol for my blood pressure, 5 mg",
        "I am 82 and on oxygen, 2 litres",
        "the pain is 9/10",
        "about 100 people over 50 were there",
        "I have had pressure in my head for 80 days",
        "it was 41 degrees outside today",
        "after 1 hr 20 people had left",
    ],
)
def test_other_number_is_no_reading(text: str) -> None:
    assert read(text) == {}


def test_a_reading_says_that_there_is_one() -> None:
    facts = {fact.finding for fact in understand("HR 34 and dizzy", LEXICON).facts}
    assert "home_reading" in facts
