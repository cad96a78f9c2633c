"""How soon a message is durable, and how soon the first sender of a page is at work while another one hangs.

Run as: python -m benchmarks.paging [--rate 50] [--messages 1000] [--flags 10]

A real Valkey with fsync always; engine, worker and pager in this process, as `previsit serve` has them. Messages come
at an even rate, whether or not the ones before are answered; every so many is a red flag. One paging service answers,
one takes connections and never says a word. Aims, for 99 of 100: durable within 25 ms, the first attempt within 1 s.

The server's own parts are measured, in one process as by default: its loop, sentence encoder, engine, store, worker.
The same store is asked to keep 2 kB by a bare SET before and after, at the same rate: no page is durable sooner, and
how many times its p99 ours is says more than milliseconds do on a machine that others use too. `late` is how late the
loop was for what was due: what blocks it, or takes the processor from it, shows there.
"""

import argparse
import asyncio
import logging
import os
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import httpx
import uvloop
from redis.asyncio import Redis

from app.clinic import build_clinic
from app.paging import senders
from app.paraphrases import paraphrases_at_hand
from app.serve import running, spare_what_stays
from app.services import SystemClock, new_id
from app.settings import Settings, read_settings
from app.storage import Storage, open_storage
from app.warm_up import warm_up
from app.worker import Worker
from benchmarks.page_receiver import PageReceiver, page_receiver
from channels.console.presence import Presence
from channels.pager import Pager
from channels.senders.console import ConsoleSender
from channels.senders.people import Tickets
from dialogue.engine import Engine
from llm.assessor import Assessor
from llm.breaker import Breaker
from storage.embedded import embedded_valkey

SECRET = "a secret of this run"  # noqa: S105 - it opens nothing
DANGER = "I have a crushing pain in my chest and my left arm feels heavy"
HARMLESS = "a sore throat"
LAST_SECONDS = 60.0


class Bench:
    def __init__(self, settings: Settings, storage: Storage) -> None:
        self.clock = SystemClock()
        clinic = build_clinic(settings)
        encoder = paraphrases_at_hand(settings)
        self.engine = Engine(storage.store.conversations, clinic, self.clock, new_id, "en", encoder)
        self.durable: dict[bool, list[float]] = {True: [], False: []}
        self.flagged: dict[str, float] = {}
        self.bare: list[float] = []
        self.late: list[float] = []
        self._settings = settings
        self._storage = storage

    def worker(self, client: httpx.AsyncClient) -> Worker:
        ways = senders(self._settings, client, None, Tickets(b"", ""), self.clock)
        every = [ConsoleSender(Presence()), *ways]
        pager = Pager(self.engine.clinic.ladder, every, lambda one: f"http://clinic.test/console/cases/{one}")
        assessor = Assessor(None, None, Breaker(time.monotonic))
        return Worker("bench", self.engine, self._storage.store.outbox, pager, assessor, self.clock)

    async def opens(self) -> str:
        """A chat whose next message is the complaint."""
        talk = await self.engine.start()
        await self.engine.say(talk.id, key="consent", choices=("yes",))
        return talk.id

    async def says(self, conversation: str, is_flag: bool, due: float) -> None:
        """Times the message from when it was `due`: if this process was too busy to send it then, it waited all the
        same."""
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
        given |= {"webhook_url": receiver.url, "webhook_secret": SECRET}
        async with (
            embedded_valkey(folder / "store") as url,
            open_storage(settings := read_settings({}, **given, redis_url=url), SystemClock()) as storage,
        ):
            bench = Bench(settings, storage)
            talks = [await bench.opens() for _ in range(messages)]
            await warm_up(bench.engine)
            spare_what_stays()
            bench.bare += await bare(url, rate, messages // 2)
            async with running(bench.worker(client)), asyncio.TaskGroup() as group:
                async for number, due in paced(rate, messages):
                    bench.late.append(time.perf_counter() - due)
                    group.create_task(bench.says(talks[number], number % flags == flags - 1, due))
                group.create_task(receiver.until_all(set(talks[flags - 1 :: flags]), LAST_SECONDS))
            bench.bare += await bare(url, rate, messages // 2)
    dead.close()
    return bench, receiver


async def paced(rate: float, times: int) -> AsyncIterator[tuple[int, float]]:
    """Each number when it is due, with the due time. A late one does not delay those after it."""
    began = time.perf_counter()
    for number in range(times):
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        yield number, due


async def bare(url: str, rate: float, times: int) -> list[float]:
    """The seconds until a SET of 2 kB is on disk and answered, counted as those of a message."""
    found: list[float] = []

    async def once(redis: Redis, number: int, due: float) -> None:
        await redis.set(f"bare:{number}", os.urandom(2000))
        found.append(time.perf_counter() - due)

    async with Redis.from_url(url) as redis, asyncio.TaskGroup() as group:
        await redis.ping()
        async for number, due in paced(rate, times):
            group.create_task(once(redis, number, due))
    return found


def percentiles(times: list[float]) -> tuple[float, float, float]:
    ordered = sorted(times)
    p50, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.99))
    return p50, p99, ordered[-1]


def main() -> None:
    parser = argparse.ArgumentParser(prog="paging", description="How soon is a message durable, and somebody paged?")
    parser.add_argument("--rate", type=float, default=50.0, help="messages a second")
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--flags", type=int, default=10, help="every so many messages is a red flag")
    given = parser.parse_args()
    load = os.getloadavg()[0]
    logging.disable(logging.WARNING)  # that one service says nothing is what we are here for
    with tempfile.TemporaryDirectory(prefix="previsit-paging-") as folder:
        bench, receiver = uvloop.run(measure(given.rate, given.messages, given.flags, Path(folder) / "data"))
    attempts = [receiver.came[one] - began for one, began in bench.flagged.items() if one in receiver.came]
    print(f"{given.messages} messages at {given.rate:g} a second, {len(bench.flagged)} of them red flags; one of two")
    print(f"paging services hangs. {os.cpu_count()} cores, load average {load:.1f} before the start. Milliseconds:")
    print(f"{'':<42}{'p50':>9}{'p99':>9}{'most':>9}{'p99, x':>9}")
    rows = {
        "a bare SET of 2 kB, fsync always": bench.bare,
        "late for what was due": bench.late,
        "harmless message, durable and answered": bench.durable[False],
        "red flag, durable and answered": bench.durable[True],
        "red flag, first sender at work": attempts,
    }
    for name, times in rows.items():
        p50, p99, most = percentiles(times)
        print(
            f"{name:<42}{p50 * 1000:>9.1f}{p99 * 1000:>9.1f}{most * 1000:>9.1f}{p99 / percentiles(bench.bare)[1]:>9.1f}"
        )
    print(f"pages that no sender got: {len(bench.flagged) - len(attempts)}")


if __name__ == "__main__":
    main()
