"""Numbers with their units: age, how long, temperature, how bad, weeks of pregnancy."""

import pytest

from tests.dialogue.understanding.sample import told


@pytest.mark.parametrize(
    ("text", "finding", "value"),
    [
        ("fever of 38.5", "temperature", 38.5),
        ("temp was 101.3", "temperature", 38.5),
        ("temp back up to 40", "temperature", 40.0),
        ("pulse 110 temp 39", "temperature", 39.0),
        ("fever, pulse is 40", "temperature", None),
        ("104.5°F this morning", "temperature", 40.28),
        ("38,5 C", "temperature", 38.5),
        ("headache for three days", "symptom_duration", 3.0),
        ("i have a headache. left side 3 months; worse lying down", "symptom_duration", 91.31),
        ("headache for about a week", "symptom_duration", 7.0),
        ("cough for 2-3 weeks", "symptom_duration", 21.0),
        ("cough for a week and a half", "symptom_duration", 10.5),
        ("headache since yesterday", "symptom_duration", 1.0),
        ("headache for two, no, three days", "symptom_duration", 3.0),
        ("headache for two days, no wait, three days", "symptom_duration", 3.0),
        ("knee pain for five weeks, no swelling. A rest of two days helps", "symptom_duration", 35.0),
        ("my cough started five weeks ago", "symptom_duration", 35.0),
        ("my headache started a year ago", "symptom_duration", 365.25),
        ("about a year ago my headache began", "symptom_duration", 365.25),
        ("headache for 3 hours on most evenings for 2 weeks", "symptom_duration", 14.0),
        ("headache on most days for 2 months", "symptom_duration", 60.88),
        ("headache, 8/10", "severity", 8.0),
        ("headache 8 out of 10", "severity", 8.0),
        ("headache, pain 4/10, eased by rest", "severity", 4.0),
        ("unwell since yesterday, 3 weeks old", "age", 21.0),
        ("my knee pain is 4/10", "severity", 4.0),
        ("im 34 yo with a cough", "age", 12418.5),
        ("he is 6 months old", "age", 182.62),
        ("24 weeks pregnant", "gestation_weeks", 24.0),
        ("I'm only 31 weeks and having pains", "gestation_weeks", 31.0),
        ("my wife is 34 weeks and has a headache", "gestation_weeks", 34.0),
        ("bleeding a lot at 20 weeks", "gestation_weeks", 20.0),
        ("my head hurts and I can't see, 35 weeks", "gestation_weeks", 35.0),
        ("12 weeks and cramping with clots", "gestation_weeks", 12.0),
        ("33 weeks with a bad headache", "gestation_weeks", 33.0),
        ("i'm 36+2 and have a headache", "gestation_weeks", 36.0),
        ("at 33 weeks I've got a headache", "gestation_weeks", 33.0),
    ],
)
def test_measured(text: str, finding: str, value: float | None) -> None:
    assert told(text).get(finding) == value


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("I smoke 20 a day and cough", "severity"),
        ("cough, took it 3 times", "severity"),
        ("he has spat up milk since about 3 weeks old", "age"),
        ("I had a fever when I was 8", "age"),
        ("I have a cough and got two girls", "age"),
        ("cough, scan booked for 12 weeks", "symptom_duration"),
        ("I take my pill every 2 days and have a cough", "symptom_duration"),
        ("a cough each June for several years", "symptom_duration"),
        ("stomach cramps with each period for 2 years", "symptom_duration"),
        ("a headache, two children at nursery had it two weeks ago", "symptom_duration"),
        ("24 weeks pregnant with a cough", "symptom_duration"),
        ("headache, blood pressure 120 over 80", "severity"),
        ("a rash since a 95 F heat wave", "temperature"),
        ("fever after her one year shots", "symptom_duration"),
        ("I'm 6 weeks post op and have a cough", "gestation_weeks"),
        ("cough for 20 weeks", "gestation_weeks"),
        ("I am 12 weeks after my operation", "gestation_weeks"),
        ("my baby is 6 weeks and has a fever", "gestation_weeks"),
        ("headache, 3 weeks", "gestation_weeks"),
        ("i'm 36+2 and have a headache", "age"),
        ("sugar test, hba1c 65 and a headache", "glucose"),
        ("it was 250 degrees in the oven when I got the headache", "temperature"),
    ],
)
def test_not_measured(text: str, finding: str) -> None:
    assert finding not in told(text)
