"""The curve is measured from end to end on few rules; none of its figures is looked at."""

import pytest

from app.clinic import build_clinic
from app.offline import opened, said
from app.settings import read_settings
from benchmarks.made_up_rules import made_up, message, word
from benchmarks.rule_cost import measured, print_aims, print_rows
from dialogue.conversation import State
from policies.levels import Level


def test_a_row_prints_its_figures(capsys: pytest.CaptureFixture[str]) -> None:
    row = measured(20)
    print_rows([row])
    print_aims({**row, "all MB": row["MB"]})
    printed = capsys.readouterr().out
    assert "made up" in printed
    assert "not measured: no encoder" in printed
    assert printed.count("of at most") == 3


def test_what_is_made_up_is_understood_asked_for_and_fires() -> None:
    clinic = build_clinic(read_settings({}), made_up(50))
    now = opened(clinic, "en", "one")
    for text in ("yes", "me, 34, female", "no", message(3)):
        now = said(now, clinic, text)
    while now.state is not State.HISTORY:
        now = said(now, clinic, "no")
    now = said(now, clinic, "no more")
    assert {"made_up_30", "made_up_39"} <= {fact.finding for fact in now.facts}
    assert now.question is not None
    assert {name for name in now.question.findings if name.startswith("made_up_3")}
    assert said(now, clinic, f"I have a {word(31)} ache and a {word(32)} ache").level is Level.EMERGENCY


def test_no_two_made_up_words_are_the_same() -> None:
    assert len({word(number) for number in range(6000)}) == 6000
