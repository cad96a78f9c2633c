"""Words that a patient wrote appear nowhere but in the chat and in the console: a token stands for all of them."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.app.running import Patient, Running, nurse, patient, running
from tests.app.test_serve import DANGER, tell
from tests.app.webhooks import Hook, webhook

CANARY = "quixotrope"
ENCODED = [CANARY.encode(code) for code in ("utf-8", "utf-16-le")]


def holds(data: bytes) -> bool:
    return any(token in data.lower() for token in ENCODED)


def files_with_it(folder: Path) -> list[Path]:
    """The index of the guidelines renames and drops files of its own meanwhile: what is gone is passed over."""
    found = []
    for parent, _, names in os.walk(folder):
        for path in (Path(parent, name) for name in names):
            with suppress(FileNotFoundError):
                if path.is_file() and holds(path.read_bytes()):
                    found.append(path)
    return found


def answers_to_nonsense(chat: Patient) -> Iterator[httpx.Response]:
    """Everything that can be wrong with a message, each time with the patient's words in it."""
    post, messages = chat.client.post, f"{chat.path}/messages"
    yield post(messages, json={"client_message_id": CANARY + "!", "text": CANARY})
    yield post(messages, json={"client_message_id": "a", "text": [CANARY]})
    yield post(messages, json={"client_message_id": "a", "text": CANARY, "more": CANARY})
    yield post(messages, json={"client_message_id": "a", "text": CANARY, "choices": [CANARY]})
    yield post(messages, json={"client_message_id": "a", "choices": [CANARY]})
    yield post(messages, json={"client_message_id": "a", "text": f"{CANARY} " * 500})
    yield post(messages, content=f'{{"text": "{CANARY}'.encode())
    yield post(messages, content=f"{CANARY} ".encode() * 10_000)
    yield post(messages, content=f"text={CANARY}", headers={"Content-Type": "application/x-www-form-urlencoded"})
    yield post(messages, json={"text": CANARY}, headers={"Authorization": f"Bearer {CANARY}"})
    yield chat.client.get(chat.path, params={"text": CANARY}, headers={"Authorization": ""})
    yield chat.client.put(messages, json={"text": CANARY})


@pytest.fixture
def model() -> Iterator[Hook]:
    """A model server that fails, and quotes the whole prompt when it does."""
    with webhook(500, echo=True) as hook:
        yield hook


def test_a_patients_words_stay_where_they_belong(tmp_path: Path, model: Hook) -> None:
    folder = tmp_path / "data"
    with webhook(500, echo=True) as hook:
        settings = {
            "model": "yes",
            "model_url": model.url,
            "webhook_url": f"{hook.url}/page",
            "webhook_secret": "secret",
            "log_level": "debug",
            "page_repeat_seconds": 1,
        }
        with running(folder, settings) as server:
            seen = talk(server, model)
            hook.next()
            hook.next()
            paged = b"".join(body + repr(headers).encode() for headers, body in hook.received)
            health = httpx.get(f"{server.address}/health")
            assert not files_with_it(folder), "in the data folder while it runs"
            command_lines = b"".join(Path(f"/proc/{pid}/cmdline").read_bytes() for pid in server.family())
            server.ends_by(signal.SIGTERM)
    assert holds(b"".join(body for _, body in model.received)), "the model was never asked about it"
    assert CANARY in seen, "the nurse reads it"
    assert not holds(paged)
    assert not holds(health.content)
    assert not holds(command_lines)
    assert not holds("".join(server.said).encode())
    log = server.errors.read_text()
    assert "POST /api/v1/conversations/" in log and "Traceback" not in log
    assert not holds(log.encode())
    assert not files_with_it(folder), "in the data folder"
    assert not files_with_it(tmp_path)


def talk(server: Running, model: Hook) -> str:
    """One chat to its end, one that is urgent, and all that can go wrong; what the nurse sees of both."""
    with patient(server.address) as odd:
        for answer in answers_to_nonsense(odd):
            assert answer.status_code >= 400
            assert not holds(answer.content + repr(answer.headers).encode()), answer.url
    with patient(server.address) as calm, patient(server.address) as urgent:
        tell(calm, until="complaint")
        calm.says(f"Sore throat for three days, {CANARY}")
        tell(calm)
        calm.wait("state", "nurse_review")
        urgent.says(f"{DANGER} {CANARY}")
        with nurse(server) as browser:
            pages = [browser.get(f"/console/cases/{chat.view['id']}").text for chat in (calm, urgent)]
            queue = browser.get("/console").text
            assert not holds(browser.get("/console/cases/unknown").content)
    return "".join(pages) + queue
