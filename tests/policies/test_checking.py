from dataclasses import replace
from typing import Any

import pytest

from policies.checking import FORMS, check, finding_problems, rule_problems, shadow_problems, wording_problems
from policies.facts import Evidence, Fact, Status
from policies.findings import Applies, Finding, Kind
from policies.levels import Level
from policies.loading import CONTENT, load_ruleset, translations_in
from policies.parsing import parse
from policies.rules import Rule
from policies.ruleset import RuleSet
from policies.satisfying import satisfiable


def understood_nothing(text: str) -> list[Fact]:
    return []


def with_rule(ruleset: RuleSet, when: str, **fields: Any) -> RuleSet:
    fields = {"level": Level.HIGH, "because": "It is so.", **fields}
    rule = Rule(id="tried", when=when, source="NHS", expression=parse(when, ruleset.findings), **fields)
    places = {**ruleset.places, "rule tried": ruleset.places["rule too_breathless"]}
    return replace(ruleset, global_rules=(*ruleset.global_rules, rule), places=places)


def test_the_shipped_content_reads_well_and_can_all_fire(ruleset: RuleSet) -> None:
    assert [*finding_problems(ruleset, "en"), *rule_problems(ruleset), *shadow_problems(ruleset)] == []


@pytest.mark.parametrize("language", translations_in(CONTENT))
def test_the_shipped_content_can_be_asked_and_said_in_every_language(language: str) -> None:
    assert list(finding_problems(load_ruleset(languages=[language]), language)) == []


@pytest.mark.parametrize(
    ("when", "applies", "possible"),
    [
        ("fever and not fever", Applies(), False),
        ("crushing_chest_pain and not chest_pain", Applies(), False),
        ("chest_pain and not crushing_chest_pain", Applies(), True),
        ("temperature > 40 celsius and temperature < 39 celsius", Applies(), False),
        ("temperature > 38 celsius and temperature < 39 celsius", Applies(), True),
        ("severity > 10", Applies(), False),
        ("onset is sudden and onset is gradual", Applies(), False),
        ("testicular_pain and pregnant", Applies(), False),
        ("pregnant and sex is male", Applies(), False),
        ("pregnant and age < 3 years", Applies(), False),
        ("floppy and age > 40 years", Applies(), False),
        ("pregnant", Applies(max_age=5), False),
        ("at least 2 of (fever, not fever, rash)", Applies(), True),
        ("age < 3 months and (fever or temperature >= 38 celsius)", Applies(max_age=16), True),
    ],
)
def test_finds_rules_that_can_never_fire(ruleset: RuleSet, when: str, applies: Applies, possible: bool) -> None:
    assert satisfiable(ruleset, parse(when, ruleset.findings), [applies]) is possible
    problems = [problem.message for problem in rule_problems(with_rule(ruleset, when, applies=applies))]
    assert problems == ([] if possible else ["rule tried: can never fire"])


def test_a_page_cannot_be_taken_back_by_a_harmless_reason(ruleset: RuleSet) -> None:
    problems = [
        problem.message for problem in rule_problems(with_rule(ruleset, "fever unless rash", level=Level.EMERGENCY))
    ]
    assert problems == ["rule tried: says 'unless' in an emergency: what is said later takes no page back"]


@pytest.mark.parametrize("because", ["You have a cold.", "This is harmless.", "It is certainly a cold."])
def test_finds_a_reason_that_no_draft_may_give(ruleset: RuleSet, because: str) -> None:
    said = [problem.message for problem in rule_problems(with_rule(ruleset, "fever", because=because))]
    assert said == ["rule tried: 'because' diagnoses, promises or reassures: the review of drafts would refuse it"]


def test_finds_a_rule_that_another_makes_needless(ruleset: RuleSet) -> None:
    doubled = with_rule(ruleset, "not_breathing or unresponsive")
    assert [problem.message for problem in shadow_problems(doubled)] == [
        "rule tried: says the same as 'unresponsive_or_not_breathing', which is EMERGENCY"
    ]


def test_finds_what_cannot_be_asked_or_understood(ruleset: RuleSet) -> None:
    mute = Finding(id="mute", label="Mute", kind=Kind.YES_NO)
    widened = replace(
        ruleset,
        findings={**ruleset.findings, "mute": mute},
        places={**ruleset.places, "finding mute": ruleset.places["finding fever"]},
    )
    assert list(finding_problems(widened, "en")) == []
    used = with_rule(widened, "mute")
    assert [problem.message for problem in finding_problems(used, "en")] == [
        "finding mute: is needed but cannot be asked: write 'ask' or 'item' in 'en'",
        "finding mute: is needed but has no 'phrases' in 'en'",
    ]


def test_finds_examples_that_do_not_hold(ruleset: RuleSet) -> None:
    problems = check(with_rule(ruleset, "fever"), understood_nothing)
    assert any("rule tried: needs at least one 'must_fire'" in problem.message for problem in problems)
    assert any("must fire, and does not: 'I can't breathe'" in problem.message for problem in problems)

    def always_fever(text: str) -> list[Fact]:
        return [Fact(finding="fever", status=Status.PRESENT, evidence=Evidence(turn=0, quote=text))]

    tried = with_rule(ruleset, "fever", must_fire=("I have a fever",), must_not_fire=("I feel fine",))
    messages = [problem.message for problem in check(tried, always_fever)]
    assert "rule tried: must not fire, and does: 'I feel fine'" in messages
    assert "rule tried: must fire, and does not: 'I have a fever'" not in messages


def test_finds_hard_words_and_unknown_forms() -> None:
    assert list(wording_problems("{Do you} have pain in {your} chest?")) == []
    assert "unknown form '{Is he}'" in next(wording_problems("{Is he} ill?"))
    assert "reads at grade" in next(wording_problems("Have you experienced intermittent claudication?"))
    assert "at an ease of" in next(wording_problems("¿Experimenta claudicación intermitente ocasionalmente?", "es"))
    assert "unknown form '{Do you}'" in next(wording_problems("¿{Do you} tos?", "es"))


def test_every_form_is_its_own_wording() -> None:
    assert all(form.casefold().split()[-1] in {"you", "your"} for forms in FORMS.values() for form in forms)
