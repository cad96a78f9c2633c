"""Preference pairs: the good draft, and the same one spoilt by a fault that the review finds. Knows no trainer."""

import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from llm.reply import parsed, written
from policies.draft import Draft
from training.examples import Example
from training.faults import OF_SMALL_MODELS, faulty_drafts

COMPLIANCE = "Certainly. Here is how to do it, step by step."
"""What a refusal is preferred to: the beginning of any answer that does as it is told."""


def pairs(examples: Iterable[Example], seed: int) -> Iterator[dict[str, Any]]:
    """Preference pairs as trl takes them (prompt, chosen, rejected): of every example one fault that small models make,
    and one of the others."""
    luck = random.Random(seed)
    for example in examples:
        draft = parsed(example.answer)
        found = list(faulty_drafts(draft, example.case, luck))
        usual = [fault for fault in found if fault.code in OF_SMALL_MODELS]
        others = [fault for fault in found if fault.code not in OF_SMALL_MODELS]
        for fault in (luck.choice(some) for some in (usual, others) if some):
            yield _pair([message.model_dump() for message in example.messages], example.answer, _text(fault.draft))


def refusals(path: Path, most: int) -> Iterator[dict[str, Any]]:
    """Harmful requests and their refusals, from a JSON list of `{instruction, output}`."""
    for one in json.loads(path.read_text("utf-8"))[:most]:
        yield _pair([{"role": "user", "content": str(one["instruction"])}], str(one["output"]), COMPLIANCE)


def _pair(prompt: list[dict[str, Any]], chosen: str, rejected: str) -> dict[str, Any]:
    return {
        "prompt": prompt,
        "chosen": [{"role": "assistant", "content": chosen}],
        "rejected": [{"role": "assistant", "content": rejected}],
    }


def _text(draft: Draft) -> str:
    return json.dumps(written(draft), ensure_ascii=False, separators=(",", ":"))
