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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from llm.assessor import Budget
from llm.endpoint import Endpoint
from llm.local_server import LocalModelServer
from llm.port import Completion
from llm.reply import written
from llm.rule_only import rule_only_draft
from llm.schema import draft_schema
from llm.tgi import TgiModel
from training.bootstrap import share_interval
from training.clinic import training_clinic
from training.comparing import by_group, differences
from training.counterfactual import Pair, Swapped, differing, swapped
from training.examples import Example, read_examples
from training.exits import run_step
from training.inputs import at_least_one, folder_for, gguf_at
from training.judging import MEASURES, Judged, judge, missed_critical, objections_by_code
from training.model_card import card, card_file, data_of
from training.recipe import load_recipe

READY_SECONDS = 120.0
COUNTED = ("words to read", "seconds")
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
    for _, gguf, _ in (asked := [asked_model(each, len(cases)) for each in options.model]):
        gguf_at(gguf)
    others = list(_others(cases)) if options.counterfactual else []
    pairs: dict[str, list[Pair]] = {}
    found: dict[str, list[Judged]] = {RULES: [_by_rules(example) for example in cases]}
    for name, gguf, most in asked:
        mine = cases[:most]
        mine_again = [(example, other) for example, other in others if example in mine]
        for constrained in (False, True) if options.constrained else (False,):
            label, stem = (f"{name}{WITHIN}", f"{name}-constrained") if constrained else (name, name)
            kept, kept_again = options.out / f"{stem}.jsonl", options.out / f"{stem}-counterfactual.jsonl"
            asyncio.run(_ask(gguf, mine, kept, constrained, options.threads))
            found[label] = _judged(mine, kept)
            if mine_again:
                again = [other.example for _, other in mine_again]
                asyncio.run(_ask(gguf, again, kept_again, constrained, options.threads))
                pairs[label] = _paired(mine_again, found[label], _judged(again, kept_again))
    report = table(found)
    for label, of in pairs.items():
        report += f"\n{label}, the same case of another patient:\n\n{differing(of)}\n"
    if asked:
        report += f"\nDifferences in points on the same cases:\n\n{differences(found, compared(list(found)))}\n"
    (options.out / "scores.md").write_text(report)
    means = {name: figures(judged) for name, judged in found.items()}
    (options.out / "scores.json").write_text(json.dumps(means, indent=2) + "\n")
    picture(means, options.out / "scores.png")
    recipe, data = load_recipe(options.recipe), data_of(options.data)
    for name, gguf, _ in asked:
        labels = [label for label in (name, f"{name}{WITHIN}") if label in found]
        groups = {label: by_group(found[label]) for label in labels}
        groups |= {
            f"{label}, the same case of another patient": differing(pairs[label]) for label in labels if label in pairs
        }
        card_file(options.out, name).write_text(card(name, gguf, recipe, data, report, groups))
    print(report)


def asked_model(told: str, every: int) -> tuple[str, Path, int]:
    """ "base:15=base.gguf" → its name, its file and how many of the cases it is asked."""
    named, _, path = told.partition("=")
    name, _, most = named.partition(":")
    if not name or not path or not (most or "1").isdecimal():
        raise SystemExit(f"--model takes NAME=GGUF or NAME:CASES=GGUF, not {told!r}")
    return name, Path(path), min(int(most or every), every)


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


def table(found: dict[str, list[Judged]]) -> str:
    """Markdown: means with 95 % intervals, then what the review objected to."""
    head = ["model", "cases", *MEASURES, "missed critical"]
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {name} | {len(judged)} | {' | '.join(_cells(judged))} |" for name, judged in found.items()]
    objected = [f"- {name}: {_listed(objections_by_code(judged).most_common(8))}" for name, judged in found.items()]
    count = len(next(iter(found.values())))
    return "\n".join(
        [
            f"{count} cases of protocols not trained on, or the first of them.",
            "",
            *lines,
            "",
            "Objections:",
            *objected,
            "",
        ]
    )


def _cells(judged: Sequence[Judged]) -> Iterable[str]:
    for name, measure in MEASURES.items():
        values = [float(measure(one)) for one in judged]
        mean = sum(values) / len(values)
        if name in COUNTED:
            yield f"{mean:.1f}"
        else:
            low, high = share_interval(values)
            yield f"{mean:.0%} ({low:.0%}–{high:.0%})"
    missed, critical = missed_critical(judged)
    yield f"{missed} of {critical}"


def figures(judged: Sequence[Judged]) -> dict[str, float]:
    """The means, and the share of emergencies that got a lower level."""
    missed, critical = missed_critical(judged)
    found = {name: sum(map(measure, judged)) / len(judged) for name, measure in MEASURES.items()}
    return {**found, "missed critical": missed / critical if critical else 0.0}


def picture(means: Mapping[str, Mapping[str, float]], path: Path) -> None:
    """Draws the shares of all models side by side."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    shares = [name for name in MEASURES if name not in COUNTED]
    figure, axes = pyplot.subplots(figsize=(10, 4.5))
    width = 0.8 / len(means)
    for number, (name, values) in enumerate(means.items()):
        places = [at + number * width for at in range(len(shares))]
        axes.bar(places, [values[share] for share in shares], width, label=name)
    axes.set_xticks([at + 0.4 - width / 2 for at in range(len(shares))], shares)
    axes.set_ylim(0, 1)
    axes.legend(fontsize="small", loc="lower center", bbox_to_anchor=(0.5, 1.0), ncol=4, frameon=False)
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    pyplot.close(figure)


def _listed(found: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{code} {count}" for code, count in found) or "none"


if __name__ == "__main__":
    run_step(main)
