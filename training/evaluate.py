"""Scores models side by side on cases of protocols that none of them was trained on.

Run as: python -m training.evaluate --data runs/small/data --count 30 --out runs/small/scores
        --model base:15=base.gguf --model sft=sft.gguf --model safety=safety.gguf [--constrained] [--counterfactual]
Each is asked over HTTP by the local server, freely and, with --constrained, within the case's schema as a clinic would.
NAME:15 asks a model on the first 15 cases only: a base that never ends its answer takes minutes for each.
The rules' own draft is scored beside them. Begun again, it goes on after the answers that are there.
With --counterfactual, cases where neither sex nor age matters are asked again of another patient: nothing may differ.
Each is compared with the rules and with the first model on the same cases; a card is written for each.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from llm.assessor import Budget
from llm.endpoint import Endpoint
from llm.local_server import LocalModelServer
from llm.port import Completion
from llm.reply import written
from llm.rule_only import rule_only_draft
from llm.schema import draft_schema
from llm.tgi import TgiModel
from training.clinic import training_clinic
from training.comparing import by_group, differences
from training.counterfactual import Pair, Swapped, differing, swapped
from training.examples import Example, read_examples
from training.exits import run_step
from training.inputs import at_least_one, folder_for, gguf_at
from training.judging import Judged, judge
from training.model_card import card, card_file, data_of
from training.recipe import load_recipe
from training.score_report import figures, picture, table

READY_SECONDS = 120.0
RULES = "rules alone"
WITHIN = ", in its schema"


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="previsit model evaluate", description="Score models side by side on held-out cases."
    )
    parser.add_argument("--data", type=Path, required=True, help="folder that training.data wrote")
    parser.add_argument(
        "--out", type=Path, required=True, help="folder for scores, cards and answers; goes on from them"
    )
    parser.add_argument("--model", action="append", default=[], metavar="NAME[:CASES]=GGUF")
    parser.add_argument("--recipe", default="smollm2-135m", help="of the models: for the licence on their cards")
    parser.add_argument("--count", type=at_least_one, default=30, help="how many of the held-out cases")
    parser.add_argument("--constrained", action="store_true", help="also within the schema, as a clinic asks")
    parser.add_argument("--counterfactual", action="store_true", help="also of another sex or age, where neutral")
    parser.add_argument("--threads", type=at_least_one, default=1)
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> None:
    options = arguments(argv)
    folder_for(options.out)
    cases = list(islice(read_examples(options.data / "held_out.jsonl"), options.count))
    models = [asked_model(each, len(cases)) for each in options.model]
    for model in models:
        gguf_at(model.gguf)
    others = list(_others(cases)) if options.counterfactual else []

    scored = Scored({RULES: [_by_rules(example) for example in cases]}, {})
    for model in models:
        for constrained in (False, True) if options.constrained else (False,):
            _score(model, cases[: model.most], others, constrained, options, scored)

    report = _report(scored)
    _write_scores(scored, report, options.out)
    _write_cards(models, scored, report, options)
    print(report)


class AskedModel(NamedTuple):
    """`most` is how many of the cases it is asked about."""

    name: str
    gguf: Path
    most: int


class Scored(NamedTuple):
    """By label: the judged answers, and the pairs about one case of two patients."""

    found: dict[str, list[Judged]]
    pairs: dict[str, list[Pair]]


def _score(
    model: AskedModel,
    cases: Sequence[Example],
    others: Sequence[tuple[Example, Swapped]],
    constrained: bool,
    options: argparse.Namespace,
    scored: Scored,
) -> None:
    """Asks what was not asked yet, and adds what came back."""
    label, stem = (f"{model.name}{WITHIN}", f"{model.name}-constrained") if constrained else (model.name, model.name)
    kept, kept_again = options.out / f"{stem}.jsonl", options.out / f"{stem}-counterfactual.jsonl"
    asyncio.run(_ask(model.gguf, cases, kept, constrained, options.threads))
    scored.found[label] = _judged(cases, kept)
    if mine := [(example, other) for example, other in others if example in cases]:
        again = [other.example for _, other in mine]
        asyncio.run(_ask(model.gguf, again, kept_again, constrained, options.threads))
        scored.pairs[label] = _paired(mine, scored.found[label], _judged(again, kept_again))


def _report(scored: Scored) -> str:
    """Markdown: the table, then pairs of patients, then differences."""
    found, pairs = scored
    report = table(found)
    for label, of in pairs.items():
        report += f"\n{label}, the same case of another patient:\n\n{differing(of)}\n"
    if against := compared(list(found)):
        report += f"\nDifferences in points on the same cases:\n\n{differences(found, against)}\n"
    return report


def _write_scores(scored: Scored, report: str, out: Path) -> None:
    means = {name: figures(judged) for name, judged in scored.found.items()}
    (out / "scores.md").write_text(report)
    (out / "scores.json").write_text(json.dumps(means, indent=2) + "\n")
    picture(means, out / "scores.png")


def _write_cards(models: Sequence[AskedModel], scored: Scored, report: str, options: argparse.Namespace) -> None:
    found, pairs = scored
    recipe, data = load_recipe(options.recipe), data_of(options.data)
    for model in models:
        labels = [label for label in (model.name, f"{model.name}{WITHIN}") if label in found]
        groups = {label: by_group(found[label]) for label in labels}
        groups |= {
            f"{label}, the same case of another patient": differing(pairs[label]) for label in labels if label in pairs
        }
        card_file(options.out, model.name).write_text(card(model.name, model.gguf, recipe, data, report, groups))


def asked_model(told: str, every: int) -> AskedModel:
    """ "base:15=base.gguf" → its name, its file and how many of the cases it is asked."""
    named, _, path = told.partition("=")
    name, _, most = named.partition(":")
    if not name or not path or not (most or "1").isdecimal():
        raise SystemExit(f"--model takes NAME=GGUF or NAME:CASES=GGUF, not {told!r}")
    return AskedModel(name, Path(path), min(int(most or every), every))


def compared(labels: Sequence[str]) -> list[tuple[str, str]]:
    """Each label with what it is compared with: the rules, and the first model asked in the same way."""
    asked = [label for label in labels if label != RULES]
    first = {label.endswith(WITHIN): label for label in reversed(asked)}
    others = [(label, first[label.endswith(WITHIN)]) for label in asked]
    return [(label, RULES) for label in asked] + [pair for pair in others if pair[0] != pair[1]]


def _others(cases: Iterable[Example]) -> Iterator[tuple[Example, Swapped]]:
    ruleset = training_clinic().ruleset
    return ((example, other) for example in cases for other in swapped(example, ruleset))


def _paired(others: Sequence[tuple[Example, Swapped]], before: Sequence[Judged], after: Sequence[Judged]) -> list[Pair]:
    first = {one.example.id: one for one in before}
    then = {one.example.id: one for one in after}
    return [Pair(other.change, first[example.id], then[other.example.id]) for example, other in others]


async def _ask(gguf: Path, cases: Sequence[Example], kept: Path, constrained: bool, threads: int) -> None:
    """Adds answers to `kept`, one line each, after those that are there already."""
    have = len(kept.read_text().splitlines()) if kept.exists() else 0
    if have >= len(cases):
        return
    server = LocalModelServer(gguf, threads=threads)
    await server.start()
    try:
        if not await server.wait_ready(READY_SECONDS):
            raise SystemExit(server.failure or "The model server did not come up.")
        model = TgiModel(Endpoint(server.url, token=server.token, deadline=300))
        for number, example in enumerate(cases[have:], start=have + 1):
            line = await _answer(model, example, constrained)
            with kept.open("a") as lines:
                lines.write(json.dumps(line) + "\n")
            print(f"{kept.stem}: {number} of {len(cases)}", flush=True)
        await model.endpoint.aclose()
    finally:
        await server.stop()


async def _answer(model: TgiModel, example: Example, constrained: bool) -> dict[str, Any]:
    case, tokens = example.case, Budget().answer_tokens
    schema = draft_schema(case, case.statements, list(example.passages), tokens) if constrained else None
    began = time.monotonic()
    completion = await model.complete(example.messages, schema, tokens, 0)
    return {"id": example.id, "seconds": time.monotonic() - began, **completion.model_dump()}


def _judged(cases: Sequence[Example], kept: Path) -> list[Judged]:
    by_id = {example.id: example for example in cases}
    found = []
    for line in kept.read_text().splitlines():
        answer = json.loads(line)
        name, seconds = answer.pop("id"), answer.pop("seconds")
        if name in by_id:
            found.append(judge(by_id[name], Completion.model_validate(answer), seconds))
    return found


def _by_rules(example: Example) -> Judged:
    began = time.monotonic()
    draft = rule_only_draft(example.case, list(example.passages.values()))
    text = json.dumps(written(draft), ensure_ascii=False)
    return judge(example, Completion(text=text), time.monotonic() - began)


if __name__ == "__main__":
    run_step(main)
