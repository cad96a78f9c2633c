"""Keeps a llama.cpp server running for us in a child process. Knows nothing of prompts or answers."""

import asyncio
import contextlib
import logging
import os
import secrets
import socket
import sys
from pathlib import Path

log = logging.getLogger(__name__)

RESTART_SECONDS = (1.0, 5.0, 15.0, 60.0)
SETTLED_SECONDS = 60.0
STOP_SECONDS = 5.0

LOADING_SECONDS = 120.0
"""How long a model may take to load, also on a busy machine."""


class LocalModelServer:
    """Serves one GGUF file by an OpenAI-compatible API on loopback. Is restarted after a crash, and ends with us.

    `url` and `token` are valid from `start` to `stop`, also across restarts. Until `ready`, requests are refused.
    """

    def __init__(self, model: Path, threads: int = 1, context: int = 4096) -> None:
        self.token = secrets.token_urlsafe(24)
        self.model = model
        self._threads = threads
        self._context = context
        self._reserved: socket.socket | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._known = asyncio.Event()  # whether it is ready, or has said that it cannot be
        self.failure: str | None = None  # why it is not ready, in words for the operator

    @property
    def url(self) -> str:
        if self._reserved is None:
            raise RuntimeError("LocalModelServer.url is known once start() was awaited")
        return f"http://127.0.0.1:{self._reserved.getsockname()[1]}"

    @property
    def ready(self) -> bool:
        return self._ready.is_set()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Returns at once, while the model still loads. The server ends when the thread that calls this ends."""
        self._reserved = _reserve_port()
        self._keeper = asyncio.create_task(self._keep_running())

    async def wait_ready(self, timeout: float = LOADING_SECONDS) -> bool:
        """True as soon as it answers, False as soon as it has failed, or if neither comes within `timeout` seconds."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._known.wait(), timeout)
        return self.ready

    async def stop(self) -> None:
        if self._keeper:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        self._keeper = None
        self._ready.clear()
        self._known.clear()
        await self._end_process()
        if self._reserved:
            self._reserved.close()
        self._reserved = None

    async def _keep_running(self) -> None:
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            since = loop.time()
            try:
                code = await self._run_once()
            except OSError as error:
                code = error.errno or 1
            self._ready.clear()
            if self.failure is None:
                self._known.clear()
            failures = 0 if loop.time() - since > SETTLED_SECONDS else failures
            delay = RESTART_SECONDS[min(failures, len(RESTART_SECONDS) - 1)]
            reason = self.failure or f"it ended with {code}"
            log.warning("no local model server: %s; starting it again in %s s", reason, delay)
            failures += 1
            await asyncio.sleep(delay)

    async def _run_once(self) -> int:
        """Runs the child process once; returns its exit status."""
        self._process = process = await asyncio.create_subprocess_exec(
            *self._command(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # llama.cpp's log is long, and might quote a prompt
            start_new_session=True,  # so that Ctrl-C reaches only us, and we stop it in order
        )
        assert process.stdin and process.stdout  # noqa: S101 - both are pipes
        process.stdin.write(f"{self.token}\n".encode())
        async for line in process.stdout:
            self._hear(line)
        return await process.wait()

    def _hear(self, line: bytes) -> None:
        if line == b"ready\n":
            self.failure = None
            self._ready.set()
            self._known.set()
        elif line == b"unusable\n":
            self.failure = f"{self.model} cannot be loaded as a GGUF model, or its port cannot be used"
            self._known.set()

    def _command(self) -> list[str]:
        port = self.url.rpartition(":")[2]
        return [
            *(sys.executable, "-P", "-m", "llm.serve_gguf", "--model", str(self.model), "--port", port),
            *("--threads", str(self._threads), "--context", str(self._context), "--parent", str(os.getpid())),
        ]

    async def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _reserve_port() -> socket.socket:
    """A bound socket that never listens: it reserves a free port, on which the child may then listen."""
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    reserved.bind(("127.0.0.1", 0))
    return reserved
