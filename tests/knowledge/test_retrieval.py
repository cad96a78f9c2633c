"""The right starter guideline is found for what people say, and none for what no guideline answers."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.edge_index import EdgeIndex

pytestmark = pytest.mark.anyio

CASES = yaml.safe_load(Path(__file__).with_name("questions.yaml").read_text("utf-8"))


def test_every_protocol_is_asked_about_in_lay_words_and_in_facts() -> None:
    for protocol in {case["protocol"] for case in CASES["questions"]}:
        kinds = [case["kind"] for case in CASES["questions"] if case["protocol"] == protocol]
        assert kinds.count("lay") >= 2 and "facts" in kinds


@pytest.mark.parametrize("case", CASES["questions"], ids=lambda case: case["query"][:40])
async def test_the_top_three_hold_a_right_document(starter_index: EdgeIndex, case: dict[str, Any]) -> None:
    passages = await starter_index.search(case["query"], [case["protocol"]], limit=3)
    assert {passage.id.split("#")[0] for passage in passages} & set(case["documents"])


@pytest.mark.parametrize("query", CASES["nothing"])
async def test_what_the_guidelines_do_not_answer_gets_nothing(starter_index: EdgeIndex, query: str) -> None:
    assert await starter_index.search(query, []) == []
    assert await starter_index.search(query, ["headache"]) == []
