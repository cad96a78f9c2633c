"""A nurse asks the clinic's own system for an appointment: from the console, by the worker, over HTTP and back."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx

from channels.senders.signature import HEADER, verify
from tests.app.running import LONGEST, nurse, patient, running
from tests.app.webhooks import webhook

DANGER = "I have a crushing pain in my chest and my left arm feels heavy"


def books(browser: httpx.Client, case: str, frame: str) -> httpx.Response:
    """What the form of the case's page sends."""
    shown = browser.get(case).text
    form = re.search(rf'<form method="post" action="{case}/book".*?</form>', shown, re.DOTALL)
    assert form, "no appointment is offered"
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[0]))
    answer = browser.post(f"{case}/book", data={**hidden, "frame": frame})
    if answer.status_code == 409:  # the draft came while the nurse was choosing: it is read, and sent again
        return books(browser, case, frame)
    return answer


def changes(events: httpx.Response) -> Iterator[str]:
    """The ids of cases that an open console is told of; first, that it is open."""
    for line in events.iter_lines():
        if line == "event: open":
            yield ""
        if line.startswith("data: ") and len(line) > len("data: "):
            yield line.removeprefix("data: ")


def test_an_appointment_is_requested_until_the_system_takes_it(tmp_path: Path) -> None:
    with webhook(503) as system:
        settings = {"booking_url": f"{system.url}/book", "webhook_secret": "secret"}
        with running(tmp_path / "data", settings) as server, patient(server.address) as chat:
            chat.says(DANGER)
            case = f"/console/cases/{chat.view['id']}"
            with nurse(server) as browser, browser.stream("GET", "/console/events", timeout=LONGEST) as events:
                told = changes(events)
                next(told)
                assert books(browser, case, "same_day").status_code == 303
                assert "being asked for: same day" in browser.get(case).text
                first, asked = system.next()
                system.status, system.says = 201, b'{"reference": "A-17/3"}'
                again, repeated = system.next()
                assert any("asked for: same day (A-17/3)" in browser.get(case).text for _ in told)
    assert (asked["frame"], asked["by"], asked["level"]) == ("same_day", "nurse", "EMERGENCY")
    assert asked["link"].endswith(case)
    assert first["idempotency-key"] == again["idempotency-key"] == asked["key"] == repeated["key"]
    assert verify("secret", system.received[-1][1], again[HEADER.lower()], repeated["sent_at"])
    assert all(b"crushing" not in body for _, body in system.received)


def test_without_such_a_system_nothing_is_offered(tmp_path: Path) -> None:
    with running(tmp_path / "data") as server, patient(server.address) as chat, nurse(server) as browser:
        chat.says(DANGER)
        assert "/book" not in browser.get(f"/console/cases/{chat.view['id']}").text
