"""Writes the training set: synthetic cases with the prompts that the assessor sends and the drafts it should get.

Run as: python -m training.data --out runs/small/data --count 600 --held-out 80 --seed 1
Writes train.jsonl, held_out.jsonl (protocols that training never sees), cases.jsonl (the case template) and data.json.
The same seed gives the same files; a run that was cut off is begun again, for it takes a minute a thousand.
"""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

from llm.assessor import Budget
from llm.prompt import PROMPT_HASH
from policies.levels import Level
from training.cases import Synthetic, synthetic_cases
from training.clinic import training_clinic
from training.examples import Example, Library, examples, library
from training.exits import run_step
from training.inputs import at_least_one, file_at, folder_for
from training.leakage import forbidden, leaks
from training.template import template

HELD_OUT = ("flank_pain", "eye", "dizziness_faint", "bites_and_stings", "after_birth", "ear")
"""Protocols that a model is tested on without having seen them."""

SHOWN_EVERY = 100
AHEAD = 3
"""How many examples a level may have more than the rarest. Cases as they come are mostly dangerous ones, and a small
model learns of them to call everybody in today."""

PATIENCE = 20
"""So many of a level are passed over for want of an explanation; then it goes on without, as in prompts too short for
the passages that an explanation must cite."""


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="previsit train data", description="Write a training set from the clinical content."
    )
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--count", type=at_least_one, default=600, help="training examples")
    parser.add_argument(
        "--held-out", type=at_least_one, default=80, help="examples of protocols that training never sees"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--prompt-tokens", type=at_least_one, default=Budget().prompt_tokens)
    parser.add_argument("--assets", type=Path, default=Path(".assets"), help="folder with the sentence encoder")
    parser.add_argument("--against", type=Path, nargs="*", default=[], help="evaluation files that nothing may repeat")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    options = arguments(argv)
    folder_for(options.out)
    for file in options.against:
        file_at(file)
    clinic = training_clinic()
    unseen = sorted(HELD_OUT)
    taboo = forbidden(options.against)

    with closing(library(options.assets)) as books:
        train_cases = synthetic_cases(options.seed, clinic, without=unseen)
        train = _write(options.out, "train", train_cases, books, options, options.count, taboo)
        test_cases = synthetic_cases(options.seed + 1, clinic, only=unseen)
        test = _write(options.out, "held_out", test_cases, books, options, options.held_out, taboo)

    report = {
        "seed": options.seed,
        "prompt": PROMPT_HASH,
        "rules": clinic.ruleset.content_hash,
        "held_out_protocols": unseen,
        "train": train,
        "held_out": test,
    }
    (options.out / "data.json").write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))


def _write(
    folder: Path,
    name: str,
    cases: Iterator[Synthetic],
    books: Library,
    options: argparse.Namespace,
    count: int,
    taboo: set[tuple[str, ...]],
) -> dict[str, dict[str, int] | int]:
    """Writes the first `count` examples without repetitions. Files appear whole or not at all."""
    seen: dict[str, Synthetic] = {}
    made = examples(_kept(cases, seen), books, options.prompt_tokens)
    clean = islice(balanced(one for one in made if not taboo or not leaks(_all(one), taboo)), count)
    counted: Counter[str] = Counter()
    scratch, templates = folder / f"{name}.part", folder / f"{name}_cases.part"
    with scratch.open("w") as lines, templates.open("w") as cases_out:
        for number, example in enumerate(clean, start=1):
            lines.write(example.model_dump_json() + "\n")
            cases_out.write(json.dumps(template(seen.pop(example.id), example), ensure_ascii=False) + "\n")
            counted.update((f"level {example.level}", f"voice {example.voice}", f"kind {example.kind}"))
            if number % SHOWN_EVERY == 0 or number == count:
                print(f"{name}: {number} of {count}", file=sys.stderr, flush=True)
    os.replace(scratch, folder / f"{name}.jsonl")
    os.replace(templates, folder / f"{name}_cases.jsonl")
    return {"examples": counted.total() // 3, "by": dict(sorted(counted.items()))}


def balanced(made: Iterable[Example]) -> Iterator[Example]:
    """As many examples of every level, and of dangerous ones as many with an explanation as without, if available."""
    levels = Counter({level.name: 0 for level in Level})
    plain: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for example in made:
        level = example.level
        if levels[level] >= min(levels.values()) + AHEAD:
            continue
        without = '"explanations":[]' in example.answer and Level[level] >= Level.HIGH
        if without and 2 * plain[level] > levels[level] and passed[level] < PATIENCE:
            passed[level] += 1
            continue
        levels[level] += 1
        plain[level] += without
        if not without:
            passed[level] = 0
        yield example


def _kept(cases: Iterable[Synthetic], seen: dict[str, Synthetic]) -> Iterator[Synthetic]:
    for case in cases:
        seen[case.id] = case
        yield case


def _all(example: Example) -> str:
    return " ".join([*(message.content for message in example.messages[1:]), example.answer])


if __name__ == "__main__":
    run_step(main)
