"""The real llama.cpp server with the real small model: starting, crashing, keys, and the death of its owner."""

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.assets import Assets
from llm.local_server import LocalModelServer

pytestmark = [pytest.mark.anyio, pytest.mark.needs_model]

LOAD_SECONDS = 120.0

OWNER = """
import asyncio, sys
from pathlib import Path
from llm.local_server import LocalModelServer

async def main():
    server = LocalModelServer(Path(sys.argv[1]))
    await server.start()
    while server.pid is None:
        await asyncio.sleep(0)
    if sys.argv[2] == "ready":
        assert await server.wait_ready(120)
    print(server.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""

SCHEMA = {
    "type": "object",
    "properties": {"level": {"enum": ["LOW", "HIGH"]}, "why": {"type": "string", "maxLength": 40}},
    "required": ["level", "why"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
async def server(assets: Assets) -> AsyncIterator[LocalModelServer]:
    server = LocalModelServer(assets.model, context=1024)
    await server.start()
    assert await server.wait_ready(LOAD_SECONDS)
    yield server
    await server.stop()


def client(server: LocalModelServer) -> httpx.AsyncClient:
    key = {"Authorization": f"Bearer {server.token}"}
    return httpx.AsyncClient(base_url=server.url, headers=key, timeout=LOAD_SECONDS)


async def test_answers_in_the_shape_of_the_schema(server: LocalModelServer) -> None:
    shape = {"name": "triage", "schema": SCHEMA}
    request = {
        "model": "tgi",
        "messages": [{"role": "user", "content": "A sore throat for three days. How urgent, and why?"}],
        "max_tokens": 60,
        "temperature": 0,
        "response_format": {"type": "json_schema", "value": shape, "json_schema": shape},
    }
    async with client(server) as http:
        answer = (await http.post("/v1/chat/completions", json=request)).raise_for_status().json()
    content = json.loads(answer["choices"][0]["message"]["content"])
    assert content.keys() == {"level", "why"}
    assert content["level"] in {"LOW", "HIGH"}


async def test_health_is_open_and_everything_else_needs_the_key(server: LocalModelServer) -> None:
    async with httpx.AsyncClient(base_url=server.url) as http:
        assert (await http.get("/health")).json() == {"status": "ok"}
        for path in ("/v1/models", "/metrics", "/slots", "/props"):
            assert (await http.get(path)).status_code == 401


async def test_prompts_cannot_be_looked_at(server: LocalModelServer) -> None:
    async with client(server) as http:
        assert (await http.get("/slots")).status_code == 501


async def test_runs_at_a_lower_priority_than_the_web_server(server: LocalModelServer) -> None:
    assert server.pid
    assert os.getpriority(os.PRIO_PROCESS, server.pid) >= 10


async def test_starting_does_not_wait_for_the_model(assets: Assets) -> None:
    server = LocalModelServer(assets.model)
    await server.start()
    assert server.url.startswith("http://127.0.0.1:")
    assert not server.ready
    await server.stop()


async def test_comes_back_at_the_same_address_after_a_crash(assets: Assets) -> None:
    server = LocalModelServer(assets.model, context=256)
    await server.start()
    try:
        assert await server.wait_ready(LOAD_SECONDS)
        url, first = server.url, server.pid
        assert first
        ended = os.pidfd_open(first)
        os.kill(first, signal.SIGKILL)
        select.select([ended], [], [], 20)
        os.close(ended)
        while server.ready:
            await asyncio.sleep(0)
        assert await server.wait_ready(LOAD_SECONDS)
        assert server.url == url
        assert server.pid != first
        async with client(server) as http:
            assert (await http.get("/v1/models")).status_code == 200
    finally:
        await server.stop()


async def test_an_unusable_file_is_said_and_never_raises(tmp_path: Path) -> None:
    (tmp_path / "model.gguf").write_bytes(b"not a model")
    server = LocalModelServer(tmp_path / "model.gguf")
    await server.start()
    try:
        async with asyncio.timeout(LOAD_SECONDS):
            assert not await server.wait_ready(10 * LOAD_SECONDS), "it says so as soon as it knows"
        assert server.failure and "model.gguf cannot be loaded" in server.failure
        assert not await server.wait_ready(0)
    finally:
        await server.stop()


@pytest.mark.parametrize("moment", ["loading", "ready"])
def test_a_killed_owner_takes_the_server_along(assets: Assets, moment: str) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(assets.model), moment], stdout=subprocess.PIPE, text=True
    )
    with owner:
        assert owner.stdout
        ended = os.pidfd_open(int(owner.stdout.readline()))
        owner.kill()
        assert select.select([ended], [], [], 20)[0]
        os.close(ended)
