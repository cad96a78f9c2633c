"""What is understood does not depend on the process: a replay elsewhere, and `previsit screen`, give the same."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from dialogue.understanding import understand
from tests.stage import clinic

ROOT = Path(__file__).parents[3]
EVERY = 3
"""Every third of the content's own examples."""


def read_all() -> str:
    examples = [text for rule in clinic().ruleset.rules.values() for text in (*rule.must_fire, *rule.must_not_fire)]
    lexicon = clinic().lexicons["en"]
    facts = [understand(text, lexicon, turn=0).facts for text in examples[::EVERY]]
    return json.dumps([[asdict(fact) for fact in one] for one in facts])


def test_two_processes_understand_the_same_in_the_same_order() -> None:
    code = "from tests.dialogue.understanding.test_same_everywhere import read_all; print(read_all())"
    said = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1]


def test_a_time_of_pregnancy_at_the_end_of_a_message_is_read() -> None:
    facts = understand("pregnant 20 weeks", clinic().lexicons["en"], turn=0).facts
    assert {fact.finding: fact.value for fact in facts}["gestation_weeks"] == 20.0
