"""What pages a nurse at once: the twenty life-threat checks, whatever the complaint, and nothing below."""

import pytest

from policies.case import Fired
from policies.facts import Evidence, Fact, Status
from policies.levels import Level
from policies.red_flags import red_flags
from policies.ruleset import AGE, YEAR, RuleSet
from policies.triage import Triage, triage

LIFE_THREATS = {
    "unresponsive": ("unresponsive",),
    "not breathing": ("not_breathing",),
    "convulsing": ("seizure",),
    "new confusion": ("new_confusion",),
    "hard to rouse": ("hard_to_wake",),
    "severe headache in a child": ("severe_headache", "child"),
    "cannot stand for dizziness": ("cannot_stand_dizzy",),
    "sudden loss of vision": ("vision_loss",),
    "double vision": ("double_vision",),
    "face droop": ("face_droop",),
    "sudden arm or leg weakness": ("limb_weakness",),
    "cannot speak or garbled": ("speech_trouble",),
    "too breathless for a sentence": ("severe_breathlessness",),
    "choking": ("choking",),
    "pauses in breathing": ("pauses_in_breathing",),
    "mouth full of blood": ("mouth_full_of_blood",),
    "crushing chest pain": ("crushing_chest_pain",),
    "chest pain to jaw or arm": ("chest_pain", "arm_or_jaw_pain"),
    "blue or grey": ("blue_or_grey",),
    "collapsed": ("collapsed",),
    "swelling of face or throat after food, drug or sting": ("face_throat_swelling", "allergen_exposure"),
    "heavy bleeding from anywhere": ("heavy_bleeding",),
    "poison": ("poisoning",),
    "venom": ("venom_bite",),
    "major accident": ("major_accident",),
    "getting worse after an accident": ("worse_after_injury",),
    "in pregnancy heavy bleeding": ("heavy_vaginal_bleeding", "pregnant"),
    "in pregnancy fewer movements": ("fewer_movements",),
    "in pregnancy severe pain": ("severe_abdominal_pain", "pregnant"),
    "waters broken": ("waters_broken",),
    "thoughts of suicide": ("suicidal_thoughts",),
    "overdose": ("overdose",),
}


def known(*said: str) -> dict[str, Fact]:
    words = Evidence(turn=0, quote="said")
    facts = {name: Fact(finding=name, status=Status.PRESENT, evidence=words) for name in said if name != "child"}
    if "child" in said:
        facts[AGE] = Fact(finding=AGE, status=Status.PRESENT, evidence=words, value=8 * YEAR)
    return facts


@pytest.mark.parametrize("said", LIFE_THREATS.values(), ids=LIFE_THREATS.keys())
def test_a_life_threat_pages_whatever_the_complaint(ruleset: RuleSet, said: tuple[str, ...]) -> None:
    """Also where no protocol, one protocol, or every protocol is open."""
    for active in ((), *((name,) for name in ruleset.protocols), tuple(ruleset.protocols)):
        flags = red_flags(triage(ruleset, known(*said), active))
        assert flags
        assert all(flag.because and flag.source and flag.evidence for flag in flags)


def test_the_designs_twenty_are_all_there() -> None:
    assert len(LIFE_THREATS) >= 20


def test_only_emergencies_are_red_flags() -> None:
    fired = tuple(Fired(rule=level.name, level=level, because="so", source="NHS") for level in Level)
    flags = red_flags(Triage(level=Level.EMERGENCY, fired=fired))
    assert [flag.rule for flag in flags] == ["EMERGENCY"]
    assert red_flags(Triage(level=None)) == ()


def test_every_emergency_says_what_the_patient_is_told(ruleset: RuleSet) -> None:
    for rule in ruleset.rules.values():
        if rule.level is Level.EMERGENCY:
            assert rule.advice in {"emergency", "emergency_crisis"}
            assert rule.must_fire and rule.must_not_fire, rule.id


def test_chest_pain_breathing_difficulty_and_neurological_symptoms_are_always_raised(ruleset: RuleSet) -> None:
    """At the least to the same day, as the source material asks, whatever else is known."""
    for name in ("chest_pain", "breathlessness", "wheeze", "numbness", "blurred_vision", "fainted"):
        level = triage(ruleset, known(name), ()).level
        assert level is not None and level >= Level.HIGH, name
