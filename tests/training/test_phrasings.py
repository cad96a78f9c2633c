"""The phrasings that likeness is learned from: of findings that exist, and none of them a line that it is judged by."""

import json
import re
from collections import Counter
from pathlib import Path

import yaml

from benchmarks.scorecard import SETS
from policies.loading import default_ruleset
from training.paraphrases import PHRASINGS, dangers


def phrasings() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted(PHRASINGS.glob("*.yaml")):
        found |= yaml.safe_load(path.read_text("utf-8"))
    return found


def plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


def judged_by(path: Path) -> set[str]:
    return {plain(json.loads(line)["text"]) for line in path.read_text("utf-8").splitlines()}


def test_each_danger_has_phrasings_of_many_kinds() -> None:
    written = phrasings()
    names = dangers(default_ruleset())
    assert written.keys() <= {"nothing", *names}
    assert {name for name in names if len(written.get(name, ())) < 20} == set()


def test_none_is_written_twice() -> None:
    counts = Counter(plain(text) for texts in phrasings().values() for text in texts)
    assert [text for text, count in counts.items() if count > 1] == []


def test_none_is_a_message_that_the_scorecard_asks() -> None:
    judged = {line for path in SETS.glob("screening*.jsonl") for line in judged_by(path)}
    assert [text for texts in phrasings().values() for text in texts if plain(text) in judged] == []
