"""The judged questions fit the starter guidelines they judge: all of them, for every protocol, and no word for word."""

import json
from typing import Any

from knowledge.chunking import Chunk
from knowledge.starter import FOLDER, starter_guidelines

QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (FOLDER.parent / "questions.jsonl").read_text("utf-8").splitlines()
]
CHUNKS: list[Chunk] = [chunk for entry in starter_guidelines().entries for chunk in entry.chunks]
DOCUMENTS = {chunk.document: chunk for chunk in CHUNKS}


def test_there_are_enough_and_some_are_not_to_be_answered() -> None:
    answered = [question for question in QUESTIONS if question["relevant"]]
    assert len(answered) >= 150 and len(QUESTIONS) - len(answered) >= 15
    assert len({question["id"] for question in QUESTIONS}) == len({question["query"] for question in QUESTIONS})


def test_every_judgement_names_a_passage_that_exists() -> None:
    known = {chunk.id for chunk in CHUNKS} | set(DOCUMENTS)
    for question in QUESTIONS:
        assert set(question["relevant"]) <= known, question["id"]
        assert set(question["relevant"].values()) <= {1, 2}, question["id"]


def test_every_question_has_an_answer_that_serves_its_protocol() -> None:
    for question in QUESTIONS:
        best = {DOCUMENTS[name.partition("#")[0]] for name, gain in question["relevant"].items() if gain == 2}
        asked = set(question["protocols"])
        assert not asked or any(asked & set(chunk.protocols) for chunk in best), question["id"]


def test_every_protocol_is_asked_about_in_a_patients_own_words_or_a_nurses() -> None:
    protocols = {name for chunk in CHUNKS for name in chunk.protocols} - {"general"}
    assert protocols == {name for question in QUESTIONS for name in question["protocols"]}
    assert {question["kind"] for question in QUESTIONS} == {"facts", "lay", "nurse", "nothing"}


def test_no_question_is_lifted_from_a_document() -> None:
    texts = [" ".join(chunk.text.lower().split()) for chunk in CHUNKS]
    for question in QUESTIONS:
        if question["kind"] in {"lay", "nurse"}:
            assert not any(question["query"].lower() in text for text in texts), question["id"]
