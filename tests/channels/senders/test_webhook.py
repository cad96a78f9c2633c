"""The webhook against real servers on loopback: what it sends, and what counts as accepted."""

import hashlib
import hmac
import json

import httpx
import pytest

from channels.senders.signature import verify
from channels.senders.webhook import Webhook
from dialogue.paging_ports import Notice, Outcome, SendFailed
from policies.levels import Level
from tests.channels.receivers import answering, receiver
from tests.clock import SetClock

SECRET = "a shared secret"
NOTICE = Notice(
    page="p1",
    key="p1:2",
    code="K7P2Q",
    level=Level.EMERGENCY,
    attempt=2,
    link="https://console.clinic.example/console/cases/c1",
)


def webhook(url: str, client: httpx.AsyncClient, timeout_seconds: float = 5.0) -> Webhook:
    return Webhook(url, SECRET, client, SetClock(1_700_000_000.75), timeout_seconds=timeout_seconds)


@pytest.mark.anyio
@pytest.mark.parametrize("status", ["200 OK", "201 Created", "202 Accepted", "204 No Content"])
async def test_a_2xx_answer_accepts_the_page(client: httpx.AsyncClient, status: str) -> None:
    async with receiver(answering(status)) as server:
        await webhook(server.url, client).send(NOTICE)
    assert len(server.received) == 1


@pytest.mark.anyio
async def test_what_is_sent_is_signed_and_says_which_round_it_is(client: httpx.AsyncClient) -> None:
    async with receiver(answering("200 OK")) as server:
        await webhook(server.url, client).send(NOTICE)
    [sent] = server.received
    assert json.loads(sent.body) == {
        "event": "page",
        "page": "p1",
        "key": "p1:2",
        "code": "K7P2Q",
        "level": "EMERGENCY",
        "attempt": 2,
        "link": "https://console.clinic.example/console/cases/c1",
        "sent_at": 1_700_000_000,
    }
    expected = hmac.new(SECRET.encode(), b"1700000000." + sent.body, hashlib.sha256).hexdigest()
    assert sent.headers["x-previsit-signature"] == f"t=1700000000,v1={expected}"
    assert sent.headers["idempotency-key"] == "p1:2"
    assert sent.headers["content-type"] == "application/json"


@pytest.mark.anyio
async def test_outcomes_are_signed_and_marked_as_no_page(client: httpx.AsyncClient) -> None:
    outcome = Outcome(
        page="p1", key="p1:0:acknowledged", code="K7P2Q", news="acknowledged", by="Kim Lee", reason="", link="https://c"
    )
    async with receiver(answering("200 OK")) as server:
        await webhook(server.url, client).tell(outcome)
    [sent] = server.received
    body = json.loads(sent.body)
    assert (body["event"], body["page"], body["by"]) == ("acknowledged", "p1", "Kim Lee")
    assert sent.headers["idempotency-key"] == "p1:0:acknowledged"
    assert verify(SECRET, sent.body, sent.headers["x-previsit-signature"], 1_700_000_000)


@pytest.mark.anyio
@pytest.mark.parametrize("status", ["301 Moved", "400 Bad Request", "401 No", "404 Not Found", "500 Oops", "503 Later"])
async def test_any_other_answer_is_a_failure_that_names_the_status_only(client: httpx.AsyncClient, status: str) -> None:
    async with receiver(answering(status)) as server:
        with pytest.raises(SendFailed) as failed:
            await webhook(server.url, client).send(NOTICE)
    assert str(failed.value) == f"webhook answered {status.split()[0]}"


@pytest.mark.anyio
async def test_a_redirect_is_not_followed(client: httpx.AsyncClient) -> None:
    async with receiver(answering("200 OK")) as elsewhere:
        moved = answering("307 Temporary Redirect", f"Location: {elsewhere.url}")
        async with receiver(moved) as server:
            with pytest.raises(SendFailed, match="307"):
                await webhook(server.url, client).send(NOTICE)
    assert elsewhere.received == []


@pytest.mark.anyio
async def test_a_server_that_hangs_is_given_up(client: httpx.AsyncClient) -> None:
    async with receiver(b"") as server:
        with pytest.raises(SendFailed, match="could not be reached: ReadTimeout"):
            await webhook(server.url, client, timeout_seconds=0.05).send(NOTICE)


@pytest.mark.anyio
@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://[half", "ftp://127.0.0.1/", "nowhere"])
async def test_an_address_that_leads_nowhere_is_a_failure(client: httpx.AsyncClient, url: str) -> None:
    with pytest.raises(SendFailed) as failed:
        await webhook(url, client).send(NOTICE)
    assert "K7P2Q" not in str(failed.value)
    assert failed.value.__cause__ is None
