"""Kills server, worker and store at random points of many dangerous chats, and compares the pages owed with those sent.

Run as: python -m benchmarks.faults [--conversations N] [--kills N] [--seed N] [--together | --cluster]
        python -m benchmarks.faults --rounds 20 --conversations 500 --kills 26 --kept FILE [--minutes M]

Each patient answers a few questions and then tells of something dangerous. A program is killed without warning
(SIGKILL) a few milliseconds after a message that chance chose, and now and then again while it starts. Between server
or worker and store, and between worker and paging service, answers are lost or held back, and questions asked twice;
the service itself refuses some pages and takes others without a word. No page is repeated within the run for want of an
acknowledgement, so that each has this one chance. What was committed is read from the store when all is over.

With `--cluster` the store is three primaries and their replicas: a primary is killed, and comes back when its replica
has taken over. `--together` is the embedded default: one program, whose store ends with it. `--rounds` plays that many
runs with seeds of their own; `--kept` notes each in a file, and the same command given again goes on after the last one
there.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.fault_outcome import Outcome as Outcome
from benchmarks.fault_outcome import Plan as Plan
from benchmarks.fault_outcome import report as report
from benchmarks.fault_outcome import written
from benchmarks.fault_run import play as play


def one(plan: Plan) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="previsit-faults-") as folder:
        return asyncio.run(play(plan, Path(folder) / "data"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="faults", description="Kills programs at random, and looks for lost pages.")
    parser.add_argument("--conversations", type=int, default=Plan.conversations, metavar="N", help="in each round")
    parser.add_argument("--kills", type=int, default=Plan.kills, metavar="N", help="in each round")
    parser.add_argument("--seed", type=int, default=Plan.seed, metavar="N", help="of the first round")
    parser.add_argument("--steps", type=int, default=Plan.steps, metavar="N", help="questions before the danger, fewer")
    parser.add_argument("--together", action="store_true", help="one program that does everything")
    parser.add_argument("--cluster", action="store_true", help="the store is a cluster, whose primaries are killed")
    parser.add_argument("--rounds", type=int, default=1, metavar="N")
    parser.add_argument("--minutes", type=float, default=24 * 60.0, metavar="M", help="begin no round after so long")
    parser.add_argument("--kept", type=Path, metavar="FILE", help="rounds that were played, and will not be again")
    given = parser.parse_args()
    until = time.monotonic() + 60 * given.minutes
    played = _kept(given.kept)
    for seed in range(given.seed, given.seed + given.rounds):
        if str(seed) in played or time.monotonic() > until:
            continue
        plan = Plan(given.conversations, given.kills, seed, not given.together, given.steps, cluster=given.cluster)
        outcome = one(plan)
        print(report(outcome), end="\n\n", flush=True)
        played[str(seed)] = outcome.figures()
        if given.kept:
            given.kept.write_text(json.dumps(played, indent=1))
        if not outcome.holds:
            raise SystemExit(1)
    if len(played) > 1:
        total = sum((Counter(figures) for figures in played.values()), Counter())
        rows = {name: total[name] for figures in played.values() for name in figures}
        print("\n".join([f"all {len(played)} rounds", *written(rows)]))


def _kept(path: Path | None) -> dict[str, dict[str, int]]:
    return json.loads(path.read_text()) if path and path.exists() else {}


if __name__ == "__main__":
    main()
