"""Prints the figures. Knows nothing about how they were measured."""

import os
import platform
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from benchmarks.in_process import Timed
from benchmarks.rounds import Entrant, Kept, Rounds

AIM = 2.0
AIM_ROUND_TRIPS = 2.0
AIM_BYTES = 6 * 1024
WIDTH = 46
RATE, P50, P99 = attrgetter("rate"), attrgetter("p50"), attrgetter("p99")
CPU, STORE_CPU, TRIPS = attrgetter("server_cpu"), attrgetter("store_cpu"), attrgetter("round_trips")
HTTP = "Over HTTP, one server process on one core"


def print_head(store: Mapping[str, Any], turns: int) -> None:
    """Prints what was measured, and on which machine."""
    python, valkey = platform.python_version(), store.get("valkey_version") or store["redis_version"]
    cores, load = os.cpu_count(), os.getloadavg()[0]
    print(f"A conversation of {turns} patient turns. Python {python}; Valkey {valkey}, append-only file, fsync always.")
    print(f"{cores} cores, load average {load:.1f} before the start. Times in ms, CPU in microseconds a turn.")


def print_in_process(rows: Mapping[str, Timed]) -> None:
    print(f"\n{'In this process, one at a time':<{WIDTH}}{'p50':>8}{'p99':>8}{'CPU':>8}")
    for name, row in rows.items():
        print(f"{name:<{WIDTH}}{row.p50:>8.2f}{row.p99:>8.2f}{row.cpu:>8.0f}")


def print_race(
    entrants: Sequence[Entrant], run: Sequence[Rounds], base: Mapping[int, Rounds], title: str = HTTP
) -> None:
    """`base` are the floor's rounds by the number of clients. "x" is how many times the floor's figure the one
    before it is."""
    head = f"{'clients':>8}{'turns/s':>9}{'p50':>8}{'p99':>8}{'x':>7}{'CPU':>8}{'x':>7}{'trips':>7}{'store CPU':>11}"
    print(f"\n{title:<{WIDTH}}{head}")
    for entrant, row in zip(entrants, run, strict=True):
        floor, of = base[entrant.plan.clients], row.median
        print(
            f"{entrant.name:<{WIDTH}}{entrant.plan.clients:>8}{of(RATE):>9.0f}{of(P50):>8.2f}"
            f"{of(P99):>8.2f}{row.times(floor, P99):>7.2f}{of(CPU):>8.0f}{row.times(floor, CPU):>7.2f}"
            f"{of(TRIPS):>7.2f}{of(STORE_CPU):>11.0f}"
        )


def print_kept(rows: Mapping[str, Kept]) -> None:
    print(f"\n{'Kept of one conversation':<{WIDTH}}{'keys':>8}{'bytes':>9}{'in memory':>11}")
    for name, row in rows.items():
        print(f"{name:<{WIDTH}}{row.keys:>8}{row.content:>9}{row.memory:>11}")


def print_aims(ours: Rounds, floor: Rounds, kept: Kept, clients: int) -> None:
    reached = [
        ("server CPU a turn, times the floor's", ours.times(floor, CPU), AIM),
        ("p99, times the floor's", ours.times(floor, P99), AIM),
        ("store round trips a turn", ours.median(TRIPS), AIM_ROUND_TRIPS),
        ("keys of a conversation", kept.keys, 1),
        ("bytes of a conversation", kept.content, AIM_BYTES),
    ]
    print(f"\nAims, with {clients} clients")
    for what, figure, aim in reached:
        verdict = "reached" if round(figure, 2) <= aim else "missed"
        print(f"  {what:<{WIDTH - 2}}{figure:>8.6g} of at most {aim:g}: {verdict}")
