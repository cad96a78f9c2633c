import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.expressions import Has
from policies.facts import Evidence, Fact, Facts, Status
from policies.findings import Kind
from policies.levels import Level
from policies.loading import default_ruleset
from policies.red_flags import red_flags
from policies.ruleset import YEAR, RuleSet
from policies.triage import Triage, opened, triage, view

RULESET = default_ruleset()
YES_NO = sorted(finding.id for finding in RULESET.findings.values() if finding.kind is Kind.YES_NO)
RED_FLAGS = sorted(
    rule.expression.finding
    for rule in RULESET.global_rules
    if rule.level is Level.EMERGENCY and isinstance(rule.expression, Has) and not rule.applies.selective
)


def fact(finding: str, status: Status = Status.PRESENT, value: float | str | None = None, turn: int = 0) -> Fact:
    return Fact(finding=finding, status=status, value=value, evidence=Evidence(turn=turn, quote=finding))


def present(*findings: str) -> dict[str, Fact]:
    return {finding: fact(finding) for finding in findings}


def person(age_years: float, sex: str = "other") -> dict[str, Fact]:
    return {"age": fact("age", value=age_years * YEAR), "sex": fact("sex", value=sex)}


def lasting(days: float) -> dict[str, Fact]:
    return {"symptom_duration": fact("symptom_duration", value=days)}


def judged(facts: Facts) -> Triage:
    return triage(RULESET, facts, opened(RULESET, facts))


statements = st.dictionaries(st.sampled_from(YES_NO), st.sampled_from(list(Status)), max_size=6).map(
    lambda said: {name: fact(name, status) for name, status in said.items()}
)
nobody: dict[str, Fact] = {}
people = st.builds(person, st.floats(0, 100), st.sampled_from(["female", "male", "other"])) | st.just(nobody)


@given(people, statements, st.sampled_from(RED_FLAGS))
def test_a_red_flag_pages_whatever_else_is_said(who: Facts, facts: Facts, flag: str) -> None:
    assert judged({**who, **facts, **present(flag)}).level is Level.EMERGENCY


@given(people, statements, st.sampled_from(YES_NO))
def test_no_present_symptom_undoes_an_emergency(who: Facts, facts: Facts, more: str) -> None:
    """Holds for every symptom but those that a rule asks to be absent, and none of these is an emergency's."""
    before = judged({**who, **facts})
    if before.level is Level.EMERGENCY and more not in facts:
        assert judged({**who, **facts, **present(more)}).level is Level.EMERGENCY


@given(people, statements)
def test_what_is_worth_asking_is_unknown_and_could_be_true_of_this_patient(who: Facts, facts: Facts) -> None:
    known = {**who, **facts}
    active = opened(RULESET, known)
    level = triage(RULESET, known, active).level or 0
    levels = [rule.level for rule, _ in view(RULESET, known, active).open_rules()]
    assert levels == sorted(levels, reverse=True)
    for rule, asking in view(RULESET, known, active).open_rules():
        assert rule.level > level
        assert asking
        assert not asking & known.keys()
        if who:
            age, sex = known["age"].value, str(known["sex"].value)
            assert isinstance(age, float)
            assert all(RULESET.findings[name].applies.to(age / YEAR, sex) for name in asking)


@given(people, statements)
def test_once_no_rule_is_open_no_answer_raises_the_level_of_a_rule_that_matters(who: Facts, facts: Facts) -> None:
    known = {**who, **facts}
    if not view(RULESET, known, opened(RULESET, known)).open_rules():
        for fired in judged(known).fired:
            assert fired.level <= (judged(known).level or 0)


@given(people, st.dictionaries(st.sampled_from(YES_NO), st.sampled_from(list(Status)), max_size=30))
def test_no_rule_is_overlooked(who: Facts, said: dict[str, Status]) -> None:
    seen = view(RULESET, {**who, **{name: fact(name, status) for name, status in said.items()}})
    fired = {rule.id for rule in RULESET.rules.values() if seen.remaining(rule) is True and seen.scope.counts(rule)}
    assert {one.rule for one in seen.found.fired} == fired
    level = seen.found.level or 0
    could_rise = {
        rule.id
        for rule in RULESET.rules.values()
        if rule.level > level and seen.scope.applies(rule) and seen.scope.matters(rule) and seen.worth_asking(rule)
    }
    assert {rule.id for rule, _ in seen.open_rules()} == could_rise


@pytest.mark.parametrize("item", RULESET.interview.safety_check)
def test_ticking_any_item_of_the_safety_check_pages(item: str) -> None:
    assert judged(present(item)).level is Level.EMERGENCY


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        ({**person(30, "female"), **present("sore_throat", "fever")}, Level.LOW),
        ({**person(30), **present("sore_throat"), **lasting(10)}, Level.MEDIUM),
        ({**person(25, "female"), **present("dysuria", "urinary_frequency")}, Level.MEDIUM),
        ({**person(40), **present("headache")}, Level.LOW),
        ({**person(40), **present("abdominal_pain", "diarrhoea")}, Level.LOW),
        ({**person(5), **present("fever", "runny_nose")}, Level.LOW),
        ({**person(20), **present("chest_pain")}, Level.HIGH),
        ({**person(20), **present("breathlessness")}, Level.HIGH),
        ({**person(0.1), **present("fever")}, Level.EMERGENCY),
    ],
)
def test_ordinary_complaints_do_not_page(facts: Facts, level: Level) -> None:
    assert judged(facts).level is level


def test_nothing_known_is_no_level() -> None:
    assert judged({}) == Triage(level=None)


def test_fired_rules_carry_the_words_that_made_them_true() -> None:
    result = judged({**person(62), **present("crushing_chest_pain", "arm_or_jaw_pain")})
    rule = next(fired for fired in result.fired if fired.rule == "heart_attack_signs")
    assert [evidence.quote for evidence in rule.evidence] == ["crushing_chest_pain", "arm_or_jaw_pain"]
    assert rule in red_flags(result)
    assert all(flag.level is Level.EMERGENCY for flag in red_flags(result))
    assert [fired.level for fired in result.fired] == sorted((f.level for f in result.fired), reverse=True)


def test_age_and_sex_are_no_evidence() -> None:
    facts = {**person(30, "male"), **present("dysuria")}
    assert all(evidence.turn >= 0 for fired in judged(facts).fired for evidence in fired.evidence)


def test_a_protocol_opens_only_for_those_it_is_for() -> None:
    assert "fever_child" in opened(RULESET, {**person(5), **present("fever")})
    assert "fever_child" not in opened(RULESET, {**person(40), **present("fever")})


def test_of_an_unknown_age_an_adult_is_presumed_and_a_child_where_a_parent_speaks() -> None:
    """A bad headache of nobody's age is no child's; the child's rule waits for the age instead of firing."""
    childs_rule = "severe_headache_in_child"
    of_anybody = present("severe_headache")
    of_a_child = {**of_anybody, "who": fact("who", value="my_child")}
    assert childs_rule not in {fired.rule for fired in judged(of_anybody).fired}
    assert childs_rule in {fired.rule for fired in judged(of_a_child).fired}
    assert "fever_child" in opened(RULESET, {**present("fever"), "who": fact("who", value="my_child")})


def test_a_man_is_never_asked_whether_he_is_pregnant() -> None:
    known = {**person(30, "male"), **present("abdominal_pain")}
    asked = {name for _, names in view(RULESET, known, opened(RULESET, known)).open_rules() for name in names}
    assert "pregnant" not in asked
    woman = {**person(30, "female"), **present("abdominal_pain")}
    assert "pregnant" in {
        name for _, names in view(RULESET, woman, opened(RULESET, woman)).open_rules() for name in names
    }


def test_a_common_symptom_alone_makes_no_other_complaints_rules_matter() -> None:
    def asking(*symptoms: str) -> set[str]:
        known = {**person(30), **present(*symptoms)}
        return {rule.protocol for rule, _ in view(RULESET, known, opened(RULESET, known)).open_rules()}

    complaints = {name for protocol in RULESET.protocols.values() for name in protocol.complaint}
    everyday = set(RULESET.interview.common) - complaints
    assert everyday
    for symptom in everyday:
        assert asking("sore_throat", symptom) <= asking("sore_throat"), symptom


def test_a_global_rule_does_not_make_its_findings_asked() -> None:
    assert view(RULESET, person(30), ()).open_rules() == []


def test_a_patient_who_does_not_know_is_not_asked_again(ruleset: RuleSet) -> None:
    known = {**person(30), **present("sore_throat"), "stridor": fact("stridor", Status.UNKNOWN)}
    asked = {name for _, names in view(ruleset, known, ("sore_throat",)).open_rules() for name in names}
    assert "stridor" not in asked


def test_a_number_that_cannot_be_of_this_patient_is_never_asked_for() -> None:
    known = {**person(0.0, "female"), **present("blow_to_bump")}
    wanted = {name for _, asking in view(RULESET, known, opened(RULESET, known)).open_rules() for name in asking}
    assert "gestation_weeks" not in wanted


@pytest.mark.parametrize(
    ("symptom", "reason", "signs"),
    [
        ("palpitations", "caffeine", ("fainted", "breathlessness", "chest_pain")),
        ("fainted", "faint_trigger", ("palpitations", "chest_pain")),
    ],
)
def test_a_patients_own_explanation_lowers_nothing_before_the_danger_signs_are_denied(
    symptom: str, reason: str, signs: tuple[str, ...]
) -> None:
    said = {**present(symptom), **present(reason)}
    assert symptom in {fired.rule for fired in judged(said).fired}
    denied = {name: fact(name, Status.ABSENT) for name in signs}
    assert symptom not in {fired.rule for fired in judged({**said, **denied}).fired}
