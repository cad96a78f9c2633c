"""Messages that were once misread with the shipped findings: dangers, and what only sounds like danger."""

import pytest

from dialogue.understanding import Lexicon, understand
from policies.facts import Fact, Status
from policies.loading import load_ruleset

LEXICON = Lexicon.build(load_ruleset().findings, "en")


def said(text: str, finding: str) -> Fact | None:
    """The last fact on a finding."""
    return next((fact for fact in reversed(understand(text, LEXICON).facts) if fact.finding == finding), None)


def plainly(text: str, finding: str) -> bool:
    """Whether the message states it for certain, of the patient, now."""
    fact = said(text, finding)
    return fact is not None and fact.certain and fact.counts and fact.status is Status.PRESENT


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("my baby is hot, the thermometer says 38.4", "fever"),
        ("6 week old, 38.3 under the arm", "fever"),
        ("I can't see the point in being here, I've written my letters", "suicidal_thoughts"),
        ("no fever, lips and eyes swelling up fast since a bee sting, throat feels tight", "face_throat_swelling"),
        ("no temperature, just can't get enough air and my lips are blue", "severe_breathlessness"),
        ("i don't feel safe, i'm going to kill myself tonight", "suicidal_thoughts"),
        ("he had his hands round my neck and I feel sick", "strangled"),
        ("i think im havin a heart attack", "severe_chest_pain"),
        ("my lad has asthma and he's gone grey", "blue_or_grey"),
        ("he sounded drunk, he doesn't drink", "speech_trouble"),
        ("I tried to pick up my cup and my right arm just wouldn't work", "limb_weakness"),
        ("had a grip of nothing, my hand isn't doing what I tell it", "limb_weakness"),
        ("cold white foot", "cold_pale_limb"),
        ("my sister's speech is slurred and she isn't drunk", "speech_trouble"),
        ("his mouth's drooping", "face_droop"),
        ("he's been shot", "major_accident"),
        ("my husband had a fit in his sleep and bit his tongue", "seizure"),
        ("my foot has gone white and it is icy cold", "cold_pale_limb"),
        ("I had a stroke in 2019 and now my other arm has gone weak", "limb_weakness"),
        ("I passed out twice today", "fainted_again"),
    ],
)
def test_danger_is_heard(text: str, finding: str) -> None:
    assert plainly(text, finding)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("I lost my vision when I was a child, since I was 8 years old", "vision_loss"),
        ("sometime during March I overdosed on Benadryl", "overdose"),
        ("I worry that I am about to have a heart attack", "severe_chest_pain"),
        ("it is a sharp, stabbing pain in that area", "major_accident"),
        ("I have excess hair on my hands and neck", "strangled"),
        ("the nurse forced me to fill in a form", "sexual_assault"),
        ("my hearing aid battery is flat", "button_battery"),
        ("he swallowed his tablets with water this morning", "overdose"),
        ("I had diabetes when I was pregnant, 5 years ago", "diabetes"),
        ("I had a baby two years ago and have chest pain now", "postpartum"),
        ("I had a stroke in 2019 and now my other arm has gone weak", "stroke_signs"),
        ("my other arm has gone weak", "heavy_bleeding"),
        ("I've had chest tightness for months", "crushing_chest_pain"),
        ("I feel faint", "fainted"),
        ("I nearly fainted", "fainted"),
        ("I am not breathing well", "not_breathing"),
        ("it is not chest pain", "chest_pain"),
        ("how do I know if it's anaphylaxis", "allergic_reaction_severe"),
        ("I nearly had a heart attack when I saw the bill", "severe_chest_pain"),
        ("she'll have a fit when she hears", "seizure"),
        ("my son doesn't fit in at school", "seizure"),
        ("I laughed till I couldn't breathe", "severe_breathlessness"),
        ("my boss is a pain in the neck", "arm_or_jaw_pain"),
    ],
)
def test_what_only_sounds_like_danger_is_not_taken_for_it(text: str, finding: str) -> None:
    assert not plainly(text, finding)


STORY = (
    "I was diagnosed with a weak heart in 2012 and have seen many doctors. They have tried four kinds of tablets, "
    "and a diet, and I have been to the clinic each year. My sister has the same and lives abroad. {} I wonder which "
    "other treatments there are for people like us, and where I could read about them. Thank you for your time."
)


def test_in_a_long_story_of_old_troubles_a_danger_is_asked_back_unless_it_is_new() -> None:
    assert not plainly(STORY.format("My legs cannot be moved and I can't breathe."), "severe_breathlessness")
    assert said(STORY.format("My legs cannot be moved and I can't breathe."), "severe_breathlessness") is not None
    assert plainly(STORY.format("Now I can't breathe."), "severe_breathlessness")
    assert plainly(STORY.format("Since this morning I can't breathe."), "severe_breathlessness")
