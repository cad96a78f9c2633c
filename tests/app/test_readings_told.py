"""A reading told beside a symptom: a normal one raises nothing, an abnormal one has the level of its own rule."""

import pytest

from app.screening import Message, screen
from tests.stage import clinic


def level(text: str, age: float) -> str | None:
    return screen(Message(id=1, text=text, age_years=age), clinic(), "en")["level"]


@pytest.mark.parametrize(
    "reading", ["pulse 70", "pulse 98", "oxygen 97%", "14 breaths a minute", "20 breaths a minute"]
)
@pytest.mark.parametrize("symptom", ["Sore throat for two days", "Cough for two days", "I have heartburn"])
def test_a_normal_reading_beside_a_symptom_sets_no_level(symptom: str, reading: str) -> None:
    assert level(f"{symptom}, {reading}", 34) == "LOW"


@pytest.mark.parametrize(
    ("reading", "age", "expected"),
    [
        ("8 breaths a minute", 34, "EMERGENCY"),
        ("11 breaths a minute", 34, "HIGH"),
        ("21 breaths a minute", 34, "HIGH"),
        ("24 breaths a minute", 78, "HIGH"),
        ("25 breaths a minute", 34, "EMERGENCY"),
        ("22 breaths a minute", 14, "HIGH"),
        ("28 breaths a minute", 7, "HIGH"),
        ("44 breaths a minute", 1.5, "HIGH"),
        ("10 breaths a minute", 4, "EMERGENCY"),
        ("pulse 42", 34, "HIGH"),
        ("pulse 48", 34, "MEDIUM"),
        ("pulse 102", 34, "MEDIUM"),
        ("pulse 112", 78, "MEDIUM"),
        ("pulse 120", 34, "HIGH"),
        ("pulse 150", 34, "EMERGENCY"),
        ("pulse 145", 4, "HIGH"),
        ("pulse 155", 1.5, "HIGH"),
        ("pulse 108", 10, "MEDIUM"),
        ("pulse 50", 4, "HIGH"),
        ("pulse 66", 1.5, "HIGH"),
        ("oxygen 95%", 34, "MEDIUM"),
        ("oxygen 94%", 34, "HIGH"),
        ("oxygen 89%", 34, "EMERGENCY"),
        ("oxygen 94%", 4, "HIGH"),
        ("oxygen 91%", 4, "EMERGENCY"),
    ],
)
@pytest.mark.parametrize("symptom", ["Sore throat for two days", "My ankle is sprained", "Cough for two days"])
def test_an_abnormal_reading_has_its_level_whatever_else_was_told(
    symptom: str, reading: str, age: float, expected: str
) -> None:
    assert level(f"{symptom}, {reading}", age) == expected


@pytest.mark.parametrize(("reading", "age"), [("pulse 130", 1.5), ("pulse 110", 4), ("30 breaths a minute", 1.5)])
def test_what_is_normal_in_a_small_child_sets_no_level(reading: str, age: float) -> None:
    assert level(f"Cough for two days, {reading}", age) == "LOW"


def test_a_slowish_pulse_counts_beside_dizziness() -> None:
    assert level("I feel dizzy, pulse 55", 70) == "MEDIUM"


def test_a_reading_that_is_all_that_was_told_has_its_protocol_s_level() -> None:
    assert level("My oxygen is 97", 34) == "HIGH"
