"""The whole product as a process of its own on a free port, and a patient who talks with it over HTTP."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from itertools import count
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx

from tests.conftest import ASSETS_FOLDER

CLINIC, NUMBER, CRISIS_LINE = "Riverside Family Clinic", "911", "988"
DANGER = "I have a crushing pain in my chest and my left arm feels heavy"
ORDINARY = "Sore throat for three days and a bit of fever"

_COMMAND = (sys.executable, "-c", "from app.cli import main; main()", "serve")
_KEYS = count(1)
_CLIENTS = count(1)


@dataclass
class Product:
    """A running previsit: where it is, and the passwords of its first two people (empty when told before)."""

    address: str
    password: str
    admin_password: str
    process: subprocess.Popen[str]
    output: "Output"

    def client(self) -> httpx.Client:
        """A client at an address of its own, for new chats are counted by address."""
        number = next(_CLIENTS)
        transport = httpx.HTTPTransport(local_address=f"127.0.{1 + number // 250}.{1 + number % 250}", trust_env=False)
        return httpx.Client(base_url=self.address, timeout=30, transport=transport)

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.process.wait()


@contextmanager
def running(data: Path, *options: str, port: int = 0, **settings: str) -> Iterator[Product]:
    """`settings` are PREVISIT_ variables. Ends with the product stopped as by Ctrl-C."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREVISIT_")}
    environment |= {
        "PREVISIT_CLINIC_NAME": CLINIC,
        "PREVISIT_CRISIS_LINE": CRISIS_LINE,
        "OMP_NUM_THREADS": "1",
        "PIP_NO_INDEX": "1",  # what is not there already is done without: tests need no network
        **{f"PREVISIT_{name.upper()}": value for name, value in settings.items()},
    }
    _share_assets(data)
    command = [*_COMMAND, "--data-dir", str(data), "--port", str(port), "--emergency-number", NUMBER, *options]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield _greeted(process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _share_assets(data: Path) -> None:
    """The model files that other tests use; where there are none, the product goes on without them."""
    data.mkdir(exist_ok=True)
    if ASSETS_FOLDER.is_dir() and not (data / "assets").exists():
        (data / "assets").symlink_to(ASSETS_FOLDER)


class Output(Thread):
    """Reads what the product prints, so that its pipe never fills; `greeted` is set when it has said where it is."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        super().__init__(daemon=True)
        self.process = process
        self.text = ""
        self.greeted = Event()
        self.start()

    def run(self) -> None:
        with self.process.stdout or StringIO() as lines:
            for line in lines:
                self.text += line
                if "Stop with Ctrl-C" in line:
                    self.greeted.set()
        self.greeted.set()


def _greeted(process: subprocess.Popen[str]) -> Product:
    output = Output(process)
    output.greeted.wait(60)
    address = re.search(r"(http://\S+)/demo", output.text)
    assert address, f"it did not start:\n{output.text}"
    password = re.search(r"sign in as nurse\s+(\S+)", output.text)
    admin = re.search(r"sign in as admin\s+(\S+)", output.text)
    return Product(address[1], password[1] if password else "", admin[1] if admin else "", process, output)


class Talk:
    """One conversation over the patient API, told as a patient would."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        answer = client.post("/api/v1/conversations")
        assert answer.status_code == 201, answer.text
        self.view: dict[str, Any] = answer.json()
        self.id: str = self.view["id"]
        self.token: str = self.view["token"]

    @property
    def url(self) -> str:
        return f"/api/v1/conversations/{self.id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, **message: Any) -> httpx.Response:
        """Send a message as it is, with a new id unless it brings one."""
        body = {"client_message_id": f"e2e-{next(_KEYS)}", **message}
        return self.client.post(f"{self.url}/messages", json=body, headers=self.headers)

    def says(self, text: str) -> "Talk":
        return self._took(self.post(text=text))

    def chooses(self, *values: str) -> "Talk":
        return self._took(self.post(choices=list(values)))

    def _took(self, answer: httpx.Response) -> "Talk":
        assert answer.status_code == 200, answer.text
        self.view = answer.json()
        return self

    def until(self, *states: str, complaint: str = ORDINARY) -> "Talk":
        """Answer whatever is asked in the most harmless way until one of `states` is reached."""
        while self.view["state"] not in states:
            self.answers(complaint)
        return self

    def answers(self, complaint: str = ORDINARY) -> "Talk":
        """Answer what is asked now in the most harmless way."""
        question = self.view["question"]
        assert question, f"nothing is asked in {self.view['state']}"
        if question["id"] == "complaint":
            return self.says(complaint)
        return self.chooses(harmless(question)) if question["choices"] else self.says(spoken(question))


def harmless(question: dict[str, Any]) -> str:
    values: list[str] = [choice["value"] for choice in question["choices"]]
    if question["id"] == "consent":
        return "yes"
    return next((value for value in ("none", "no") if value in values), values[0])


def spoken(question: dict[str, Any]) -> str:
    if "age" in question["findings"]:
        return "34 years"
    return {"duration": "3 days", "scale": "2", "number": "37.5"}.get(question["kind"], "none")


def danger(client: httpx.Client) -> Talk:
    """A conversation that has just become an emergency."""
    talk = Talk(client).until("complaint").says(DANGER)
    assert talk.view["state"] == "urgent"
    return talk
