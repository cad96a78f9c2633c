"""Conditions that people mostly treat themselves, each beside its dangerous neighbour in like words."""

import pytest

from app.screening import Message, screen
from tests.stage import clinic


@pytest.mark.parametrize(
    ("text", "age", "sex", "expected"),
    [
        ("My head is itchy and I can see little white eggs", 5, "female", "LOW"),
        ("I can see the head, the pains keep coming", 30, "female", "EMERGENCY"),
        ("My left ear is bunged up with wax and I can't hear well out of it", 53, "female", "LOW"),
        ("He can't hear us and is confused", 70, "male", "EMERGENCY"),
        ("Itchy cracked skin between my toes for three weeks, there's a split that stings", 28, "male", "LOW"),
        ("An expanding red, warm, tender area on the shin for 2 days", 66, "female", "HIGH"),
        ("I get cold sores, this one is weeping at the corner of my mouth", 36, "male", "LOW"),
        ("Prickly tiny red spots on my neck in this heatwave", 12, "female", "LOW"),
        ("Tiny red spots on his legs that do not fade", 8, "male", "HIGH"),
        ("Sore red skin under my breasts where it rubs", 50, "female", "LOW"),
        ("A red hot patch on my breast, sore and spreading", 30, "female", "HIGH"),
        ("Shiny dome-shaped bumps with a dimple in the middle on his trunk", 7, "male", "LOW"),
        ("A pearly bump on my cheek with a dent in the middle that bleeds for months", 50, "male", "MEDIUM"),
        ("My jaw clicks and aches when I chew, I grind my teeth", 35, "male", "LOW"),
        ("My jaw popped and I can't close my mouth", 45, "male", "EMERGENCY"),
        ("A mild ankle sprain, twisted it yesterday, slightly swollen", 31, "female", "LOW"),
        ("My ankle is twisted sideways after a fall yesterday", 40, "male", "EMERGENCY"),
        ("Dropped a hammer on my thumb, the nail has gone black underneath", 28, "male", "LOW"),
        ("He swallowed a nail", 5, "male", "EMERGENCY"),
        ("Stretch marks on my hips have gone purple", 23, "female", "LOW"),
        ("My lips have gone purple", 23, "female", "EMERGENCY"),
        ("The cat scratched my arm, a thin red line", 12, "female", "LOW"),
        ("My cat bit my hand", 30, "female", "HIGH"),
        ("My lips are swollen and chapped from the wind", 16, "female", "LOW"),
        ("My lips are swollen after nuts", 30, "female", "EMERGENCY"),
        ("An itchy, warm red swelling around a wasp sting since yesterday", 36, "male", "LOW"),
        ("A wasp sting, the red hot swelling is spreading up my arm with fever", 36, "male", "HIGH"),
        ("A small clean cut on my finger, tetanus booster 6 years ago", 30, "male", "LOW"),
        ("A small cut on my finger, last tetanus shot 15 years ago", 30, "male", "MEDIUM"),
        ("A toothache that is worse with hot and cold drinks", 33, "male", "LOW"),
        ("A toothache and hot and cold shivers", 33, "male", "HIGH"),
        ("Thick red skin with silvery scales on my elbows for months", 55, "male", "MEDIUM"),
        ("My fingers have gone white, cold and numb since this morning", 66, "male", "EMERGENCY"),
        ("Drooling, red cheeks and gnawing on toys", 0.6, "female", "LOW"),
        ("Drooling, a high fever and can't swallow", 3, "male", "EMERGENCY"),
        ("The right side of my face drooped an hour ago, forehead too", 48, "female", "EMERGENCY"),
        ("Got an itchy red rash in the folds of my groin after a sweaty week", 31, "female", "LOW"),
        ("A rash in my groin with blisters, very sore", 31, "female", "MEDIUM"),
        ("A painless subconjunctival haemorrhage", 55, "female", "LOW"),
        ("A haemorrhage from the nose that won't stop", 50, "male", "EMERGENCY"),
        ("Gums red and puffy, a bit of blood on the toothbrush", 48, "male", "LOW"),
        ("My gum is red and puffy with pus, and I have a fever", 48, "male", "HIGH"),
        ("Went over on my ankle tonight, the ankle is swollen, I can walk", 20, "female", "LOW"),
        ("Went over on my ankle, the bone is sticking out", 20, "female", "EMERGENCY"),
        ("Kicked the bed, my little toe is swollen", 41, "male", "LOW"),
        ("My big toe is swollen and red hot since last night", 50, "male", "HIGH"),
        ("Fell off his skateboard and skinned his palm", 11, "male", "LOW"),
        ("Fell off his skateboard and was knocked out", 11, "male", "EMERGENCY"),
        ("Hard, yellow, flaky skin on my heels", 47, "female", "LOW"),
        ("Yellow skin and dark pee", 47, "female", "MEDIUM"),
        ("My feet look white and feel dead since this morning", 60, "male", "EMERGENCY"),
        ("Red, crusted eyelid margins, worse on waking", 45, "female", "LOW"),
    ],
)
def test_an_everyday_condition_and_its_dangerous_neighbour(text: str, age: float, sex: str, expected: str) -> None:
    assert screen(Message(id=1, text=text, age_years=age, sex=sex), clinic(), "en")["level"] == expected
