"""Synthetic cases: the same for the same seed, right by construction, of every level, none of a held-out protocol."""

import json
from itertools import islice
from pathlib import Path

from llm.prompt import build_prompt
from policies.levels import Level
from policies.review import review
from policies.triage import triage
from tests.schemas import faults
from training.cases import Synthetic, synthetic_cases
from training.clinic import training_clinic
from training.examples import Example, answer_of
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


def test_a_case_fits_the_template() -> None:
    schema = json.loads((Path(__file__).parents[2] / "training/case_template.schema.json").read_text())
    for one in some(20):
        prompt = build_prompt(one.case, [], 900)
        draft = target(one.case, prompt)
        if draft is None:
            continue
        example = Example(
            id=one.id,
            kind=one.kind,
            voice=one.voice,
            level=one.case.level.name,
            protocols=one.case.protocols,
            person=one.person,
            messages=prompt.messages,
            answer=answer_of(draft, prompt),
            case=one.case,
            passages={},
        )
        assert list(faults(template(one, example), schema)) == []
