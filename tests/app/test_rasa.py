"""A Rasa assistant beside a running previsit: both ways of calling the actions, and the REST channel, for real."""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

pytest.importorskip("rasa_sdk", reason="the extra rasa is not installed")

from channels.rasa_actions import UNREACHABLE
from tests.app.running import LONGEST, Running, run, running
from tests.channels.rasa_assistant import Assistant

pytestmark = pytest.mark.anyio

DANGER = "I have a crushing pain in my chest and my left arm feels heavy"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def action_server(previsit: str) -> Iterator[str]:
    """Rasa's own action server, from when it says that it listens; with all its processes gone after the block."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SANIC_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "rasa_sdk", "--actions", "channels.rasa_actions", "-p", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**kept, "PREVISIT_PUBLIC_URL": previsit},
        cwd=Path(__file__).parents[2],
    )
    server = Running(process, Path(os.devnull))
    try:
        server.until(f"127.0.0.1:{port}")
        ready = threading.Event()
        while not ready.wait(0.05):
            try:
                if httpx.get(f"http://127.0.0.1:{port}/health", timeout=LONGEST).is_success:
                    ready.set()
            except httpx.TransportError:
                assert process.poll() is None, server.told()
        yield f"http://127.0.0.1:{port}/webhook"
    finally:
        family = server.family()
        for pid in sorted(family, reverse=True):
            os.kill(pid, 9)
        process.wait()
        assert process.stdout
        process.stdout.close()


async def test_an_action_server_of_rasas_own_talks_to_previsit_and_fails_in_plain_words(tmp_path: Path) -> None:
    with running(tmp_path / "data") as previsit, action_server(previsit.address) as url:
        async with httpx.AsyncClient(timeout=LONGEST) as http:
            assistant = Assistant(http, url, {})
            assert "Is it OK to start?" in await assistant.turn("hello")
            assert "911" in await assistant.turn(DANGER)
            assert assistant.slots["previsit_urgent"] is True
            previsit.process.kill()
            previsit.process.wait()
            assert await assistant.turn("are you there?") == UNREACHABLE


async def test_previsit_serves_the_actions_and_the_rest_channel_itself(tmp_path: Path) -> None:
    with running(tmp_path / "data", {"rasa_token": "rasa-token"}) as previsit:
        async with httpx.AsyncClient(base_url=previsit.address, timeout=LONGEST) as http:
            assistant = Assistant(http, "/rasa/actions/webhook", {"Authorization": "Bearer rasa-token"})
            assert "911" in await assistant.turn(DANGER)
            sender = (await http.post("/webhooks/rest/sessions")).json()["sender"]
            answer = await http.post("/webhooks/rest/webhook", json={"sender": sender, "message": DANGER})
            assert re.search("911", answer.text)
            assert (await http.get("/webhooks/rest/")).json() == {"status": "ok"}


def test_the_token_is_masked_by_the_doctor(tmp_path: Path) -> None:
    shown = run("doctor", folder=tmp_path, settings={"rasa_token": "rasa-token-value"}).stdout
    assert "rasa_token" in shown
    assert "rasa-token-value" not in shown
