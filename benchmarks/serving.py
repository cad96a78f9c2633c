"""Servers under test and the load upon them, each a process of its own that ends with ours. Knows nothing of turns."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import NamedTuple

from redis.asyncio import Redis

from benchmarks.contenders import ROOT, Contender
from benchmarks.load import ADDRESS, Plan, Result

WRAPPER = ROOT / "storage" / "die_with_parent.py"
START_SECONDS = 60.0
ALLOWED = sorted(os.sched_getaffinity(0))


class Measured(NamedTuple):
    """CPU in microseconds and round trips are those of one turn, on average."""

    load: Result
    server_cpu: float
    store_cpu: float
    round_trips: float

    @property
    def rate(self) -> float:
        return self.load.turns / self.load.seconds

    @property
    def p50(self) -> float:
        return self.load.p50

    @property
    def p99(self) -> float:
        return self.load.p99


class Serving(NamedTuple):
    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """The CPU time of all its threads since they started, user and kernel, to the nanosecond."""
        threads = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


@contextmanager
def off_the_servers_core() -> Iterator[None]:
    """Keeps this process, and all that it starts meanwhile, off the last core, which belongs to the measured server."""
    os.sched_setaffinity(0, ALLOWED[:-1] or ALLOWED)
    try:
        yield
    finally:
        os.sched_setaffinity(0, ALLOWED)


@asynccontextmanager
async def serving(contender: Contender) -> AsyncIterator[Serving]:
    """Runs the server from when it takes connections until the block ends. It has the last core to itself."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", str(WRAPPER), str(os.getpid()), *contender.command),
        cwd=ROOT,
        env={**_environment(), **contender.environment},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        os.sched_setaffinity(process.pid, ALLOWED[-1:])
        await _until_open(contender.port, process)
        yield Serving(contender.port, process.pid)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def measure(server: Serving, plan: Plan, redis: Redis) -> Measured:
    """Plays the plan. Only the turns are measured, not the opening of their conversations."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.load"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin and process.stdout
    process.stdin.write(plan.model_dump_json().encode() + b"\n")
    if await process.stdout.readline() != b"ready\n":
        raise SystemExit("The load generator could not open its conversations; its own message is above.")
    before = await _state(server, redis)
    process.stdin.write(b"go\n")
    answer = await process.stdout.readline()
    after = await _state(server, redis)
    if await process.wait() or not answer:
        raise SystemExit("The load generator did not come to its end; its own message is above.")
    result = Result.model_validate_json(answer)
    server_cpu, store_cpu, reads = (now - then for then, now in zip(before, after, strict=True))
    # The second look at the store's figures is one of the requests that it counted.
    return Measured(result, server_cpu / result.turns * 1e6, store_cpu / result.turns * 1e6, (reads - 1) / result.turns)


async def _state(server: Serving, redis: Redis) -> tuple[float, float, int]:
    """The server's CPU seconds, the store's, and how many requests the store has read from its connections."""
    info = await redis.info("everything")
    store = info["used_cpu_user"] + info["used_cpu_sys"]
    return server.cpu_seconds(), store, info["total_reads_processed"]


def _environment() -> dict[str, str]:
    """Our environment without the settings of a previsit that somebody uses on this machine."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PREVISIT_")}


async def _until_open(port: int, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            if process.returncode is not None:
                raise SystemExit("A server under test did not start; its own message is above.")
            try:
                _, writer = await asyncio.open_connection(ADDRESS, port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return
