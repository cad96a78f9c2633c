"""A previsit in a process of its own, on a data folder of its own, spoken to over its own doors.

Knows nothing about what a test wants of it. Every wait is for an event and ends by itself when it does not come.
"""

import os
import re
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from app.assets import pinned
from tests.conftest import ASSETS_FOLDER

PREVISIT = Path(sys.executable).with_name("previsit")
NONE_SET: Mapping[str, object] = {}
LONGEST = 60.0
"""Seconds after which whatever a test waits for is taken as never coming."""


def environment(folder: Path, settings: Mapping[str, object]) -> dict[str, str]:
    """The process's own, without anybody's settings, and without a package index: nothing is fetched."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREVISIT_")}
    own = {"data_dir": folder, "port": 0, "emergency_number": "911", "model": "no", "page_test_minutes": 0, **settings}
    given = {f"PREVISIT_{name.upper()}": str(value) for name, value in own.items() if value is not None}
    return {**kept, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "OMP_NUM_THREADS": "1", **given}


def with_assets(folder: Path) -> Path:
    """A data folder that already holds the model files, as the second start finds it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "assets").symlink_to(ASSETS_FOLDER)
    return folder


def run(
    *arguments: str, folder: Path, settings: Mapping[str, object] = NONE_SET, text: str = ""
) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself; a setting that is None is left out."""
    return subprocess.run(
        [PREVISIT, *arguments],
        input=text,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
        env=environment(folder, settings),
    )


@dataclass
class Running:
    """`said` is what it printed at its start; `errors` is the file that its standard error goes to."""

    process: subprocess.Popen[str]
    errors: Path
    said: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return self.find(r"(https?://\S+)/demo")

    @property
    def password(self) -> str:
        return self.find(r"sign in as nurse\s+(\S+)")

    def find(self, pattern: str) -> str:
        found = re.search(pattern, "".join(self.said))
        assert found, self.told()
        return found[1]

    def told(self) -> str:
        return "".join(self.said) + self.errors.read_text()

    def until(self, words: str) -> None:
        """Read what it prints until `words` come."""
        assert self.process.stdout
        late = threading.Timer(LONGEST, self.process.kill)
        late.start()
        try:
            for line in self.process.stdout:
                self.said.append(line)
                if words in line:
                    return
        finally:
            late.cancel()
        raise AssertionError(f"it ended before it said {words!r}: {self.told()}")

    def family(self) -> set[int]:
        """Its process and all that it started, and that they started."""
        found, size = {self.process.pid}, 0
        while len(found) > size:
            size = len(found)
            found |= {pid for pid, parent in parents() if parent in found}
        return found

    def ends_by(self, sign: signal.Signals) -> int:
        """Its exit status, once it and everything it started are gone."""
        gone = [os.pidfd_open(pid) for pid in self.family()]
        self.process.send_signal(sign)
        try:
            wait_for(gone)
            return self.process.wait(LONGEST)
        finally:
            for descriptor in gone:
                os.close(descriptor)


def parents() -> Iterator[tuple[int, int]]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        yield int(stat.parent.name), int(fields[1])


def wait_for(gone: Iterable[int]) -> None:
    """Until each process has ended; a pidfd becomes readable then."""
    for descriptor in gone:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        assert poll.poll(LONGEST * 1000), "a process was left behind"


@contextmanager
def running(
    folder: Path, settings: Mapping[str, object] = NONE_SET, *, command: str = "serve", until: str = "Stop with"
) -> Iterator[Running]:
    """From when it says where to go; it is gone after the block, whatever happened in it."""
    errors = folder.with_name(f"{folder.name}.{command}.errors")
    with errors.open("a") as sink:
        process = subprocess.Popen(
            [PREVISIT, command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=sink,
            text=True,
            env=environment(folder, settings),
        )
    found = Running(process, errors)
    try:
        found.until(until)
        yield found
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        assert process.stdout
        found.said += process.stdout.readlines()
        process.stdout.close()


@dataclass
class Patient:
    """One chat on the patient API. `view` is what the page last got."""

    client: httpx.Client
    view: dict[str, Any]
    sent: int = 0

    @property
    def path(self) -> str:
        return f"/api/v1/conversations/{self.view['id']}"

    def says(self, text: str, key: str = "") -> dict[str, Any]:
        return self.post({"text": text}, key)

    def chooses(self, *values: str) -> dict[str, Any]:
        return self.post({"choices": list(values)})

    def post(self, message: Mapping[str, Any], key: str = "") -> dict[str, Any]:
        self.sent += 1
        body = {"client_message_id": key or f"message-{self.sent}", **message}
        answer = self.client.post(f"{self.path}/messages", json=body)
        assert answer.status_code == 200, answer.text
        self.view = answer.json()
        return self.view

    def resumes(self) -> dict[str, Any]:
        answer = self.client.get(self.path)
        assert answer.status_code == 200, answer.text
        self.view = answer.json()
        return self.view

    def wait(self, field: str, value: object) -> dict[str, Any]:
        """Until the stream of events shows `value` in `field`."""
        with self.client.stream("GET", f"{self.path}/events", timeout=LONGEST) as stream:
            for line in stream.iter_lines():
                if line.startswith("data: "):
                    self.view = httpx.Response(200, text=line.removeprefix("data: ")).json()
                    if self.view.get(field) == value:
                        return self.view
        raise AssertionError(f"{field} never became {value}")


@contextmanager
def patient(address: str, known: Patient | None = None) -> Iterator[Patient]:
    """A new chat, or the page of `known` after it was loaded anew, perhaps from another server."""
    with httpx.Client(base_url=address, timeout=LONGEST) as client:
        if known:
            client.headers["Authorization"] = known.client.headers["Authorization"]
            yield Patient(client, known.view, known.sent)
            return
        answer = client.post("/api/v1/conversations")
        assert answer.status_code == 201, answer.text
        started = answer.json()
        client.headers["Authorization"] = f"Bearer {started['token']}"
        yield Patient(client, started)


@contextmanager
def nurse(server: Running, password: str = "") -> Iterator[httpx.Client]:
    """A browser that is signed in to the console."""
    with httpx.Client(base_url=server.address, headers={"Origin": server.address}, timeout=LONGEST) as client:
        form = {"name": "nurse", "password": password or server.password, "next": "/console"}
        assert client.post("/console/sign-in", data=form).status_code == 303
        yield client


def assets_are_here() -> bool:
    return all(asset.path(ASSETS_FOLDER).is_file() for asset in pinned().values())
