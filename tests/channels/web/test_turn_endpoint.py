"""The direct endpoint of a turn answers as the route behind it would."""

import httpx
import pytest

from channels.web.incoming import MAX_BODY_BYTES
from channels.web.turn_endpoint import TurnEndpoint
from tests.channels.asgi import client, exchange
from tests.channels.web.test_api import WebChat

pytestmark = pytest.mark.anyio

RIGHT = {"client_message_id": "k1", "choices": ["yes"]}
WRONG = [
    {"client_message_id": "k1", "choices": ["heron"]},
    {"client_message_id": "k1", "text": "a", "choices": ["yes"]},
    {"client_message_id": "k1", "text": " "},
    {"client_message_id": "not an id", "text": "a"},
    {"client_message_id": "k1", "text": "x" * MAX_BODY_BYTES},
    ["no", "object"],
]


def told(answer: httpx.Response) -> tuple[int, dict[str, str], str]:
    return answer.status_code, dict(answer.headers), answer.text


async def both(chat: WebChat) -> tuple[httpx.AsyncClient, httpx.AsyncClient]:
    await chat.opens()
    return chat.client, client(chat.rest)


@pytest.mark.parametrize("body", WRONG)
async def test_errors_are_the_same_as_behind_the_routes(body: object) -> None:
    chat = WebChat()
    first, behind = await both(chat)
    for language in ("en", "es", "xx"):
        headers = {**chat.headers, "Accept-Language": language}
        answers = [await one.post(f"{chat.url}/messages", json=body, headers=headers) for one in (first, behind)]
        assert told(answers[0]) == told(answers[1])
        assert answers[0].status_code in (413, 422)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}])
async def test_a_missing_token_is_answered_as_behind_the_routes(headers: dict[str, str]) -> None:
    chat = WebChat()
    answers = [await one.post(f"{chat.url}/messages", json=RIGHT, headers=headers) for one in await both(chat)]
    assert told(answers[0]) == told(answers[1])
    assert answers[0].status_code == 401


async def test_a_message_sent_again_behind_it_gets_the_same_answer() -> None:
    chat = WebChat()
    answers = [await one.post(f"{chat.url}/messages", json=RIGHT, headers=chat.headers) for one in await both(chat)]
    assert told(answers[0]) == told(answers[1])
    assert answers[0].status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/messages", 405), ("POST", "/messages/", 307), ("POST", "/messages/more", 404), ("GET", "", 200)],
)
async def test_every_other_request_is_left_to_the_routes(method: str, path: str, status: int) -> None:
    chat = WebChat()
    answers = [await one.request(method, chat.url + path, headers=chat.headers) for one in await both(chat)]
    assert told(answers[0]) == told(answers[1])
    assert answers[0].status_code == status


async def test_a_client_that_leaves_in_the_middle_of_its_message_changes_nothing() -> None:
    chat = await WebChat().opens()
    before = (await chat.client.get(chat.url, headers=chat.headers)).json()["version"]
    async with exchange(chat.app, f"{chat.url}/messages", "POST", chat.headers) as talk:
        talk.incoming.put_nowait({"type": "http.request", "body": b'{"text":', "more_body": True})
        talk.leave()
        assert (await talk.start())["status"] == 500, "which nobody reads"
    assert (await chat.client.get(chat.url, headers=chat.headers)).json()["version"] == before


@pytest.mark.parametrize("body", [RIGHT, WRONG[0]])
async def test_every_answer_gets_the_headers_of_its_area_once(body: object) -> None:
    chat = await WebChat().opens()
    app = TurnEndpoint(chat.say, chat.rest, [(b"cache-control", b"no-store"), (b"x-frame-options", b"DENY")])
    answer = await client(app).post(f"{chat.url}/messages", json=body, headers=chat.headers)
    assert answer.headers.get_list("cache-control") == ["no-store"]
    assert answer.headers["x-frame-options"] == "DENY"
