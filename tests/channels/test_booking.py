"""Asking the clinic's own system for an appointment, against real servers on loopback, and by the worker."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from channels.booking import BookingWebhook
from channels.senders.signature import HEADER, verify
from dialogue.ports import BookingFailed, BookingRequest
from tests.channels.receivers import answering, receiver
from tests.clock import NOON, SetClock

pytestmark = pytest.mark.anyio

SECRET = "a shared secret"
REQUEST = BookingRequest(
    key="c1:9:book", code="K7P2Q", level="MEDIUM", frame="week", by="Kim Lee", link="https://clinic.example/console/c1"
)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


def saying(body: str) -> bytes:
    return f"HTTP/1.1 201 Created\r\nContent-Length: {len(body.encode())}\r\nConnection: close\r\n\r\n{body}".encode()


async def test_what_is_asked_for_is_signed_and_holds_codes_alone(client: httpx.AsyncClient) -> None:
    async with receiver(saying('{"reference": "A-17/3"}')) as server:
        assert await BookingWebhook(server.url, SECRET, client, SetClock()).book(REQUEST) == "A-17/3"
    [taken] = server.received
    assert verify(SECRET, taken.body, taken.headers[HEADER.lower()], NOON)
    assert taken.headers["idempotency-key"] == "c1:9:book"
    assert json.loads(taken.body) == {**REQUEST.model_dump(), "sent_at": int(NOON)}


@pytest.mark.parametrize(
    "body",
    ["", "ok", "[]", "{}", '{"reference": 7}', '{"reference": "<b>no</b>"}', '{"reference": "' + "x" * 9000 + '"}'],
)
async def test_an_answer_without_a_plain_reference_is_taken_without_one(client: httpx.AsyncClient, body: str) -> None:
    async with receiver(saying(body)) as server:
        assert await BookingWebhook(server.url, SECRET, client, SetClock()).book(REQUEST) == ""


@pytest.mark.parametrize("status", ["302 Found", "400 Bad Request", "503 Service Unavailable"])
async def test_anything_but_2xx_is_tried_again_later(client: httpx.AsyncClient, status: str) -> None:
    async with receiver(answering(status, "Location: http://127.0.0.1:1/")) as server:
        with pytest.raises(BookingFailed, match=status.split()[0]):
            await BookingWebhook(server.url, SECRET, client, SetClock()).book(REQUEST)


async def test_a_system_that_is_down_is_told_by_kind_alone(client: httpx.AsyncClient) -> None:
    with pytest.raises(BookingFailed, match="could not be reached: ConnectError"):
        await BookingWebhook("http://127.0.0.1:1/", SECRET, client, SetClock()).book(REQUEST)
