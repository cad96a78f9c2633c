"""One conversation through a real Rasa Open Source 3.6, with the example project; its action endpoint is previsit's.

Rasa 3.6 needs Python 3.10 and 2.7 GB, so it is never installed here: name its command in RASA to run this.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from tests.app.running import LONGEST, running
from tests.channels.rasa_assistant import PROJECT

RASA = os.environ.get("RASA") or shutil.which("rasa")
TRAINING_SECONDS = LOADING_SECONDS = 600

pytestmark = pytest.mark.skipif(
    not RASA, reason="Rasa is missing: pip install rasa==3.6.21 in a Python 3.10, and set RASA to its command"
)


@contextmanager
def rasa(project: Path) -> Iterator[str]:
    """A trained assistant that listens on a free port; it ends with the block."""
    assert RASA
    subprocess.run([RASA, "train", "--quiet"], cwd=project, check=True, timeout=TRAINING_SECONDS)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [RASA, "run", "--port", str(port), "--interface", "127.0.0.1", "--credentials", "credentials.yml"]
    with (project / "rasa.log").open("w") as told:
        process = subprocess.Popen([*command, "--enable-api"], cwd=project, stdout=told, stderr=subprocess.STDOUT)
        try:
            wait_until_loaded(f"http://127.0.0.1:{port}/status", process)
            yield f"http://127.0.0.1:{port}/webhooks/rest/webhook"
        finally:
            process.terminate()
            process.wait(LONGEST)


def wait_until_loaded(status: str, process: subprocess.Popen[bytes]) -> None:
    """Asks Rasa itself: it listens before its model is loaded, and not every version of its libraries logs the end."""
    end = time.monotonic() + LOADING_SECONDS
    while process.poll() is None and time.monotonic() < end:
        with suppress(httpx.TransportError):
            if httpx.get(status, timeout=LONGEST).is_success:
                return
        time.sleep(0.1)
    raise AssertionError("Rasa did not load its model: see rasa.log")


def test_a_patient_of_a_rasa_assistant_is_heard_by_previsit(tmp_path: Path) -> None:
    project = shutil.copytree(PROJECT, tmp_path / "rasa")
    with running(tmp_path / "data", {"rasa_token": "rasa-token"}) as previsit:
        endpoints = project / "endpoints.yml"
        text = endpoints.read_text().replace("http://previsit:8080", previsit.address)
        endpoints.write_text(text.replace("${PREVISIT_RASA_TOKEN}", "rasa-token"))
        with rasa(project) as url, httpx.Client(timeout=LONGEST) as http:

            def says(message: str) -> str:
                return "\n".join(
                    m.get("text", "") for m in http.post(url, json={"sender": "p", "message": message}).json()
                )

            assert "Is it OK to start?" in says("I want to see the doctor")
            assert "911" in says("I have a crushing pain in my chest and my left arm feels heavy")
