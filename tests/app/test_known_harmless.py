"""Complaints that are known and harmless, and words that only look like a danger, beside the dangers in them."""

import pytest

from app.screening import Message, screen
from tests.stage import clinic


def level(text: str, age: float, sex: str) -> str | None:
    return screen(Message(id=1, text=text, age_years=age, sex=sex), clinic(), "en")["level"]


def decision(text: str, age: float, sex: str) -> str:
    return screen(Message(id=1, text=text, age_years=age, sex=sex), clinic(), "en")["decision"]


@pytest.mark.parametrize(
    ("text", "age", "sex", "expected"),
    [
        ("My IBS is playing up, stomach cramps and bloating for three weeks", 29, "female", "LOW"),
        ("My IBS has been getting worse, stomach cramps for three weeks", 29, "female", "MEDIUM"),
        ("I have IBS, stomach cramps for three weeks and I've lost weight", 29, "female", "MEDIUM"),
        ("I'm 62 with IBS and had stomach cramps for four weeks", 62, "female", "MEDIUM"),
        ("IBS for years, now blood in my poo for five weeks", 45, "female", "MEDIUM"),
        ("I think it's IBS, stomach cramps for three weeks", 29, "female", "MEDIUM"),
        ("A hard wart on my finger for three months", 24, "male", "LOW"),
        ("A rough hard lump on my finger, growing for three months", 24, "male", "MEDIUM"),
        ("A rough hard lump on my ear for three months", 72, "male", "MEDIUM"),
        ("Hard lump on his thigh for a month", 10, "male", "HIGH"),
        ("Sunburn since yesterday, red hot skin on my arm", 20, "male", "LOW"),
        ("Sunburn last week, now my leg is red, hot and spreading", 30, "male", "HIGH"),
        ("Greasy yellow crusts on her scalp", 0.25, "female", "LOW"),
        ("Ringing in both ears since a concert, worse in a quiet room", 24, "male", "LOW"),
        ("Ringing in both ears, getting worse", 24, "male", "MEDIUM"),
        ("Sticky eye, yellow discharge", 30, "female", "LOW"),
        ("Yellow discharge down below, fishy smell", 30, "female", "MEDIUM"),
        ("My fingers go white, they tingle as they warm up", 24, "female", "LOW"),
        ("My fingers tingle", 24, "female", "HIGH"),
        ("Itchy red toes in the cold weather, they burn", 45, "female", "LOW"),
        ("My toes burn and tingle since this morning", 45, "female", "HIGH"),
        ("Gritty eyes burn and water, worse by evening", 39, "female", "LOW"),
        ("Dull low back ache after standing, baby moving normally", 29, "female", "LOW"),
        ("I've felt so low since the baby came", 29, "female", "HIGH"),
        ("A bruise on my thigh for 5 days, not growing", 17, "female", "LOW"),
        ("Bright red patch on the white of my eye", 58, "female", "LOW"),
        ("Bright red patch on my shin, hot and spreading", 58, "female", "HIGH"),
        ("Slammed my finger in the door, it is bruised", 38, "male", "LOW"),
        ("One itchy raised lump, slight swelling, not growing", 46, "female", "LOW"),
    ],
)
def test_a_known_complaint_and_its_dangerous_neighbour(text: str, age: float, sex: str, expected: str) -> None:
    assert level(text, age, sex) == expected


@pytest.mark.parametrize(
    ("text", "age", "sex"),
    [
        ("Burning behind my breastbone after big meals", 39, "male"),
        ("Red patches where his nappy touches", 0.7, "male"),
        ("Dribbling and chewing everything, sore gums", 0.6, "male"),
        ("Haven't been for four days, bloated", 45, "female"),
        ("I snore and stop breathing in my sleep", 52, "male"),
        ("Burning behind the breastbone after late heavy meals for a fortnight", 40, "male"),
        ("Eyes streaming, nose like a tap and I've sneezed about 40 times today", 24, "female"),
        ("My calf has blown up since I got back from Thailand", 38, "female"),
    ],
)
def test_what_only_looks_like_a_danger_does_not_page(text: str, age: float, sex: str) -> None:
    assert decision(text, age, sex) != "page"


@pytest.mark.parametrize(
    ("text", "age", "sex"),
    [
        ("A big burn on my chest from the kettle", 39, "male"),
        ("Crushing pain behind my breastbone after a big meal, sweating", 60, "male"),
        ("Red jelly in his nappy, screaming on and off", 0.7, "male"),
        ("Blood in his nappy, red patches", 0.7, "male"),
        ("He is drooling and won't swallow, high fever, a muffled voice", 3, "male"),
        ("She swallowed a button battery, drooling and chewing on everything", 1, "female"),
        ("Haven't been for a week or passed wind, bloated", 60, "female"),
        ("Haven't been for six days, belly swollen like a drum and I keep vomiting", 60, "female"),
        ("My baby stops breathing in his sleep for 20 seconds", 0.3, "male"),
        ("He took methadone, snores and stops breathing, can't wake him", 40, "male"),
        ("Toes are purple, cold and numb since this morning", 70, "male"),
        ("Slammed my finger in the door, the tip is hanging off", 38, "male"),
        ("On warfarin, INR 7 and I hit my head", 70, "male"),
        ("Warfarin, INR 6.4 and a bad headache", 70, "male"),
        ("burning behind my breastbone after dinner and now sweating and grey", 62, "male"),
        ("burning under my breastbone after supper, going into my left arm", 66, "female"),
        ("burning behind the breastbone after a heavy meal, feels like an elephant sitting on it", 50, "female"),
        ("I had a heavy meal and now a crushing pain in my chest", 60, "male"),
        ("nose like a tap of blood, won't stop, been 30 minutes", 50, "male"),
        ("my calf has blown up and I'm breathless", 35, "female"),
        ("he was blown up by a gas bottle", 40, "male"),
    ],
)
def test_the_danger_in_the_same_words_pages(text: str, age: float, sex: str) -> None:
    assert decision(text, age, sex) == "page"


@pytest.mark.parametrize("text", ["On warfarin, my INR is 6", "Warfarin, INR 5.4 today", "My INR came back at 9.1"])
def test_a_high_inr_is_for_today(text: str) -> None:
    assert level(text, 70, "male") == "HIGH"


@pytest.mark.parametrize(
    "text", ["On warfarin, INR 2.4", "My INR was 3, next test in 6 weeks", "INR check is due on 6 March", "INR at 8 am"]
)
def test_an_inr_in_range_or_a_date_is_not(text: str) -> None:
    assert level(text, 70, "male") in (None, "LOW")


def test_gums_that_bleed_on_a_blood_thinner_are_for_today() -> None:
    assert level("On warfarin and my gums keep bleeding", 70, "male") == "HIGH"
