"""Differences come with intervals, and a group that a model serves worse is visible."""

import json
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from llm.port import Completion
from training.cases import synthetic_cases
from training.clinic import training_clinic
from training.comparing import by_group, differences
from training.evaluate import asked_model, compared, main
from training.examples import Example, examples, library
from training.judging import Judged, judge
from training.score_report import by_check

NO_ASSETS = Path("nowhere")


@pytest.fixture(scope="module")
def cases() -> list[Example]:
    with closing(library(NO_ASSETS)) as books:
        return list(islice(examples(synthetic_cases(5, training_clinic()), books, 600), 16))


def told(cases: list[Example], *, not_for: str = "") -> list[Judged]:
    """The wanted draft for all but one sex, who get none."""
    return [judge(one, Completion(text="" if one.case.sex == not_for else one.answer), 0.0) for one in cases]


def test_a_model_that_fails_one_sex_is_seen(cases: list[Example]) -> None:
    table = by_group(told(cases, not_for="female"))
    rows = {cells[1].strip(): cells[4].strip() for cells in (line.split("|") for line in table.splitlines()[2:])}
    assert rows["sex: female"] == "0%"
    assert rows["sex: male"] == "100%"


def test_the_same_drafts_do_not_differ_and_none_at_all_do(cases: list[Example]) -> None:
    good, bad = told(cases), [judge(one, Completion(text=""), 0.0) for one in cases]
    table = differences({"a": good, "b": good, "none": bad}, [("b", "a"), ("none", "a")])
    same, worse = table.splitlines()[2:]
    assert same.count("+0 (no case differs)") == 5
    assert "-100 (-100 to -100)" in worse


def test_other_cases_are_not_compared(cases: list[Example]) -> None:
    with pytest.raises(ValueError, match="the same cases"):
        differences({"a": told(cases), "b": told(cases)[1:]}, [("b", "a")])


def test_a_model_asked_on_the_first_cases_is_compared_on_those(cases: list[Example]) -> None:
    good, none = told(cases), [judge(one, Completion(text=""), 0.0) for one in cases[:4]]
    assert differences({"rules": good, "base": none}, [("base", "rules")]) == differences(
        {"rules": good[:4], "base": none}, [("base", "rules")]
    )
    assert asked_model("base:15=made/base.gguf", 40) == ("base", Path("made/base.gguf"), 15)
    assert asked_model("tuned=a.gguf", 40) == ("tuned", Path("a.gguf"), 40)
    with pytest.raises(SystemExit, match="NAME:CASES=GGUF"):
        asked_model("base:few=a.gguf", 40)


def test_each_is_compared_with_the_rules_and_the_first_asked_alike() -> None:
    labels = ["rules alone", "base", "base, in its schema", "tuned", "tuned, in its schema"]
    assert compared(labels)[-2:] == [("tuned", "base"), ("tuned, in its schema", "base, in its schema")]
    assert [pair for pair in compared(labels) if pair[1] == "rules alone"] == [
        (each, "rules alone") for each in labels[1:]
    ]


def test_a_citation_that_its_passage_does_not_bear_out_is_seen(cases: list[Example]) -> None:
    case = next(one for one in cases if one.passages)
    name, passage = next(iter(case.passages.items()))

    def following(advice: str) -> Judged:
        draft = json.loads(case.answer) | {"explanations": [], "actions": [{"text": advice, "passages": [name]}]}
        return judge(case, Completion(text=json.dumps(draft)), 0.0)

    assert following(f"Follow: {passage.title}").borne_out == 1
    assert following("Water the orchids and polish seven trumpets").borne_out == 0
    assert following(passage.title).cited == 1


def test_the_checks_that_refused_anything_are_told_with_the_share_that_passed(cases: list[Example]) -> None:
    half = [judge(one, Completion(text=one.answer if n % 2 else ""), 0.0) for n, one in enumerate(cases)]
    rows = [line for line in by_check({"a": told(cases), "half": half}) if line.startswith("| not_json")]
    assert rows == ["| not_json | 100% | 50% |"]


def test_a_card_says_what_it_is_made_of_and_for_whom(
    cases: list[Example], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The answers are there already, so that no server is started."""
    data, out = tmp_path / "data", tmp_path / "scores"
    data.mkdir()
    out.mkdir()
    (data / "held_out.jsonl").write_text("".join(one.model_dump_json() + "\n" for one in cases))
    (data / "data.json").write_text(
        '{"seed": 1, "prompt": "abc", "rules": "def", "held_out_protocols": ["ear"], "train": {"examples": 7}}'
    )
    answers = "".join(
        Completion(text=one.answer).model_dump_json()[:-1] + f', "id": "{one.id}", "seconds": 1.0}}\n' for one in cases
    )
    (out / "tuned.jsonl").write_text(answers)
    (tmp_path / "tuned.gguf").write_bytes(b"GGUF")
    asked = ["--data", str(data), "--out", str(out), "--count", str(len(cases))]
    main([*asked, "--model", f"tuned={tmp_path / 'tuned.gguf'}"])
    card = (out / "card-tuned.md").read_text()
    for part in ("Apache-2.0", "7 synthetic interviews", "sex: female", "less", "Limits", "every one", "sha256"):
        assert part in card, part
    assert "tuned" in capsys.readouterr().out
