import itertools
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from policies.expressions import (
    AtLeast,
    Compare,
    Expression,
    Has,
    Is,
    Not,
    Truth,
    Unless,
    both,
    either,
    evaluate,
    mentioned,
    supporting,
)
from policies.facts import Evidence, Fact, Status
from policies.remaining import gate, helpful

SAID = Evidence(turn=0, quote="")
YES_NO = ("a", "b", "c")
ANSWERS: dict[str, list[Fact]] = {
    **{
        name: [Fact(finding=name, status=status, evidence=SAID) for status in (Status.PRESENT, Status.ABSENT)]
        for name in YES_NO
    },
    "n": [Fact(finding="n", status=Status.PRESENT, evidence=SAID, value=value) for value in (1.0, 5.0, 9.0)],
    "o": [Fact(finding="o", status=Status.PRESENT, evidence=SAID, value=value) for value in ("x", "y", "z")],
}
UNANSWERED = {name: Fact(finding=name, status=Status.UNKNOWN, evidence=SAID) for name in ANSWERS}

leaves = st.one_of(
    st.sampled_from(YES_NO).map(Has),
    st.builds(Compare, st.just("n"), st.sampled_from(["<", "<=", ">", ">="]), st.sampled_from([1.0, 5.0, 9.0])),
    st.lists(st.sampled_from("xyz"), min_size=1, max_size=2, unique=True).map(lambda vs: Is("o", tuple(vs))),
)


def groups(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    counted = parts.flatmap(lambda ps: st.integers(1, len(ps)).map(lambda count: AtLeast(count, ps)))
    return st.one_of(counted, inner.map(Not))


expressions: st.SearchStrategy[Expression] = st.recursive(leaves, groups, max_leaves=8)
answered = st.fixed_dictionaries({}, optional={name: st.sampled_from(facts) for name, facts in ANSWERS.items()})
mixed = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from([*facts, UNANSWERED[name]]) for name, facts in ANSWERS.items()}
)


def worth(expression: Expression, facts: dict[str, Fact], want: bool = True) -> frozenset[str]:
    """What is worth asking for it to become `want`."""
    return helpful(expression.remaining(want, facts))


def undecided(expression: Expression, facts: dict[str, Fact]) -> frozenset[str]:
    """What could still decide it, either way."""
    if evaluate(expression, facts) is not None:
        return frozenset()
    return worth(expression, facts) | worth(expression, facts, want=False)


def could_be_true(expression: Expression, facts: dict[str, Fact]) -> bool:
    return expression.remaining(True, facts) is not False


def completions(facts: dict[str, Fact]) -> Iterator[dict[str, Fact]]:
    """Every way in which what is missing could still be answered; what was refused stays so."""
    missing = [name for name in ANSWERS if name not in facts]
    for answers in itertools.product(*(ANSWERS[name] for name in missing)):
        yield {**facts, **dict(zip(missing, answers, strict=True))}


@given(expressions, mixed)
def test_a_decision_holds_whatever_the_unknown_findings_are(expression: Expression, facts: dict[str, Fact]) -> None:
    truth = evaluate(expression, facts)
    if truth is not None:
        assert {evaluate(expression, complete) for complete in completions(facts)} == {truth}


@given(expressions, answered)
def test_a_complete_answer_always_decides(expression: Expression, facts: dict[str, Fact]) -> None:
    for complete in itertools.islice(completions(facts), 20):
        assert evaluate(expression, complete) is not None


@given(expressions, mixed, st.sampled_from(sorted(ANSWERS)), st.data())
def test_learning_more_never_flips_a_decision(
    expression: Expression, facts: dict[str, Fact], name: str, data: st.DataObject
) -> None:
    before = evaluate(expression, facts)
    if before is not None and (name not in facts or facts[name].status is Status.UNKNOWN):
        learned = {**facts, name: data.draw(st.sampled_from(ANSWERS[name]))}
        assert evaluate(expression, learned) is before


@given(expressions, answered)
def test_nothing_is_undecided_exactly_when_it_is_decided(expression: Expression, facts: dict[str, Fact]) -> None:
    assert (undecided(expression, facts) == frozenset()) == (evaluate(expression, facts) is not None)


@given(expressions, mixed)
def test_only_undecided_findings_can_change_the_outcome(expression: Expression, facts: dict[str, Fact]) -> None:
    open_ = undecided(expression, facts)
    assert open_ <= set(mentioned(expression)) - set(facts)
    outcomes: dict[tuple[Fact, ...], set[Truth]] = {}
    for complete in completions(facts):
        key = tuple(complete[name] for name in sorted(open_))
        outcomes.setdefault(key, set()).add(evaluate(expression, complete))
    assert all(len(same) == 1 for same in outcomes.values())


@given(expressions, mixed)
def test_helpful_findings_suffice_to_make_it_true(expression: Expression, facts: dict[str, Fact]) -> None:
    useful = worth(expression, facts)
    assert useful <= undecided(expression, facts)
    if any(evaluate(expression, complete) is True for complete in completions(facts)):
        assert could_be_true(expression, facts)
    if not could_be_true(expression, facts):
        assert useful == frozenset()
    elif evaluate(expression, facts) is None:
        assert useful


@given(expressions, mixed, st.fixed_dictionaries({name: st.integers(1, 9) for name in ANSWERS}))
def test_if_every_finding_of_the_gate_is_denied_it_cannot_be_true(
    expression: Expression, facts: dict[str, Fact], cost: dict[str, float]
) -> None:
    useful = worth(expression, facts)
    first = gate(expression.remaining(True, facts), {name: cost[name] for name in useful})
    assert first <= useful
    if evaluate(expression, facts) is None:
        assert not could_be_true(expression, {**facts, **{name: UNANSWERED[name] for name in first}})


def test_the_gate_is_the_cheapest_way_to_rule_out() -> None:
    cost = {"a": 1, "b": 2, "c": 5, "n": 1}
    assert gate(both(Has("c"), either(Has("a"), Has("b"))).remaining(True, {}), cost) == {"a", "b"}
    assert gate(AtLeast(2, (Has("a"), Has("b"), Has("c"))).remaining(True, {}), cost) == {"a", "b"}
    assert gate(both(Has("a"), Has("b")).remaining(True, fact("a", Status.PRESENT)), cost) == {"b"}
    assert gate(both(Not(Has("a")), Has("c")).remaining(True, {}), cost) == {"a"}


@given(expressions, mixed)
def test_support_alone_makes_it_true(expression: Expression, facts: dict[str, Fact]) -> None:
    support = supporting(expression, facts)
    if evaluate(expression, facts) is True:
        assert evaluate(expression, {name: facts[name] for name in support}) is True
    else:
        assert support == ()


@given(leaves, leaves, mixed)
def test_kleene_laws(p: Expression, q: Expression, facts: dict[str, Fact]) -> None:
    def truth(expression: Expression) -> Truth:
        return evaluate(expression, facts)

    assert truth(Not(Not(p))) is truth(p)
    assert truth(both(p, q)) is truth(both(q, p))
    assert truth(either(p, q)) is truth(either(q, p))
    assert truth(Not(both(p, q))) is truth(either(Not(p), Not(q)))
    assert truth(Not(either(p, q))) is truth(both(Not(p), Not(q)))
    assert truth(both(p, p)) is truth(p) is truth(either(p, p))
    assert truth(either(p, both(p, q))) is truth(p) is truth(both(p, either(p, q)))


def fact(finding: str, status: Status = Status.PRESENT, value: float | str | None = None) -> dict[str, Fact]:
    return {finding: Fact(finding=finding, status=status, evidence=SAID, value=value)}


def test_a_number_without_its_value_is_still_open() -> None:
    warm = Compare("n", ">=", 5.0)
    assert evaluate(warm, fact("n")) is None
    assert undecided(warm, fact("n")) == {"n"}
    assert undecided(warm, fact("n", Status.UNKNOWN)) == frozenset()


def test_a_refused_choice_rules_out_only_itself() -> None:
    not_x = fact("o", Status.ABSENT, "x")
    assert evaluate(Is("o", ("x",)), not_x) is False
    assert evaluate(Is("o", ("x", "y")), not_x) is None


def test_a_harmless_reason_counts_once_it_is_known_and_is_never_asked_for() -> None:
    rule = both(Has("a"), Unless(Has("b")))
    assert evaluate(rule, fact("a")) is True
    assert evaluate(rule, {**fact("a"), **fact("b")}) is False
    assert evaluate(rule, {**fact("a"), **fact("b", Status.ABSENT)}) is True
    assert worth(rule, {}) == {"a"}
    assert supporting(rule, fact("a")) == ("a",)


def test_only_live_branches_are_asked_for() -> None:
    rule = both(Has("a"), either(Has("b"), Has("c")))
    assert undecided(rule, fact("b")) == {"a"}
    assert undecided(rule, fact("a", Status.ABSENT)) == frozenset()
    assert worth(either(Has("a"), both(Has("b"), Has("c"))), fact("b", Status.UNKNOWN)) == {"a"}


@given(expressions, mixed, st.fixed_dictionaries({name: st.integers(1, 9) for name in ANSWERS}))
def test_a_true_expression_has_a_present_finding_of_every_condition(
    expression: Expression, facts: dict[str, Fact], cost: dict[str, int]
) -> None:
    if evaluate(expression, facts) is True:
        for names in expression.conditions(cost):
            assert any(name in facts and facts[name].status is Status.PRESENT for name in names)


def test_the_conditions_are_those_of_every_part_or_the_rarest_of_enough_parts() -> None:
    cost = {"a": 1, "b": 2, "n": 9}
    assert both(Compare("n", ">", 1.0), either(Has("a"), Has("b"))).conditions(cost) == [{"n"}, {"a", "b"}]
    assert AtLeast(2, (Has("a"), Has("b"), Compare("n", ">", 1.0))).conditions(cost) == [{"a", "b"}]
    assert both(Not(Has("a")), Has("b")).conditions(cost) == [{"b"}]
    assert either(Not(Has("a")), Has("b")).conditions(cost) == []
