"""A message that speaks of two people: each is judged by their own findings, and the danger of either pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.screening import Message, screen
from tests.stage import clinic


def decided(text: str, age_years: float | None = None, sex: str | None = None) -> str:
    return screen(Message(id=1, text=text, age_years=age_years, sex=sex), clinic(), "en")["decision"]


@pytest.mark.parametrize(
    "text",
    [
        "I feel a bit sick, and my husband has collapsed and isn't breathing",
        "I had my baby 10 days ago, fever 39 and shaking",
        "I have a sore throat. My wife has crushing chest pain and is sweating",
        "My back aches and my 2 year old is having a seizure right now",
        "I have a cough and my daughter has a fever and a stiff neck",
        "my mother has a headache and my son has collapsed and won't wake up",
        "I've had a runny nose all week. My dad's face is drooping and his speech is slurred",
        "my daughter has a cold, my son swallowed bleach",
        "I have an itchy rash and my roommate took a whole bottle of pills",
        "I need a refill for my blood pressure. Also my baby has turned blue",
        "my ankle is sore and my friend is choking",
        "my knee hurts, and my neighbour says he wants to kill himself",
        "I have a headache and my toddler has just swallowed a button battery",
    ],
)
def test_a_danger_to_somebody_else_pages_at_once(text: str) -> None:
    assert decided(text) == "page"


@pytest.mark.parametrize(
    "text",
    [
        "My son has a fever. He has a stiff neck. The boy is very drowsy",
        "My husband has chest pain. He is sweating and he looks grey",
        "The patient has a fever and the patient has a stiff neck",
        "My 3 year old has a fever and his neck is stiff",
        "My 3 year old daughter has a fever and the girl has a stiff neck",
        "my baby has a fever and my son has a stiff neck",
        "our daughter has a fever, the girl has a stiff neck",
        "my wife has a fever. she has a stiff neck",
        "My partner has a fever and my husband has a stiff neck",
        "my mum has a fever and mother has a stiff neck",
        "my son has a fever. my boy has a stiff neck",
        "my child has a fever. she has a stiff neck and a purple rash",
        "my son has a fever. She has a stiff neck",
        "he has a fever. my husband has a stiff neck",
        "my son was hit on the head by his friend and is vomiting and very drowsy",
    ],
)
def test_one_person_under_several_names_still_pages(text: str) -> None:
    assert decided(text) == "page"


@pytest.mark.parametrize(
    "text",
    [
        "My son has a fever and my husband is worried. He has a stiff neck",
        "My husband has a headache and my son has a fever. He has a stiff neck",
        "My son has a fever and my husband has a headache. He has a stiff neck",
    ],
)
def test_an_ambiguous_pronoun_is_read_so_that_it_pages(text: str) -> None:
    assert decided(text) == "page"


@pytest.mark.parametrize(
    "text",
    [
        "My sister has a runny nose. Back pain and I can't control my bladder",
        "My sister has a runny nose. Blood pressure 224/128 and my vision is blurry with a terrible headache",
        "I have a runny nose. Fell on his head from the bunk bed and he keeps vomiting",
        "I have a runny nose. Since the birth my wife hears a voice telling her the baby is the devil",
        "I have a runny nose. Bright green sick from my two week old",
        "I have a runny nose. My wife had the baby a week ago and is bleeding so much she soaks a pad in ten minutes",
    ],
)
def test_a_sentence_that_names_nobody_may_be_about_either_person(text: str) -> None:
    assert decided(text) == "page"


@pytest.mark.parametrize(
    "text",
    [
        "my daughter has a fever and my mother a stiff neck",
        "my daughter has a fever and my mother has a stiff neck",
        "My son has a fever. My wife has a stiff neck",
        "My 3 year old has a fever and my 10 year old has a stiff neck",
        "I have a fever and my husband has a stiff neck",
        "My neck is stiff and my son has a fever",
        "my brother has a fever and my sister has a stiff neck",
        "my oldest son has a fever and my youngest son has a stiff neck",
        "my son has a fever and my other son has a stiff neck",
        "my son has vomiting and my daughter has a stiff neck",
        "My wife is 30 weeks pregnant and my sister has a bad headache",
        "My son had a fever last year and my daughter has a stiff neck",
    ],
)
def test_findings_of_two_people_are_never_combined(text: str) -> None:
    assert decided(text) != "page"


@pytest.mark.parametrize(
    "text",
    [
        "I have a headache. My husband had a stroke five years ago",
        "I have a cough. My mother died of a heart attack",
        "my dad had a stroke at 50, I have a cold",
        "I have a cough and my brother had a seizure as a child",
        "There is a family history of stroke and I have a headache",
    ],
)
def test_a_danger_of_long_ago_or_in_the_family_pages_nobody(text: str) -> None:
    assert decided(text) == "none"


@pytest.mark.parametrize(
    "text",
    [
        "nausea, father had a heart attack at 52, sweating, ache in the left arm",
        "I feel sick, my dad had a heart attack at 52, sweating, ache in the left arm",
        "weak and vomiting, father died of a heart attack at 50, sweating, left arm pain, short of breath",
        "A 45-year-old woman with nausea. Mother has type 2 diabetes, vomited twice, very drowsy, cannot be woken",
        "headache, husband works on a farm, fever 39, stiff neck",
        "eye pain, grandmother had glaucoma, sees halos, vomiting",
        "A 3-year-old boy with a cough. Mother has asthma, two older brothers well, stiff neck, fever 39.5",
    ],
)
def test_a_list_goes_on_about_the_patient_after_a_relatives_illness(text: str) -> None:
    assert decided(text) == "page"


@pytest.mark.parametrize(
    "text",
    [
        "A 52-year-old man with a cough. Husband is short of breath, jaw pain",
        "a cough, husband had chest pain this morning, jaw hurts",
        "a cough, sister had a fit an hour ago, hard to wake",
        "cough, my wife collapsed, grey and sweating",
        "a bit tired, husband collapsed, grey and sweating",
        "Mother has diabetes, fell this morning, cannot be woken",
        "I'm worried, my mum had chest pain this morning, jaw hurts",
        "I have a cold. My dad had chest pain just now, left arm hurts",
    ],
)
def test_what_a_relative_has_now_stays_theirs_through_the_list(text: str) -> None:
    assert decided(text) == "page"


@pytest.mark.parametrize(
    "text",
    [
        "A 33-year-old woman with a cold; sister has type 1 diabetes, father had a heart attack at 60, sneezing",
        "tired, uncle had bowel cancer, itchy",
        "I have a cold, my mum had a stroke at 70, sneezing",
    ],
)
def test_a_relatives_illness_in_a_list_is_not_the_patients(text: str) -> None:
    screening = screen(Message(id=1, text=text, age_years=33, sex="female"), clinic(), "en")
    own = {one["id"] for one in screening["findings"] if one["subject"] == "patient" and one["status"] == "present"}
    assert screening["decision"] == "none"
    assert own.isdisjoint({"diabetes", "type_1_diabetes", "cancer", "heart_disease", "stroke_signs"})


def test_an_age_rule_uses_the_age_of_the_person_it_is_about() -> None:
    """38.1 °C is an emergency in the first three months of life."""
    assert decided("I have a headache and my 3 week old has a temperature of 38.1") == "page"
    assert decided("I have a headache and my 3 year old has a temperature of 38.1") == "none"
    assert decided("I have a temperature of 38.1 and my 3 week old has a runny nose", age_years=34.0) == "none"


def test_the_record_tells_whose_each_finding_is() -> None:
    text = "I have a cough and my daughter has a fever and a stiff neck"
    found = screen(Message(id=1, text=text), clinic(), "en")
    whose = {one["id"]: one["subject"] for one in found["findings"]}
    assert (whose["cough"], whose["fever"], whose["neck_stiffness"]) == ("patient", "other", "other")
    worst = max(found["rules"], key=lambda rule: rule["level"] == "EMERGENCY")
    assert worst["because"].startswith("Somebody else (daughter): ")


PERSONS = ["I", "my husband", "my wife", "my son", "my daughter", "my mother", "my dad", "my brother", "my friend"]
SIGNS = [
    "fever",
    "a stiff neck",
    "a headache",
    "a rash that does not fade under a glass",
    "a runny nose",
    "a cough",
    "swollen lips",
    "hives",
    "stomach pain",
    "vomiting",
    "crushing chest pain",
    "a droopy face",
]


def having(person: str, sign: str) -> str:
    return f"{person} {'have' if person == 'I' else 'has'} {sign}"


@given(
    st.lists(st.sampled_from(PERSONS), min_size=2, max_size=2, unique=True),
    st.lists(st.sampled_from(SIGNS), min_size=2, max_size=2, unique=True),
    st.sampled_from(["{} and {}", "{}. {}", "{}, {}", "{} but {}", "Hello. {}. Also {}. Thanks"]),
)
def test_two_people_page_exactly_when_one_of_them_alone_does(who: list[str], signs: list[str], said: str) -> None:
    first, second = (having(person, sign) for person, sign in zip(who, signs, strict=True))
    alone = "page" in {decided(first), decided(second)}
    assert (decided(said.format(first, second)) == "page") is alone


@given(
    st.sampled_from([("my husband", "he"), ("my wife", "she"), ("my son", "the boy"), ("my daughter", "my child")]),
    st.lists(st.sampled_from(SIGNS), min_size=2, max_size=2, unique=True),
    st.sampled_from(["{} and {}", "{}. {}", "I have a runny nose. {} and {}"]),
)
def test_one_person_under_two_names_pages_as_under_one(names: tuple[str, str], signs: list[str], said: str) -> None:
    first, name = names
    once = said.format(having(first, signs[0]), having(first, signs[1]))
    assert decided(said.format(having(first, signs[0]), having(name, signs[1]))) == decided(once)
