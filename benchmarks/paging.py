"""How soon a message is durable, and how soon the first sender of a page is at work while another one hangs.

Run as: python -m benchmarks.paging [--rate 50] [--messages 1000] [--flags 10]

A real Valkey with fsync always; engine, worker and pager in this process, as `previsit serve` has them. Messages come
at an even rate, whether or not the ones before are answered; every so many is a red flag. One paging service answers,
one takes connections and never says a word. Aims, for 99 of 100: durable within 25 ms, the first attempt within 1 s.

What the disk itself takes is measured before and after, at the same rate: no page is durable sooner.
"""

import argparse
import asyncio
import logging
import os
import tempfile
import time
from pathlib import Path
from random import Random

import httpx

from app.clinic import build_clinic
from app.house import SystemClock, new_id
from app.paging import senders
from app.serve import running, spare_what_stays
from app.settings import Settings, read_settings
from app.store import Kept, open_kept
from app.worker import Worker
from benchmarks.page_receiver import PageReceiver, page_receiver
from channels.console.presence import Presence
from channels.pager import Pager
from channels.senders.console import ConsoleSender
from channels.senders.people import Tickets
from dialogue.engine import Engine
from llm.assessor import Assessor
from llm.breaker import Breaker

SECRET = "a secret of this run"  # noqa: S105 - it opens nothing
DANGER = "I have a crushing pain in my chest and my left arm feels heavy"
HARMLESS = "a sore throat"
LAST_SECONDS = 60.0


class Bench:
    def __init__(self, settings: Settings, kept: Kept) -> None:
        self.clock = SystemClock()
        clinic = build_clinic(settings)
        self.engine = Engine(kept.store.conversations, clinic, self.clock, new_id, "en")
        self.durable: dict[bool, list[float]] = {True: [], False: []}
        self.flagged: dict[str, float] = {}
        self._settings = settings
        self._kept = kept

    def worker(self, client: httpx.AsyncClient) -> Worker:
        ways = senders(self._settings, client, None, Tickets(b"", ""), self.clock)
        every = [ConsoleSender(Presence()), *ways]
        pager = Pager(self.engine.clinic.ladder, every, lambda one: f"http://clinic.test/console/cases/{one}")
        assessor = Assessor(None, None, Breaker(time.monotonic))
        return Worker("bench", self.engine, self._kept.store.outbox, pager, assessor, self.clock)

    async def opens(self) -> str:
        """A chat whose next message is the complaint."""
        talk = await self.engine.start()
        await self.engine.say(talk.id, key="consent", choices=("yes",))
        return talk.id

    async def says(self, conversation: str, is_flag: bool, due: float) -> None:
        """Timed from when it was `due`: one that this process was too busy to begin with has waited all the same."""
        after = await self.engine.say(conversation, key="complaint", text=DANGER if is_flag else HARMLESS)
        self.durable[is_flag].append(time.perf_counter() - due)
        if is_flag:
            assert after.page
            self.flagged[conversation] = due


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while await reader.read(65536):
            pass
    except (OSError, asyncio.CancelledError):
        pass


async def measure(rate: float, messages: int, flags: int, folder: Path) -> tuple[Bench, PageReceiver]:
    dead = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with page_receiver(SECRET, Random(1), refuses=0, goes_silent=0) as receiver, httpx.AsyncClient() as client:
        port = dead.sockets[0].getsockname()[1]
        given = {"data_dir": folder, "emergency_number": "911", "ntfy_url": f"http://127.0.0.1:{port}/on-call"}
        settings = read_settings({}, **given, webhook_url=receiver.url, webhook_secret=SECRET)
        async with open_kept(settings, SystemClock()) as kept:
            bench = Bench(settings, kept)
            talks = [await bench.opens() for _ in range(messages)]
            spare_what_stays()
            async with running(bench.worker(client)), asyncio.TaskGroup() as group:
                began = time.perf_counter()
                for number, talk in enumerate(talks):
                    due = began + number / rate
                    await asyncio.sleep(max(0.0, due - time.perf_counter()))
                    group.create_task(bench.says(talk, number % flags == flags - 1, due))
                group.create_task(receiver.until_all(set(talks[flags - 1 :: flags]), LAST_SECONDS))
    dead.close()
    return bench, receiver


def disk(folder: Path, rate: float, times: int = 200) -> list[float]:
    """Seconds that the disk below `folder` takes for 2 kB to be on it, with nothing of ours around."""
    found = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(times):
            time.sleep(1 / rate)
            began = time.perf_counter()
            file.write(b"x" * 2000)
            os.fdatasync(file.fileno())
            found.append(time.perf_counter() - began)
    return found


def percentiles(times: list[float]) -> str:
    ordered = sorted(times)
    p50, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.99))
    return f"{p50 * 1000:>9.1f}{p99 * 1000:>9.1f}{ordered[-1] * 1000:>9.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="paging", description="How soon is a message durable, and somebody paged?")
    parser.add_argument("--rate", type=float, default=50.0, help="messages a second")
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--flags", type=int, default=10, help="every so many messages is a red flag")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    logging.disable(logging.WARNING)  # that one service says nothing is what we are here for
    with tempfile.TemporaryDirectory(prefix="previsit-paging-") as folder:
        floor = disk(Path(folder), given.rate)
        bench, receiver = asyncio.run(measure(given.rate, given.messages, given.flags, Path(folder) / "data"))
        floor += disk(Path(folder), given.rate)
    attempts = [receiver.came[one] - began for one, began in bench.flagged.items() if one in receiver.came]
    print(f"{given.messages} messages at {given.rate:g} a second, {len(bench.flagged)} of them red flags; one of two")
    print(f"paging services hangs. {os.cpu_count()} cores, load average {load:.1f} before the start. Milliseconds:")
    print(f"{'':<42}{'p50':>9}{'p99':>9}{'most':>9}")
    print(f"{'the disk alone, 2 kB with fdatasync':<42}{percentiles(floor)}")
    print(f"{'harmless message, durable and answered':<42}{percentiles(bench.durable[False])}")
    print(f"{'red flag, durable and answered':<42}{percentiles(bench.durable[True])}")
    print(f"{'red flag, first sender at work':<42}{percentiles(attempts)}")
    print(f"pages that no sender got: {len(bench.flagged) - len(attempts)}")


if __name__ == "__main__":
    main()
