"""Server and worker start with exactly the settings that the compose file gives them, on stand-ins for its services."""

import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.contenders import free_port
from storage.embedded import embedded_valkey
from tests.app.running import environment, patient, running
from tests.app.webhooks import webhook

DOCKER = Path(__file__).parents[2] / "docker"
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((DOCKER / "compose.yaml").read_text())["services"]
DOCKERFILE = (DOCKER / "Dockerfile").read_text()
FILLED = {"PREVISIT_CLINIC_NAME": "Riverside Family Clinic", "PREVISIT_EMERGENCY_NUMBER": "911"}


def composed(service: str) -> dict[str, object]:
    """The service's settings by their field's name, filled in from the example as compose does it."""
    example = re.findall(r"^(\w+)=(.*)$", (DOCKER / "previsit.env.example").read_text(), re.MULTILINE)
    values = {**dict(example), **FILLED}

    def fill(found: re.Match[str]) -> str:
        return values.get(found[1]) or (found[3] if found[2] == ":-" else "x")

    return {
        name.removeprefix("PREVISIT_").lower(): re.sub(r"\$\{(\w+)(:[-?])?([^}]*)\}", fill, value)
        for name, value in SERVICES[service]["environment"].items()
    }


def health_check() -> str:
    found = re.search(r'CMD \["python", "-c", "(.+)"\]', DOCKERFILE)
    assert found
    return found[1]


def is_healthy(environment: dict[str, str]) -> bool:
    """By the image's own check."""
    return subprocess.run([sys.executable, "-c", health_check()], env=environment, check=False).returncode == 0


@pytest.mark.anyio
async def test_server_and_worker_do_their_work_together(tmp_path: Path) -> None:
    async with embedded_valkey(tmp_path / "store") as url:
        with webhook() as hook:
            stand_ins = {
                "redis_url": url,
                "qdrant_url": "http://127.0.0.1:1",
                "model_url": "http://127.0.0.1:1",
                "secret_key_file": tmp_path / "key",
                "webhook_url": hook.url,
                "webhook_secret": "secret",
                "host": "127.0.0.1",
                "port": free_port(),
                "model": None,
            }
            server_settings = {**composed("server"), **stand_ins}
            worker_settings = {**composed("worker"), **stand_ins}
            assert {*composed("worker")} <= {*server_settings}, "what the worker tells patients, the server tells too"
            with running(tmp_path / "server", server_settings) as server:
                assert server.address == "https://chat.clinic.example", "what patients and staff are told"
                assert is_healthy(environment(tmp_path, server_settings))
                with patient(f"http://127.0.0.1:{stand_ins['port']}") as chat:
                    chat.says("I have a crushing pain in my chest and my left arm feels heavy")
                    with running(tmp_path / "worker", worker_settings, command="worker", until="at work") as worker:
                        link = hook.next()[1]["link"]
                        assert link == f"https://chat.clinic.example/console/cases/{chat.view['id']}"
                        assert worker.ends_by(signal.SIGTERM) == 0
                assert server.ends_by(signal.SIGTERM) == 0
            assert "Traceback" not in server.told() + worker.told()
