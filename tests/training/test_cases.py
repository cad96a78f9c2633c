"""Synthetic cases: the same for the same seed, right by construction, of every level, none of a held-out protocol."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice, permutations
from pathlib import Path

import pytest

from llm.prompt import build_prompt
from llm.schema import SMALL
from policies.draft import Draft
from policies.facts import Status
from policies.levels import Level
from policies.review import review
from policies.triage import triage
from tests.schemas import faults
from training.cases import Synthetic, synthetic_cases, who_says
from training.clinic import training_clinic
from training.data import HELD_OUT, balanced
from training.examples import Example, example_of
from training.registers import REGISTERS
from training.targets import target
from training.template import template

CLINIC = training_clinic()


def some(count: int, seed: int = 3, **which: tuple[str, ...]) -> list[Synthetic]:
    return list(islice(synthetic_cases(seed, CLINIC, **which), count))


def test_a_seed_gives_the_same_cases_and_another_others() -> None:
    assert some(20) == some(20)
    assert some(20) != some(20, seed=4)


def test_every_level_and_every_voice_comes_up() -> None:
    found = some(200)
    assert {one.case.level for one in found} == set(Level)
    assert {one.voice for one in found} == set(REGISTERS)


def test_the_level_is_what_the_rules_say_of_the_facts() -> None:
    for one in some(60):
        fired = [rule.level for rule in one.case.fired]
        assert one.case.level >= max(fired, default=Level.LOW)
    assert triage(CLINIC.ruleset, {}).level is None


def test_held_out_protocols_stay_out() -> None:
    held_out = ("sore_throat", "headache")
    assert not any(set(one.case.protocols) & set(held_out) for one in some(120, without=held_out))
    assert all(set(one.case.protocols) & set(held_out) for one in some(10, only=held_out))


def test_what_is_held_out_exists_and_a_name_of_nothing_is_refused() -> None:
    next(synthetic_cases(1, CLINIC, only=HELD_OUT))
    with pytest.raises(ValueError, match=r"no protocol dizziness\.$"):
        synthetic_cases(1, CLINIC, without=("ear", "dizziness"))


def test_what_tells_the_machine_what_to_do_changes_no_level() -> None:
    ordered = [one for one in some(300) if one.voice == "giving_orders"]
    emergencies = [one for one in ordered if one.kind == "emergency"]
    assert emergencies
    assert sum(one.case.level is Level.EMERGENCY for one in emergencies) >= 0.9 * len(emergencies)


def test_targets_pass_the_review_that_the_models_drafts_must_pass() -> None:
    made = 0
    for one in some(60):
        draft = target(one.case, build_prompt(one.case, [], 900))
        if draft is not None:
            made += 1
            assert review(draft, one.case, []) == ()
            assert draft.level is one.case.level
    assert made >= 50


def test_what_a_longer_label_tells_is_not_told_again() -> None:
    drafts = [target(synthetic.case, build_prompt(synthetic.case, [], 900)) for synthetic in some(80)]
    told = [re.findall(r"Reports ([^.]*)\.", draft.subjective) for draft in drafts if draft]
    assert not [each for each in told if any(f" {one} " in f" {other} " for one, other in permutations(each, 2))]
    assert any(len(each) > 1 for each in told)


def long_words(label: str) -> set[str]:
    return set(re.findall(r"[a-z]{5,}", label.lower()))


def test_what_is_denied_shares_no_long_word_with_what_is_told_or_else_denied() -> None:
    """Of two labels that share words, a small model makes one that nobody said."""
    denying = 0
    for one, draft in wanted(120):
        denied = re.findall(r"Denies ([^.]*)\.", draft.subjective)
        mine = [known for known in one.case.statements if known.status is Status.PRESENT and not known.value]
        told = [known.label for known in mine if known.label.lower() in draft.subjective.lower()]
        alike = [(a, b) for a in denied for b in (*told, *denied) if a != b and long_words(a) & long_words(b)]
        assert not alike, draft.subjective
        denying += bool(denied)
    assert denying >= 60


def test_a_message_to_somebody_who_writes_for_the_patient_speaks_of_the_patient() -> None:
    for_others = [(one, draft) for one, draft in wanted(150) if one.case.called and one.case.level < Level.EMERGENCY]
    assert len(for_others) >= 15
    for one, draft in for_others:
        assert f"If {one.case.called} gets worse, " in draft.patient_message
        assert not re.search(r"\byou (?:feel|need)\b", draft.patient_message.lower()), draft.patient_message


def test_no_message_is_longer_than_a_server_lets_the_model_write() -> None:
    called = ("", "your granddaughter", "your grandmother", "the person")
    for one, draft in wanted(60):
        for name in called if one.case.called else ():
            named = one.case.model_copy(update={"called": name})
            again = target(named, build_prompt(named, [], 900))
            assert again is None or len(again.patient_message) <= SMALL.message, again.patient_message
        assert len(draft.patient_message) <= SMALL.message


def test_every_patient_can_exist() -> None:
    """No pregnant man, no old woman with what only a boy can have."""
    findings = CLINIC.ruleset.findings
    for one in some(300):
        mine = [known for known in one.case.statements if known.status is Status.PRESENT and not known.about_other]
        impossible = [
            known.label for known in mine if not findings[known.finding].applies.to(one.case.age_years, one.case.sex)
        ]
        assert not impossible, (one.id, one.person)


def test_a_son_is_a_boy_and_a_wife_a_woman_and_an_age_that_is_said_is_the_age() -> None:
    for text, sex, who, age in (
        ("My son has a fever", "male", "my child", None),
        ("my 4 year old daughter fell on her head", "female", "my child", "4 years"),
        ("My wife has chest pain", "female", "someone else", None),
        ("Our baby is 3 weeks old and will not feed", None, "my child", "3 weeks"),
        ("I am 58 years old and my chest hurts", None, "me", "58 years"),
    ):
        for seed in range(6):
            person = who_says(text, random.Random(seed))
            assert (sex is None or person.sex == sex) and (age is None or person.age == age), text
            assert person.who == who or (who == "me" and person.who == "someone else"), text


def wanted(count: int) -> list[tuple[Synthetic, Draft]]:
    drafts = ((one, target(one.case, build_prompt(one.case, [], 900))) for one in some(count))
    return [(one, draft) for one, draft in drafts if draft is not None]


def test_what_a_patient_is_to_be_told_fits_the_level() -> None:
    soon = ("today", "same day", "now", "emergency number")
    for one, draft in wanted(120):
        hurries = [word for word in soon if word in draft.patient_message.lower()]
        assert bool(hurries) is (one.case.level >= Level.HIGH), draft.patient_message
        assert ("danger" in draft.level_reason) is (one.case.level >= Level.HIGH), draft.level_reason


def test_the_dangerous_cases_are_explained_where_a_rule_names_a_cause() -> None:
    dangerous = [draft for one, draft in wanted(400) if one.case.level >= Level.HIGH]
    explained = [draft for draft in dangerous if draft.explanations]
    assert len(explained) >= 0.25 * len(dangerous)
    assert all(draft.explanations[0].supporting for draft in explained)


def test_examples_are_of_every_level_alike() -> None:
    def made() -> Iterator[Example]:
        for one in synthetic_cases(5, CLINIC):
            prompt = build_prompt(one.case, [], 900)
            draft = target(one.case, prompt)
            if draft is not None:
                yield example_of(one, draft, prompt)

    found = list(islice(balanced(made()), 80))
    of_level = Counter(one.level for one in found)
    assert len(of_level) == 4 and max(of_level.values()) <= min(of_level.values()) + 3
    dangerous = [one for one in found if Level[one.level] >= Level.HIGH]
    assert sum('"explanations":[{' in one.answer for one in dangerous) >= 0.4 * len(dangerous)


def test_where_nothing_can_be_explained_examples_come_all_the_same() -> None:
    of_level: dict[Level, Example] = {}
    for one, draft in wanted(200):
        prompt = build_prompt(one.case, [], 900)
        of_level.setdefault(one.case.level, example_of(one, draft.model_copy(update={"explanations": ()}), prompt))
    assert len(of_level) == 4
    assert len(list(islice(balanced(islice(cycle(of_level.values()), 2000)), 24))) == 24


def test_a_case_fits_the_template() -> None:
    schema = json.loads((Path(__file__).parents[2] / "training/case_template.schema.json").read_text())
    for one in some(20):
        prompt = build_prompt(one.case, [], 900)
        draft = target(one.case, prompt)
        if draft is None:
            continue
        example = example_of(one, draft, prompt)
        assert list(faults(template(one, example), schema)) == []
