"""The product as a clinic starts, stops, kills and restarts it: real processes, real doors."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.assets import Assets
from channels.senders.signature import HEADER, verify
from dialogue.questions import NONE
from storage.embedded import embedded_valkey
from tests.app.running import LONGEST, Patient, Running, nurse, patient, run, running, with_assets
from tests.app.webhooks import webhook

DANGER = "I have a crushing pain in my chest and my left arm feels heavy"
ORDINARY = "Sore throat for three days and a bit of fever"


def answer(view: dict[str, Any]) -> dict[str, Any]:
    """What a patient with a sore throat answers to whatever is asked."""
    question = view["question"]
    values = [choice["value"] for choice in question["choices"]]
    for wanted in ("right", NONE, "me", "female", "no" if question["id"] != "consent" else "yes"):
        if wanted in values:
            return {"choices": [wanted]}
    if values:
        return {"choices": values[:1]}
    typed = {"complaint": ORDINARY, "about_you:age": "34 years"}
    return {"text": typed.get(question["id"], {"scale": "6", "duration": "3 days"}.get(question["kind"], "none"))}


def tell(chat: Patient, until: str = "assessing", most: int = 40) -> list[str]:
    """Answer until the state is `until`, or `most` times; the ids of what was asked."""
    asked: list[str] = []
    while chat.view["state"] != until and chat.view["question"] and len(asked) < most:
        asked.append(chat.view["question"]["id"])
        chat.post(answer(chat.view))
    return asked


def case_page(server: Running, password: str, chat: Patient) -> str:
    with nurse(server, password) as browser:
        page = browser.get(f"/console/cases/{chat.view['id']}")
        assert page.status_code == 200
        return page.text


def test_the_first_start_says_where_to_go_and_how_to_sign_in_once(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with running(folder) as first:
        addresses = re.findall(r"http://127\.0\.0\.1:\d+/(\S*)", "".join(first.said))
        assert addresses == ["demo", "console", "health"]
        with httpx.Client(base_url=first.address) as browser:
            assert "<previsit-chat" in browser.get("/demo").text
            assert browser.get("/console").headers["location"].startswith("/console/sign-in")
            assert browser.get("/health").json()["parts"]["store"] == "ok"
        with nurse(first) as signed_in:
            assert signed_in.get("/console").status_code == 200
        password = first.password
        first.ends_by(signal.SIGINT)
    with running(folder) as second:
        assert "sign in as" not in "".join(second.said)
        with nurse(second, password) as signed_in:
            assert signed_in.get("/console").status_code == 200


@pytest.mark.parametrize(
    ("sign", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGKILL, -9)], ids=lambda each: str(each)
)
def test_it_leaves_no_process_behind(assets: Assets, tmp_path: Path, sign: signal.Signals, status: int) -> None:
    """With the store and the model server running, and a chat that listens."""
    with running(with_assets(tmp_path / "data"), {"model": "yes"}) as server, listening(server) as stream:
        assert stream.status_code == 200
        assert len(server.family()) >= 3
        assert server.ends_by(sign) == status
    assert "Traceback" not in server.told()


def test_without_a_model_or_guidelines_the_nurse_gets_the_case_and_reads_why(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "guidelines").write_text("in the way of the index")
    with running(folder) as server, patient(server.address) as chat:
        tell(chat)
        chat.wait("state", "nurse_review")
        page = case_page(server, server.password, chat)
        assert "The model was not available: switched off." in page
        assert "The guidelines could not be searched." in page
        assert "Sore throat" in page
        assert httpx.get(f"{server.address}/health").json()["parts"]["guidelines"] == "down"


def test_guidelines_that_were_deleted_are_made_again(assets: Assets, tmp_path: Path) -> None:
    folder = with_assets(tmp_path / "data")
    for _ in range(2):
        with running(folder) as server, patient(server.address) as chat:
            tell(chat)
            chat.wait("state", "nurse_review")
            server.ends_by(signal.SIGTERM)
        for path in sorted((folder / "guidelines").rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        (folder / "guidelines").rmdir()


def test_a_kill_between_two_turns_loses_nothing(tmp_path: Path) -> None:
    """The chat goes on where it was, nothing is asked twice, and the page that could not be sent is sent."""
    folder = tmp_path / "data"
    with webhook(503) as hook:
        hooked = {"webhook_url": hook.url, "webhook_secret": "secret", "page_repeat_seconds": 3600}
        with running(folder, hooked) as first, patient(first.address) as calm, patient(first.address) as urgent:
            asked = tell(calm, most=6)
            assert urgent.says(DANGER)["paging"] == "open"
            hook.next()
            before = calm.view
            first.ends_by(signal.SIGKILL)
        hook.status = 200
        with running(folder, hooked) as second, two_chats(second, calm, urgent) as (back, still):
            assert still.resumes()["urgent"] is True
            headers, page = hook.next()
            assert headers["idempotency-key"] == page["key"] == f"{page['page']}:0"
            assert verify("secret", hook.received[-1][1], headers[HEADER.lower()], page["sent_at"])
            again = back.resumes()
            assert (again["version"], again["question"]) == (before["version"], before["question"])
            later = tell(back)
            assert back.view["state"] == "assessing"
            assert len({*asked, *later}) == len(asked) + len(later)


def test_a_message_whose_answer_was_lost_counts_once(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with running(folder) as first, patient(first.address) as chat:
        chat.chooses("yes")
        answered = chat.says("me", key="lost")
        first.ends_by(signal.SIGKILL)
    with running(folder) as second, patient(second.address, chat) as back:
        assert back.says("me", key="lost") == answered


@pytest.mark.anyio
async def test_workers_apart_from_the_server_send_pages_and_draft(tmp_path: Path) -> None:
    async with embedded_valkey(tmp_path / "store") as url:
        with webhook() as hook:
            shared = {
                "redis_url": url,
                "secret_key_file": tmp_path / "key",
                "webhook_url": hook.url,
                "webhook_secret": "secret",
            }
            with (
                running(tmp_path / "server", {**shared, "worker": "off"}) as server,
                two_chats(server) as (urgent, calm),
            ):
                urgent.says(DANGER)
                tell(calm)
                assert calm.view["state"] == "assessing" and not hook.received
                tested = {**shared, "page_test_minutes": 60}
                with running(tmp_path / "worker", tested, command="worker", until="is at work") as worker:
                    told = {body["event"]: body for _, body in (hook.next(), hook.next())}
                    assert told["page"]["level"] == "EMERGENCY" and "test" in told
                    calm.wait("state", "nurse_review")
                    assert worker.ends_by(signal.SIGTERM) == 0
                assert "Traceback" not in worker.told() + server.told()


@contextmanager
def two_chats(server: Running, *known: Patient) -> Iterator[tuple[Patient, Patient]]:
    first, second = known or (None, None)
    with patient(server.address, first) as one, patient(server.address, second) as other:
        yield one, other


@contextmanager
def listening(server: Running) -> Iterator[httpx.Response]:
    with patient(server.address) as chat, chat.client.stream("GET", f"{chat.path}/events") as stream:
        yield stream


def test_a_worker_apart_needs_a_shared_store(tmp_path: Path) -> None:
    done = run("worker", folder=tmp_path / "data")
    assert done.returncode == 1
    assert "PREVISIT_REDIS_URL" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"emergency_number": None, "host": "0.0.0.0"}, "--emergency-number 911"),
        ({"host": "0.0.0.0"}, "Set one more: PREVISIT_WEBHOOK_URL with PREVISIT_WEBHOOK_SECRET"),
        ({"data_dir": "{}/file/data"}, "Give it to this user, or name another with --data-dir"),
        ({"redis_url": "localhost:6379"}, "redis://HOST:6379/0"),
        ({"redis_url": "redis://:hunter2@127.0.0.1:1/0"}, "Nothing answers at 127.0.0.1:1. Start Valkey or Redis"),
        ({"port": "99999"}, "PREVISIT_PORT: Input should be less than or equal to 65535"),
        ({"languages": "xx"}, "no message catalogue for language 'xx'; there is: en"),
        ({"emergency_numbr": "911"}, "Perhaps PREVISIT_EMERGENCY_NUMBER is meant."),
        ({"zorg": "911"}, "The settings are: PREVISIT_DATA_DIR"),
        ({"webhook_url": "https://pager.example"}, "PREVISIT_WEBHOOK_SECRET is missing"),
        ({"secret_key_file": "{}/file"}, "chmod 600"),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)
def test_what_cannot_start_says_what_to_do(tmp_path: Path, settings: dict[str, str | None], told: str) -> None:
    (tmp_path / "file").write_text("in the way")
    filled = {name: value and value.format(tmp_path) for name, value in settings.items()}
    done = run("serve", folder=tmp_path / "data", settings=filled)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr and "hunter2" not in done.stderr


def test_a_busy_port_and_a_busy_data_folder_are_told(tmp_path: Path) -> None:
    with running(tmp_path / "data") as first:
        port = first.address.rpartition(":")[2]
        busy = run("serve", folder=tmp_path / "other", settings={"port": port})
        assert busy.returncode == 1
        assert f"Port {port} is in use" in busy.stderr and "--port" in busy.stderr
        second = run("serve", folder=tmp_path / "data")
        assert second.returncode == 1
        assert "Another previsit is using the data folder" in second.stderr
        assert httpx.get(f"{first.address}/health", timeout=LONGEST).status_code == 200


def test_refusals_are_problems_and_not_faults(tmp_path: Path) -> None:
    with running(tmp_path / "data") as server, patient(server.address) as chat:
        bad = {
            "unauthorized": chat.client.get(chat.path, headers={"Authorization": "Bearer wrong"}),
            "empty_message": chat.client.post(
                f"{chat.path}/messages", json={"client_message_id": "a", "text": "\x00 "}
            ),
            "invalid_json": chat.client.post(f"{chat.path}/messages", content=b"{"),
            "invalid_body": chat.client.post(f"{chat.path}/messages", json={"text": "no key"}),
            "text_too_long": chat.client.post(
                f"{chat.path}/messages", json={"client_message_id": "b", "text": "x" * 5000}
            ),
            "body_too_large": chat.client.post(f"{chat.path}/messages", content=b"x" * 100_000),
            "not_offered": chat.client.post(
                f"{chat.path}/messages", json={"client_message_id": "c", "choices": ["maybe"]}
            ),
            "not_found": chat.client.get("/api/v1/nothing"),
            "method_not_allowed": chat.client.put(chat.path),
        }
        for code, response in bad.items():
            assert response.headers["content-type"] == "application/problem+json", code
            assert response.json()["code"] == code
            assert 400 <= response.status_code < 500, code
        assert chat.resumes()["version"] == 1
        assert chat.says("🤒🤒🤒")["state"] == "consent"
    assert server.errors.read_text() == ""


def test_new_chats_are_counted_by_the_address_that_a_trusted_proxy_tells(tmp_path: Path) -> None:
    def started(browser: httpx.Client, address: str) -> int:
        return browser.post("/api/v1/conversations", headers={"X-Forwarded-For": address}).status_code

    with running(tmp_path / "data") as server, httpx.Client(base_url=server.address) as browser:
        assert [started(browser, "192.0.2.1") for _ in range(60)].count(429) > 0
        assert started(browser, "192.0.2.2") == 201
    untrusting = {"trusted_proxies": "198.51.100.1"}
    with running(tmp_path / "data", untrusting) as server, httpx.Client(base_url=server.address) as browser:
        assert [started(browser, f"192.0.2.{last}") for last in range(60)].count(429) > 0


def test_a_spoilt_audit_trail_stops_no_nurse_and_is_told(tmp_path: Path) -> None:
    """A page is acknowledged whatever has become of the record of it; the health page says what is wrong."""
    with running(tmp_path / "data") as server, nurse(server) as signed_in:
        head = tmp_path / "data" / "audit.jsonl.head"
        head.write_text("{}")
        with patient(server.address) as known:
            known.says("I have a crushing pain in my chest")
            page = f"/console/cases/{known.view['id']}"
            assert signed_in.get(page).status_code == 200
        health = httpx.get(f"{server.address}/health").json()
        assert (health["status"], health["parts"]["audit"]) == ("degraded", "down")
