"""What a message and a turn cost against 50, 500 and 5,000 made-up rules, and the shipped ones. Figures, no tests.

Run as: python -m benchmarks.rule_cost [--rules N ...]

Each row is a process of its own. CPU of this process, so that others on the machine count little: p50 and p99 of
screening one first message, the mean of a turn of a whole conversation, made from the start and going on from the turn
before. Memory is what the content and the compiled phrases add to the process, in MB, and all of it with the encoder.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from app.clinic import build_clinic
from app.offline import Suspects, opened, unsuspecting
from app.paraphrases import suspects_of
from app.screening import Message, screen
from app.settings import read_settings
from benchmarks.made_up_rules import made_up, message
from benchmarks.patient import Turn, answer
from dialogue.advance import advance
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation
from dialogue.events import Said
from dialogue.judging import Judgement
from dialogue.machine import ASKING
from policies.loading import load_ruleset

SIZES = (50, 500, 5000)
SHIPPED = 0
LANGUAGE = "en"
REPEAT = 5
SCREENING = Path(__file__).parent / "clinical" / "screening.jsonl"
AIMS = {
    "screening, p50, ms": 5.0,
    "with the encoder, p50, ms": 30.0,
    "understanding, MB": 200.0,
    "start-up, CPU s": 2.0,
}


def measured(size: int) -> dict[str, float]:
    """One row; SHIPPED is the content that ships."""
    before, began = _memory(), time.process_time()
    clinic = build_clinic(read_settings({}), load_ruleset() if size == SHIPPED else made_up(size))
    built, grown = time.process_time() - began, _memory() - before
    messages = shipped_messages() if size == SHIPPED else [message(number) for number in range(min(size // 10, 200))]
    p50, p99 = screening(messages, clinic, unsuspecting)
    opening = "" if size == SHIPPED else message(0)
    afresh, going_on = turns(clinic, opening, going_on=False), turns(clinic, opening, going_on=True)
    row = {"rules": len(clinic.ruleset.rules), "findings": len(clinic.ruleset.findings), "build s": built, "MB": grown}
    row |= {"p50": p50, "p99": p99, "afresh": afresh, "going on": going_on}
    if size == SHIPPED:
        suspects = suspects_of(read_settings({}))
        if suspects is not unsuspecting:
            row["likeness"], _ = screening(messages[:100], clinic, suspects)
        row["all MB"] = _memory()
    return row


def shipped_messages() -> list[str]:
    return [json.loads(line)["text"] for line in SCREENING.read_text("utf-8").splitlines()]


def screening(messages: Sequence[str], clinic: Clinic, suspects: Suspects) -> tuple[float, float]:
    """The median and the 99th percentile of one message, in milliseconds of CPU; the better of two rounds."""
    lines = [Message(id="m", text=text) for text in messages]
    ways = [partial(screen, line, clinic, LANGUAGE, suspects) for line in lines]
    taken = sorted(min(_cpu(way), _cpu(way)) * 1000 for way in ways)
    return taken[len(taken) // 2], taken[len(taken) * 99 // 100]


def turns(clinic: Clinic, opening: str, *, going_on: bool) -> float:
    """The mean turn of a conversation whose patient denies everything else, in CPU microseconds; the best round."""
    return min(_conversation(clinic, opening, going_on=going_on) for _ in range(REPEAT))


def _conversation(clinic: Clinic, opening: str, *, going_on: bool) -> float:
    now, judgement, taken = opened(clinic, LANGUAGE, "measured"), None, 0.0
    while now.state in ASKING and now.question:
        said = _said(now, answer(now.question, typing=False), opening)
        began = time.process_time()
        turn = advance(now, said, clinic, judgement)
        taken += time.process_time() - began
        now, judgement = turn.conversation, _if(turn.judgement, going_on)
    return taken / (now.version - 1) * 1e6


def _if(judgement: Judgement | None, going_on: bool) -> Judgement | None:
    return judgement if going_on else None


def _said(now: Conversation, turn: Turn, opening: str) -> Said:
    is_complaint = now.question is not None and now.question.id == "complaint"
    text = opening if opening and is_complaint else turn.text
    return Said(at=0.0, key=str(now.version), text=text, choices=turn.choices)


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _memory() -> float:
    """The most that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def started() -> float:
    """CPU seconds until a process has loaded the whole server and read the content."""
    code = (
        "import gc, time\n"
        "gc.disable()\n"  # as `previsit serve` does until it serves
        "import app.serve, app.clinic, app.settings\n"
        "app.clinic.build_clinic(app.settings.read_settings({}))\n"
        "print(time.process_time())"
    )
    return float(subprocess.check_output([sys.executable, "-c", code]))


def print_rows(rows: Iterable[dict[str, float]]) -> None:
    print(f"{'':10}{'rules':>7}{'findings':>10}{'build':>8}{'memory':>8}{'a message, ms':>18}{'a turn, us':>22}")
    print(f"{'':10}{'':>7}{'':>10}{'s':>8}{'MB':>8}{'p50':>9}{'p99':>9}{'afresh':>11}{'going on':>11}", flush=True)
    for row in rows:
        name = "shipped" if "all MB" in row else "made up"
        print(
            f"{name:10}{row['rules']:>7.0f}{row['findings']:>10.0f}{row['build s']:>8.2f}{row['MB']:>8.0f}"
            f"{row['p50']:>9.2f}{row['p99']:>9.2f}{row['afresh']:>11.0f}{row['going on']:>11.0f}",
            flush=True,
        )


def print_aims(shipped: dict[str, float]) -> None:
    figures = [shipped["p50"], shipped.get("likeness"), shipped["MB"], started()]
    print(f"\nAims, with the shipped content (a process with all of it holds {shipped['all MB']:.0f} MB)")
    for (what, aim), figure in zip(AIMS.items(), figures, strict=True):
        verdict = "not measured: no encoder" if figure is None else f"{figure:.4g} of at most {aim:g}"
        print(f"  {what:<28}{verdict}{'' if figure is None else ': reached' if figure <= aim else ': missed'}")


def main(sizes: Sequence[int]) -> None:
    def apart(size: int) -> dict[str, float]:
        command = [sys.executable, "-m", "benchmarks.rule_cost", "--one", str(size)]
        row: dict[str, float] = json.loads(subprocess.check_output(command))
        return row

    shipped = apart(SHIPPED)
    print_rows([*map(apart, sizes), shipped])
    print_aims(shipped)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=int, nargs="+", default=SIZES, metavar="N", help="how many made-up rules")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one is None:
        main(given.rules)
    else:
        print(json.dumps(measured(given.one)))
