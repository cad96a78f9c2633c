"""Lists, as clinicians note them and patients type them: each item is read by itself, with the whole content."""

import pytest

from dialogue.understanding import Understood, understand
from policies.facts import Evidence, Fact, Status, When
from tests.stage import clinic


def read(text: str) -> Understood:
    return understand(text, clinic().lexicons["en"])


def names(text: str, status: Status) -> set[str]:
    return {f.finding for f in read(text).facts if f.status is status and f.certain and f.when is When.NOW}


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("no blisters, not breathless", {"breathlessness"}),
        ("no face or tongue swelling, not breathless, no fever", {"breathlessness", "fever"}),
        ("no fever, baby moving as usual", {"fever"}),
        ("no seizure so far, baby moving as usual", {"seizure"}),
        ("not taking HRT, no blood thinners", {"hormone_medicine", "anticoagulant"}),
    ],
)
def test_what_is_denied_in_a_list_is_denied(text: str, absent: set[str]) -> None:
    assert absent <= names(text, Status.ABSENT)
    assert not absent & names(text, Status.PRESENT)
    assert "fewer_movements" not in names(text, Status.PRESENT)


@pytest.mark.parametrize(
    ("text", "present"),
    [
        ("gained 6 kg without eating more, dry skin, constipation", {"weight_gain", "dry_skin", "constipation"}),
        ("itchy eyes and a streaming nose every day for the past two weeks in June", {"itchy_eyes", "itch"}),
        ("baby no longer moving, no fever", {"fewer_movements"}),
        ("no fever, no movements from the baby", {"fewer_movements"}),
        ("no chest pain, not sweating but breathless", {"breathlessness"}),
        ("says she wished to die", {"suicidal_thoughts"}),
        ("feverish, not passing any urine", {"cannot_urinate"}),
        ("a mole on the upper back that his wife says has changed", {"mole_changed"}),
        ("dribbling, cannot swallow her spit", {"cannot_swallow_saliva"}),
        ("38 weeks, baby not moving as usual", {"fewer_movements"}),
        ("one of my calves is swollen and sore and the other isn't", {"one_leg_swelling"}),
        ("knee red, shiny and hot, same thing a year ago", {"joint_red_hot"}),
        ("left testis lying high and transverse, cremasteric reflex lost", {"testicle_sudden"}),
        ("found drooling, one coin cell unaccounted for", {"button_battery"}),
        ("caught the tip of the index finger in the jet of an airless spray gun", {"pressure_injection"}),
    ],
)
def test_what_is_told_in_a_list_is_not_lost(text: str, present: set[str]) -> None:
    assert present <= names(text, Status.PRESENT)


@pytest.mark.parametrize(
    "text", ["no pain lasting over five minutes", "no episode in the past six months", "regular 29-day cycle"]
)
def test_a_time_of_something_else_is_no_duration(text: str) -> None:
    assert all(fact.finding != "symptom_duration" for fact in read(text).facts)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("my back hurts on one side just under the ribs", "severity"),
        ("a few runny nappies while teething", "fewer_wet_nappies"),
        ("rolled my ankle, bruising on the outer side, sore below the ankle bone", "leg_ulcer"),
        ("rolled my ankle, bruising on the outer side, sore below the ankle bone", "trunk_injury"),
        ("my right ear has felt blocked up for a week", "constipation"),
        ("blisters on trunk and face, new crops", "mouth_skin_peeling"),
        ("38 weeks, baby moving as usual, low risk", "fewer_movements"),
        ("BP 112/68, urine clear", "blood_in_urine"),
        ("growth spurt this year, aunt with scoliosis", "heavy_bleeding"),
        ("eating and drinking, walks the dog daily", "alcohol_problem"),
        ("a white edge showing, temperature 37.2", "fever"),
        ("my hair is coming out, my baby's 4 months old", "baby_coming_now"),
        ("cramping pain on day 1 of each period", "severity"),
    ],
)
def test_what_only_sounds_like_it_is_not_read(text: str, finding: str) -> None:
    assert all(fact.finding != finding for fact in read(text).facts)


def test_a_relatives_cancer_does_not_make_the_complaint_theirs() -> None:
    text = "going to the loo much more, looser, with blood mixed in it. Bit embarrassed but my dad had bowel cancer"
    told = read(text).facts
    assert all(fact.finding != "who" for fact in told)
    assert any(fact.finding == "blood_in_stool" and fact.counts for fact in told)


def test_weeks_into_a_pregnancy_date_it() -> None:
    told = {f.finding: f.value for f in read("33 weeks into her first pregnancy with a pounding headache").facts}
    assert told["gestation_weeks"] == 33.0
    assert "symptom_duration" not in told


def test_weeks_a_man_tells_of_are_no_pregnancy() -> None:
    man = Fact(finding="sex", status=Status.PRESENT, value="male", evidence=Evidence(turn=0, quote=""))
    lexicon = clinic().lexicons["en"]
    told = {fact.finding for fact in understand("five weeks, slight bleeding", lexicon, facts=(man,)).facts}
    assert not told & {"pregnant", "gestation_weeks"}
    wife = {fact.finding for fact in understand("my wife, 34 weeks, slight bleeding", lexicon, facts=(man,)).facts}
    assert {"pregnant", "gestation_weeks"} <= wife


def test_urine_that_dribbles_is_no_spit() -> None:
    assert "cannot_swallow_saliva" not in names("weak stream, dribbling afterwards", Status.PRESENT)
