"""Everyday sentences that share words with a danger are not read as it: in a long story there are many of them."""

import pytest

from dialogue.understanding import understand
from tests.stage import clinic

HARMLESS = [
    ("I have no immune problems", "immunosuppressed"),
    ("I bring up a bit of white phlegm with a red streak in it", "vomiting_blood"),
    ("little red spots came up on his tummy", "vomiting_blood"),
    ("the black bits of the eye look the same", "vomiting_blood"),
    ("the floor of my mouth feels normal, nothing up there", "mouth_floor_swelling"),
    ("no blood in the nappies", "fewer_wet_nappies"),
    ("he keeps asking the same question", "worse_after_injury"),
    ("a lump on the sole of the foot with little black dots", "foot_black"),
    ("small grey blisters on the feet", "blue_or_grey"),
    ("I'm not pregnant and not breastfeeding", "wont_feed"),
    ("I'm not breastfeeding and not diabetic", "breastfeeding"),
    ("I turned in bed and the room spun like a carousel for a few seconds", "cannot_stand_dizzy"),
    ("my lip tingled and then it came up in a cluster of blisters", "face_throat_swelling"),
    ("nobody at home is pregnant", "pregnant"),
    ("my belly looks like I'm six months gone", "pregnant"),
    ("I wear a night splint for my wrist", "cast_on_limb"),
    ("I'm passing water twice a night", "fainted"),
    ("the skin between my toes has gone white and peels", "cold_pale_limb"),
    ("there is yellow crust on her eyelashes", "impetigo"),
    ("my head felt a bit heavy", "bite_on_face_or_neck"),
    ("I climbed on a stool to reach the jam", "currant_jelly_stool"),
    ("my wife takes care of me", "feels_controlled"),
    ("I haven't been feeling well for some days", "no_stool_or_gas"),
    ("he was brought to the emergency department last year", "possible_emergency"),
    ("my calf aches when I walk", "exertional_chest_pain"),
    ("I tried to nail a picture up and hit my thumb", "major_accident"),
    ("I get a bit puffed running for the bus", "breathlessness"),
    ("it hurts to breathe in", "severe_breathlessness"),
    ("the pain goes within half an hour of paracetamol", "too_much_paracetamol"),
    ("both eyes have had yellow gunk since Monday", "jaundice"),
    ("my heart pounds and I am shaking for ten minutes", "seizure"),
    ("my pee has been cloudy", "blurred_vision"),
    ("my throat feels like sandpaper", "throat_rash_scarlet"),
    ("my left shoulder has seized up", "seizure"),
    ("my tummy isn't blown up", "major_accident"),
    ("a small red lump came up on my eyelid", "vomiting_blood"),
    ("an acid taste in the mouth", "poisoning"),
    ("my shoulders are red and hot to the touch from the sun", "fever"),
    ("a faint hiss in both ears", "fainted"),
    ("a burning at the top of my stomach after I eat", "self_harm"),
    ("no chest tightness, nothing down my arm or jaw", "arm_or_jaw_pain"),
    ("I can still hear voices, but muffled", "hallucinations"),
    ("no blood, stools are brown", "blood_in_stool"),
    ("no numbness, my legs are strong", "leg_weakness_both"),
    ("my arms and shoulders are sore and stiff in the morning", "arm_or_jaw_pain"),
    ("he has asked the same question for two years", "new_confusion"),
    ("he was born at forty weeks", "pregnant"),
    ("I sit at the screen ten hours a day", "symptom_duration"),
    ("his snoring stops and starts", "pauses_in_breathing"),
    ("my toddler has a limp since new shoes rubbed his heel", "floppy"),
    ("asthma with a tight chest as usual this winter", "crushing_chest_pain"),
    ("it hurts only when I press on my breastbone", "crushing_chest_pain"),
    ("gunk came out of her ear this morning after a bad night", "emergency_contraception"),
    ("my lips are blue from blueberries", "blue_or_grey"),
    ("tiny red dots that itch", "non_blanching_rash"),
    ("a headache after too much wine, better after paracetamol", "too_much_paracetamol"),
    ("half of my packet of tablets has gone, can I order early", "stroke_signs"),
    ("I had a stroke in 2011", "stroke_signs"),
    ("side of my face feels stuffy with this cold", "stroke_signs"),
    ("I see double charges on my bill", "double_vision"),
    ("I can't see a thing without my glasses", "vision_loss"),
    ("I can't speak German", "speech_trouble"),
    ("my toenail turned black after I stubbed my toe", "foot_black"),
    ("my toes go white in cold water", "cold_pale_limb"),
    ("shy bladder, I can't pee when someone is next to me", "cannot_urinate"),
    ("my dad collapsed the tent", "collapsed"),
    ("pink froth on the milk shake", "seizure"),
    ("lip swollen after the dentist's injection", "face_throat_swelling"),
]

TOLD = [
    ("no, chest, it hurts really badly", "severe_chest_pain"),
    ("No, pain, in my chest", "chest_pain"),
    ("no, blood, in my poo", "blood_in_stool"),
    ("the sick had black bits in it", "vomiting_blood"),
    ("she suddenly keeps asking the same question since this morning", "new_confusion"),
    ("I swallowed two dozen paracetamol", "too_much_paracetamol"),
    ("plan to end my life tonight", "suicide_plan"),
    ("she is drinking glass after glass and gets up to pee all night", "thirsty_and_peeing"),
    ("it would be easier not to wake up", "suicidal_thoughts"),
    ("three sprays of GTN and it has not eased", "crushing_chest_pain"),
    ("the neighbour's tomcat sank its teeth into my hand", "bite_cat"),
    ("the hand wakes me at night with pins and needles", "numb_hands_night"),
    ("his foot has gone black", "foot_black"),
    ("I'm short of breath when I rest", "breathlessness"),
    ("my baby went limp", "floppy"),
    ("my chest is tight and heavy", "crushing_chest_pain"),
    ("his lips are blue", "blue_or_grey"),
    ("tiny purple spots that don't fade", "non_blanching_rash"),
    ("newborn 38.2", "possible_emergency"),
    ("baby vomiting green", "possible_emergency"),
    ("my potassium is 6.8", "possible_emergency"),
    ("one pupil is bigger than the other after the fall", "worse_after_injury"),
    ("a blind is coming down over my right eye", "vision_loss"),
    ("he passed out at work", "fainted"),
]


def found(text: str) -> set[str]:
    facts = understand(text, clinic().lexicons["en"]).facts
    return {fact.finding for fact in facts if fact.counts and fact.status.value == "present"}


@pytest.mark.parametrize(("text", "finding"), HARMLESS)
def test_everyday_words_are_no_danger(text: str, finding: str) -> None:
    assert finding in clinic().ruleset.findings
    assert finding not in found(text)


@pytest.mark.parametrize(("text", "finding"), TOLD)
def test_the_danger_itself_is_still_read(text: str, finding: str) -> None:
    assert finding in found(text)
