"""`previsit evaluate retrieval`: hand-made rankings score right, and each way stands beside the others."""

import json
import math
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.assets import Assets
from app.cli import app
from app.retrieval_corpora import Answer, Question, questions_of, slices
from app.retrieval_score import (
    HYBRID,
    MEASURES,
    PLAIN,
    Answered,
    Mean,
    differences,
    ndcg,
    recall,
    reciprocal_rank,
    shares,
    values,
)
from tests.conftest import ASSETS_FOLDER

GAINS = {"a": 2, "b": 1}


def test_ndcg_of_hand_made_rankings() -> None:
    assert ndcg(["a", "b", "c"], GAINS) == 1.0
    best = 3 + 1 / math.log2(3)
    assert ndcg(["b", "a"], GAINS) == pytest.approx((1 + 3 / math.log2(3)) / best)
    assert ndcg(["c", "a"], GAINS) == pytest.approx(3 / math.log2(3) / best)
    assert ndcg(["c"] * 10 + ["a"], GAINS) == ndcg([], GAINS) == 0.0


def test_recall_and_rank_count_the_documents_that_answer_the_question_itself() -> None:
    assert recall(["b", "a"], GAINS) == 1.0
    assert recall(["b", "c", "d", "e", "f", "a"], GAINS) == 0.0
    assert recall(list("abcde"), dict.fromkeys("abcdefgh", 2)) == 1.0, "five of eight is all that five can be"
    assert reciprocal_rank(["b", "c", "a"], GAINS) == pytest.approx(1 / 3)
    assert reciprocal_rank(["b"], GAINS) == 0.0


def test_an_interval_holds_the_mean_and_shrinks_with_more_questions() -> None:
    few, many = Mean((0.0, 1.0) * 10), Mean((0.0, 1.0) * 200)
    for mean in (few, many):
        assert mean.interval[0] < 0.5 < mean.interval[1] and mean.value == 0.5
    assert few.interval[0] < many.interval[0]
    assert few.interval == Mean(few.values).interval
    assert str(Mean(())) == "none to count"


def question(name: str, **relevant: int) -> Question:
    return Question(id=name, query="x", relevant=relevant)


def test_search_methods_are_compared_by_question() -> None:
    found = [
        Answered(question("one", a=2), {HYBRID: ["a"], PLAIN: ["c", "a"]}, ["a"]),
        Answered(question("two", b=2), {HYBRID: ["b"], PLAIN: ["c"]}, ["c"]),
        Answered(question("three", b=2), {HYBRID: ["b"], PLAIN: ["b"]}, []),
        Answered(question("foreign"), {HYBRID: ["c"], PLAIN: ["c"]}, []),
    ]
    assert values(found, "MRR", PLAIN) == (0.5, 0.0, 1.0)
    assert differences(found, "MRR", HYBRID, PLAIN).values == (0.5, 1.0, 0.0)
    counted = {name: (share.count, share.of) for name, share in shares(found).items()}
    assert counted == {
        "out of scope: nothing shown": (1, 1),
        "in scope: something shown": (2, 3),
        "in scope: a right one shown": (1, 3),
    }


def test_a_judged_passage_counts_for_its_document() -> None:
    judged = Question(id="q", query="x", relevant={"knee": 1, "knee#red-flags": 2, "hip#start": 1})
    assert judged.gains == {"knee": 2, "hip": 1}


def test_plain_chunks_are_slices_of_five_hundred_characters() -> None:
    assert [len(piece) for piece in slices("x" * 1100)] == [500, 500, 100]


ANSWERS: list[dict[str, object]] = [
    {"collection": "Made_Up", "focus": focus, "qtype": kind, "question": f"{focus}: {kind}?", "answer": text}
    for focus, kind, text in (
        ("Gout", "symptoms", "A hot swollen big toe."),
        ("Gout", "treatment", "Rest and a cold pack."),
        ("Hay fever", "symptoms", "Sneezing and itching eyes in the pollen season."),
    )
]


def test_a_corpus_asks_its_own_questions_and_samples_them_by_a_seed() -> None:
    answers = [Answer.model_validate(line | {"qid": f"{number}"}) for number, line in enumerate(ANSWERS)]
    asked = questions_of(answers, 3)
    gout = next(each for each in asked if each.query == "Gout: symptoms?")
    assert gout.gains == {"made-up-0": 2, "made-up-1": 1}
    assert questions_of(answers, 2, seed=1) == questions_of(answers, 2, seed=1)
    assert "Gout: symptoms?" not in answers[0].document.body


def run(tmp_path: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["evaluate", "retrieval", *words], env={"PREVISIT_DATA_DIR": str(tmp_path / "data")})


@pytest.fixture
def at_hand(tmp_path: Path, assets: Assets) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "assets").symlink_to(ASSETS_FOLDER)
    return tmp_path


def written(path: Path, lines: list[dict[str, object]]) -> str:
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    return str(path)


def test_questions_over_a_clinics_own_guidelines_are_scored_in_every_way(at_hand: Path) -> None:
    folder = at_hand / "guidelines"
    folder.mkdir()
    for name, text in (("gout", "A hot, swollen big toe."), ("hay-fever", "Sneezing and itching eyes.")):
        front = f"---\ntitle: {name}\nsource: made up\nreview_date: 2026-05-01\n---\n\n## What it may be\n\n"
        (folder / f"{name}.md").write_text(front + text + "\n", "utf-8")
    questions = written(
        at_hand / "questions.jsonl",
        [
            {"id": "one", "query": "my toe is red and swollen", "relevant": {"gout": 2}},
            {"id": "two", "query": "I sneeze all day long", "relevant": {"hay-fever": 2}},
            {"id": "three", "query": "how do I renew my passport", "kind": "nothing", "relevant": {}},
        ],
    )
    done = run(at_hand, questions, "--over", str(folder), "--report", str(at_hand / "report"))
    assert done.exit_code == 0, done.output
    told = " ".join(done.output.split())
    assert "Retrieval: 3 questions over 2 documents" in told
    assert "hybrid 1.000 (1.000 to 1.000)" in told and "hybrid − plain chunks" in told
    assert "out of scope: nothing shown 100.0% (1/1;" in told
    assert all(measure in told for measure in MEASURES)
    assert (at_hand / "report" / "report.md").read_text("utf-8").startswith("# Retrieval: 3 questions")
    assert (at_hand / "report" / "report.png").read_bytes().startswith(b"\x89PNG")


def test_a_corpus_of_answers_is_scored_too(at_hand: Path) -> None:
    corpus = written(at_hand / "corpus.jsonl", [line | {"qid": f"{n}"} for n, line in enumerate(ANSWERS)])
    done = run(at_hand, corpus, "--questions", "2")
    assert done.exit_code == 0, done.output
    assert "Retrieval: 2 questions over 3 documents" in done.output
    assert "none to count" in done.output, "no question of a corpus is out of scope"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"id": "one", "query": "secret words"}, "line 1: relevant"),
        ({"id": "one", "query": "secret words", "relevant": {"no-such": 2}}, "question one is judged by no-such:"),
        ({"id": "one", "query": "secret words", "relevant": {}, "colour": "red"}, "line 1: colour"),
        ({"qid": "1", "answer": "secret words"}, "line 1: focus"),
    ],
)
def test_a_broken_line_is_named_without_its_words(tmp_path: Path, line: dict[str, object], told: str) -> None:
    done = run(tmp_path, written(tmp_path / "questions.jsonl", [line]))
    assert done.exit_code == 1
    assert told in done.output and "secret" not in done.output
