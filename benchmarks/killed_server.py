"""`previsit serve` that is killed and started again on the same port and data folder. Knows nothing of what it does."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.contenders import ROOT, free_port

PREVISIT = Path(sys.executable).with_name("previsit")


class DidNotStart(Exception):
    """The server ended while it started, though nobody had killed it."""


class KilledServer:
    """`up` is set while it takes requests; `starts` are the seconds from each start to then."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        self.port = free_port()
        self.up = asyncio.Event()
        self.starts: list[float] = []
        self.kills = 0
        self._settings = {f"PREVISIT_{name.upper()}": str(value) for name, value in settings.items()}
        self._process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        began = time.perf_counter()
        process = await self._spawn()
        assert process.stdout
        async for line in process.stdout:
            if b"Stop with" in line:
                self.starts.append(time.perf_counter() - began)
                self.up.set()
                return
        raise DidNotStart(f"it ended with {await process.wait()}; its own message is above")

    async def kill(self) -> None:
        """As the kernel does when memory is short: no handler runs."""
        self.up.clear()
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
            self.kills += 1

    async def kill_while_it_starts(self, after: float) -> None:
        """Start it, and kill it `after` so many seconds, whatever it does then."""
        await self._spawn()
        await asyncio.sleep(after)
        await self.kill()

    async def stop(self) -> None:
        self.up.clear()
        if self._process and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()

    async def _spawn(self) -> asyncio.subprocess.Process:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("PREVISIT_")}
        self._process = await asyncio.create_subprocess_exec(
            *(PREVISIT, "serve"),
            cwd=ROOT,
            env={**ours, "PIP_NO_INDEX": "1", **self._settings, "PREVISIT_PORT": str(self.port)},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
        )
        return self._process


@asynccontextmanager
async def killed_server(settings: Mapping[str, object]) -> AsyncIterator[KilledServer]:
    server = KilledServer(settings)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
