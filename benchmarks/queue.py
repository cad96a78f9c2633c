"""What the nurse's queue costs with many cases in it: server time of the page, on a real Valkey.

Run as: python -m benchmarks.queue [CASES]
"""

import asyncio
import gc
import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx
from starlette.applications import Starlette

from app.clinic import build_clinic
from app.serve import SELDOM
from app.services import SystemClock
from app.settings import read_settings
from benchmarks.sample_conversation import finished
from channels.console.config import ConsoleConfig
from channels.console.presence import Presence
from channels.console.routes import console_routes
from channels.event_stream import Streams
from dialogue.clinic import Clinic
from dialogue.conversation import Conversation, Review, State
from dialogue.engine import Engine
from dialogue.staff_ports import StaffMember, TrailEntry
from policies.lease import Lease
from policies.levels import Level
from policies.roles import Role
from storage.connection import connect
from storage.embedded import embedded_valkey
from storage.keys import shard_of
from storage.store import Store, open_store

PATHS = ("/console", "/console?page=100", "/console?show=mine", "/console?level=LOW", "/console/cases/c00007")
TIMES = 15


def waiting(number: int, like: Conversation, now: float) -> Conversation:
    """A finished interview that waits for review; every tenth has an owner."""
    levels = (Level.LOW, Level.LOW, Level.MEDIUM, Level.MEDIUM, Level.HIGH)
    lease = Lease(owner=("Kim", "Ana")[number % 2], token=1, until=now + 600) if number % 10 == 0 else None
    changes = {
        "id": f"c{number:05}",
        "code": f"C{number:05}",
        "state": State.NURSE_REVIEW,
        "review": Review.OPEN,
        "level": levels[number % len(levels)],
        "lease": lease,
    }
    return like.model_copy(update=changes)


async def fill(store: Store, url: str, cases: int, now: float) -> None:
    """Stores the conversations with their whole logs in one write each: the store is told that it has the version
    before."""
    like = finished("c")
    redis = await connect(url)
    for number in range(cases):
        last = waiting(number, like, now)
        await redis.hset(shard_of(last.id).conversation(last.id), "v", str(last.version - 1))
        await store.conversations.commit(last, [])
    await redis.aclose()


class Nothing:
    """A `Trail` that nobody has written to."""

    async def latest(self, limit: int, *, code: str = "", actor: str = "") -> list[TrailEntry]:
        return []

    async def problems(self) -> list[str]:
        return []


async def console(store: Store, clinic: Clinic, judging_first: bool = False) -> httpx.AsyncClient:
    config, clock = ConsoleConfig(clinic="bench", first_impression=judging_first), SystemClock()

    async def audit(actor: str, action: str, code: str = "", *detail: str) -> None:
        pass

    routes = console_routes(
        config,
        engine=Engine(store.conversations, clinic, clock, lambda: "new", "en"),
        store=store,
        presence=Presence(),
        streams=Streams(),
        audit=audit,
        trail=Nothing(),
    )
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=Starlette(routes=routes)), base_url="http://bench")
    session = await store.sessions.open(StaffMember(name="Kim", role=Role.NURSE))
    client.cookies.set(config.cookie, session)
    return client


async def measure(cases: int) -> None:
    clinic = build_clinic(read_settings({}))
    with tempfile.TemporaryDirectory() as folder:
        async with embedded_valkey(Path(folder)) as url, open_store(url, bytes(32), SystemClock()) as store:
            await fill(store, url, cases, time.time())
            gc.collect()
            gc.freeze()
            gc.set_threshold(*SELDOM)  # as the server does
            async with (
                await console(store, clinic) as client,
                await console(store, clinic, judging_first=True) as judge,
            ):
                cold = await timed(client, PATHS[0])
                print(f"{cases} cases wait; a page in ms, {TIMES} times: median, worst, median of our own CPU:")
                print(f"  the very first one, templates and all: {cold[0]:.1f}, {cold[1]:.1f} of CPU")
                for path, who in (*((path, client) for path in PATHS), (PATHS[0], judge)):
                    times = [await timed(who, path) for _ in range(TIMES)]
                    walls, cpus = [wall for wall, _ in times], [cpu for _, cpu in times]
                    middle, own = statistics.median(walls), statistics.median(cpus)
                    first = ", first impression first" if who is judge else ""
                    print(f"  {path + first:<34} {middle:6.1f} {max(walls):6.1f} {own:6.1f}")


async def timed(client: httpx.AsyncClient, path: str) -> tuple[float, float]:
    """By the clock, and by this process's CPU: on a busy machine only the second is ours."""
    start, cpu = time.perf_counter(), time.process_time()
    answer = await client.get(path)
    took = 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - cpu)
    assert answer.status_code == 200, answer.text
    return took


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000))
