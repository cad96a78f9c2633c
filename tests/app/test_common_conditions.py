"""Common conditions of babies, children, pregnancy and after a birth, whose words look like those of something worse;
beside each, the dangers in nearly the same words. Each was judged wrongly once.
"""

from typing import Literal, NamedTuple

import pytest

from app.screening import Message, screen
from tests.stage import clinic

RANKS = ["LOW", "MEDIUM", "HIGH", "EMERGENCY"]


class Told(NamedTuple):
    age: float
    sex: Literal["female", "male"]
    text: str


def level(told: Told) -> int:
    found = screen(Message(id=1, text=told.text, age_years=told.age, sex=told.sex), clinic(), "en")["level"]
    return -1 if found is None else RANKS.index(found)


COMMON = [
    Told(0.6, "female", "bright red skin in the nappy area for two days"),
    Told(0.7, "male", "red raw bum for a couple of days, drinking his bottles as usual"),
    Told(1.2, "female", "Her fever of three days settled yesterday and now she has a pink rash on her tummy"),
    Told(3, "male", "He sits up screaming an hour after falling asleep and remembers nothing"),
    Told(5, "male", "Both calves ache in the evening for two months, gone by morning"),
    Told(0.2, "male", "My 8 week old has not pooped for 4 days, but it is soft when it comes"),
    Told(4, "female", "small pearly bumps with a dimple on her belly for three months"),
    Told(28, "female", "I'm 20 weeks pregnant with thin white discharge. No smell, no itch, baby moving"),
    Told(30, "female", "I'm 30 weeks pregnant with leg cramps at night. Worse lying down, baby moving normally"),
    Told(30, "female", "It is three days after a normal birth and I am tearful"),
    Told(27, "female", "four days since having her and I keep bursting into tears over nothing"),
    Told(19, "female", "Nearly fainted when they took my blood"),
    Told(48, "female", "I take ramipril and have had a cough and a runny nose for four days"),
    Told(52, "female", "I took two loratadine instead of one this morning by mistake"),
    Told(21, "female", "My boyfriend broke up with me last week and I feel sad"),
    Told(27, "female", "Sore lumpy breasts the week before my period, both sides"),
    Told(79, "female", "dry skin like sandpaper every winter"),
    Told(55, "male", "PMH: gout, migraines. Runny nose for two days"),
    Told(41, "female", "A runny nose for three days. History: heavy periods, kidney stones"),
]

DANGERS = [
    Told(29, "female", "no pain, baby moving less today, 32 weeks"),
    Told(29, "female", "no itch, no discharge, baby has stopped moving"),
    Told(29, "female", "I am 28 weeks, no movements"),
    Told(29, "female", "there is no sign of baby moving today"),
    Told(3, "male", "He barks like a seal and there is a noise when he breathes in"),
    Told(3, "male", "coughs like a seal and struggles for air"),
    Told(70, "male", "bladder bursting, can't pee at all"),
    Told(29, "female", "I gave birth five days ago, I hear voices telling me to hurt her"),
    Told(29, "female", "four days after the birth and I feel hopeless and want to die"),
    Told(0.1, "male", "My 5 week old has not pooed for 4 days and is vomiting green"),
    Told(60, "male", "burning in my chest after dinner, sweating and short of breath"),
    Told(1, "male", "fever settled yesterday but now he is floppy with purple spots"),
    Told(70, "female", "Mum suddenly only says one word over and over and her face droops"),
    Told(20, "female", "my boyfriend broke up with me and beat me last night"),
    Told(48, "female", "takes ramipril, cough and runny nose four days and now my tongue is swelling"),
    Told(52, "female", "I took two loratadine and two amitriptyline instead of one by mistake"),
    Told(55, "male", "PMH: gout, asthma. Chest pain since this morning and sweating"),
    Told(35, "female", "PMH: migraine. Sudden worst headache of my life"),
    Told(50, "male", "PMH: cirrhosis, vomiting blood"),
    Told(33, "male", "PMH: epilepsy, fit lasting ten minutes now"),
]

URGENT = [
    Told(29, "female", "My two week old feeds well, my right breast is hot and red and I have a fever of 39"),
    Told(29, "female", "My three week old feeds fine but one breast is red and sore and I feel shivery"),
    Told(29, "female", "gave birth 3 weeks ago and I am tearful every day"),
    Told(29, "female", "gave birth 6 days ago, I don't feel anything for my baby and cry all day"),
    Told(8, "male", "aches in both legs at night, limps in the morning"),
    Told(45, "female", "heavy periods for six months and now breathless at rest"),
    Told(28, "female", "back from India, diarrhoea for two days, fever 39"),
    Told(3, "male", "My 3 year old was given two cetirizine instead of one"),
]


@pytest.mark.parametrize("told", COMMON)
def test_what_is_common_is_not_taken_for_worse(told: Told) -> None:
    assert level(told) <= RANKS.index("LOW")


@pytest.mark.parametrize("told", URGENT)
def test_what_should_be_seen_today_still_is(told: Told) -> None:
    assert level(told) >= RANKS.index("HIGH")


@pytest.mark.parametrize("told", DANGERS)
def test_the_danger_in_nearly_the_same_words_pages(told: Told) -> None:
    assert level(told) == RANKS.index("EMERGENCY")


def test_a_barking_cough_with_no_noise_on_breathing_in_is_mild_croup() -> None:
    assert level(Told(2.5, "female", "She coughs like a seal at night, in the day she runs around")) == RANKS.index(
        "MEDIUM"
    )
