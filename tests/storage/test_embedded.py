"""The real Valkey server: starting, stopping, crashing, the death of its owner, and what it keeps."""

import os
import select
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff

from storage.embedded import EmbeddedValkey, FolderInUse, StoreError, StoreNotStarted, embedded_valkey

pytestmark = pytest.mark.anyio

OWNER = """
import asyncio, sys
from pathlib import Path
from storage.embedded import EmbeddedValkey

async def main():
    server = EmbeddedValkey(Path(sys.argv[1]))
    await server.start()
    print(server.pid, server.url, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


class Owner:
    """Another process that owns a store, as previsit does."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", OWNER, str(folder)], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        pid, self.url = self.process.stdout.readline().split()
        self.server = os.pidfd_open(int(pid))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def server_ended(self) -> bool:
        return bool(select.select([self.server], [], [], 20)[0])

    def close(self) -> None:
        self.kill()
        assert self.process.stdout
        self.process.stdout.close()
        os.close(self.server)


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[Owner]:
    owner = Owner(tmp_path / "data")
    yield owner
    owner.close()


async def test_answers_on_a_private_socket_and_no_port(tmp_path: Path) -> None:
    async with embedded_valkey(tmp_path / "data") as url, Redis.from_url(url) as redis:
        assert await redis.ping()
        settings = await redis.config_get("port", "appendonly", "appendfsync", "save")
        assert settings == {"port": "0", "appendonly": "yes", "appendfsync": "always", "save": ""}
        assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
        assert stat.S_IMODE(Path(url.removeprefix("unix://")).stat().st_mode) == 0o700
        assert not any(p.stat().st_mode & 0o077 for p in (tmp_path / "data").rglob("*"))


async def test_stops_in_order_and_keeps_what_it_answered_for(tmp_path: Path) -> None:
    async with embedded_valkey(tmp_path) as url, Redis.from_url(url) as redis:
        await redis.set("page", "sent")
    assert not Path(url.removeprefix("unix://")).exists()
    async with embedded_valkey(tmp_path) as url, Redis.from_url(url) as redis:
        assert await redis.get("page") == b"sent"


async def test_a_killed_owner_takes_the_server_along_and_loses_nothing(owner: Owner, tmp_path: Path) -> None:
    async with Redis.from_url(owner.url) as redis:
        for number in range(50):
            await redis.xadd("outbox", {"page": str(number)})
    owner.kill()
    assert owner.server_ended()
    async with embedded_valkey(tmp_path / "data") as url, Redis.from_url(url) as redis:
        assert await redis.xlen("outbox") == 50


async def test_starts_at_once_after_a_kill_but_not_beside_the_old(owner: Owner, tmp_path: Path) -> None:
    owner.kill()
    async with embedded_valkey(tmp_path / "data") as url, Redis.from_url(url) as redis:
        assert owner.server_ended()
        assert await redis.ping()


async def test_ctrl_c_reaches_the_owner_only(owner: Owner) -> None:
    async with Redis.from_url(owner.url) as redis:
        server = (await redis.info())["process_id"]
    assert os.getsid(server) != os.getsid(owner.process.pid)


async def test_a_second_start_on_the_folder_is_refused_by_name(owner: Owner, tmp_path: Path) -> None:
    with pytest.raises(FolderInUse, match=f"Another previsit is using the data folder {tmp_path / 'data'}"):
        await EmbeddedValkey(tmp_path / "data").start()
    async with Redis.from_url(owner.url) as redis:
        assert await redis.ping()


async def test_a_stale_socket_is_cleaned(tmp_path: Path) -> None:
    (tmp_path / "valkey.sock").touch()
    async with embedded_valkey(tmp_path) as url, Redis.from_url(url) as redis:
        assert await redis.ping()


async def test_a_crashed_server_comes_back_with_everything(tmp_path: Path) -> None:
    server = EmbeddedValkey(tmp_path)
    await server.start()
    try:
        patient = Retry(ConstantBackoff(0.05), 400)
        async with Redis.from_url(server.url, retry=patient) as redis:
            await redis.set("page", "sent")
            first = server.pid
            assert first
            os.kill(first, signal.SIGKILL)
            assert await redis.get("page") == b"sent"
            assert server.pid != first
    finally:
        await server.stop()


async def test_an_append_only_file_cut_short_by_a_power_cut_is_read(tmp_path: Path) -> None:
    async with embedded_valkey(tmp_path) as url, Redis.from_url(url) as redis:
        await redis.set("first", "1")
        await redis.set("second", "2")
    [tail] = (tmp_path / "appendonlydir").glob("*.incr.aof")
    tail.write_bytes(tail.read_bytes()[:-3])
    async with embedded_valkey(tmp_path) as url, Redis.from_url(url) as redis:
        assert await redis.mget("first", "second") == [b"1", None]


async def test_a_server_that_cannot_read_its_file_says_where_the_reason_is(tmp_path: Path) -> None:
    async with embedded_valkey(tmp_path) as url, Redis.from_url(url) as redis:
        await redis.set("first", "1")
    (tmp_path / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense\n")
    with pytest.raises(StoreNotStarted, match=r"ended at start; the reason is in .*valkey\.log"):
        await EmbeddedValkey(tmp_path).start()
    (tmp_path / "appendonlydir" / "appendonly.aof.manifest").unlink()
    async with embedded_valkey(tmp_path):  # the failed start let go of the folder
        pass


async def test_a_long_data_folder_gets_a_short_private_socket(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 20) / ("longer" * 10)
    async with embedded_valkey(folder) as url, Redis.from_url(url) as redis:
        assert await redis.ping()
        assert len(url.removeprefix("unix://")) <= 107
        assert stat.S_IMODE(Path(url.removeprefix("unix://")).parent.stat().st_mode) == 0o700


async def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=f"data folder {tmp_path}/file cannot be written"):
        await EmbeddedValkey(tmp_path / "file").start()
