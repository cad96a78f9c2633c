"""The patient API as a client meets it: every status, every answer's shape, bad input, and what an error never says."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.e2e.product import DANGER, NUMBER, Product, Talk, danger

QUESTION_KINDS = {"text", "yes_no", "choice", "multi_choice", "number", "duration", "scale"}
SECRET = "wisteria-canary"
"""Words that a patient sends and that no error may repeat."""


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The answer is this problem, in the shape of RFC 9457, and repeats nothing that was sent."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    body: dict[str, Any] = answer.json()
    assert body["code"] == code
    assert body["status"] == status
    assert body.keys() <= {"type", "title", "status", "code", "detail", "members"}
    assert body["detail"]
    assert SECRET not in answer.text
    return body


def is_as_before(talk: Talk) -> bool:
    """Whether nothing has been added to the conversation since its last good answer."""
    now = talk.client.get(talk.url, headers=talk.headers).json()
    return bool(now["version"] == talk.view["version"] and now["question"] == talk.view["question"])


# the ordinary answers


def test_a_new_conversation_is_created_with_its_token_and_its_first_question(http: httpx.Client) -> None:
    answer = http.post("/api/v1/conversations")
    assert answer.status_code == 201
    view = answer.json()
    assert answer.headers["location"] == f"/api/v1/conversations/{view['id']}"
    assert view.keys() >= {"id", "token", "state", "messages", "question", "progress"}
    assert len(view["id"]) >= 22, "128 random bits at least"
    assert view["state"] == "consent"
    assert view["messages"][0]["from"] == "bot"
    assert "do not give a diagnosis" in view["messages"][0]["text"]
    assert NUMBER in view["messages"][0]["text"]


def test_every_question_of_an_interview_is_machine_readable(http: httpx.Client) -> None:
    talk = Talk(http)
    while talk.view["state"] not in ("assessing", "nurse_review"):
        question = talk.view["question"]
        assert question.keys() == {"id", "kind", "findings", "choices", "why"}
        assert question["kind"] in QUESTION_KINDS
        assert question["why"]
        assert all(choice.keys() == {"value", "label"} for choice in question["choices"])
        assert talk.view["messages"][-1]["kind"] == "question"
        before = talk.view["progress"]["done"]
        here = talk.view["version"]
        talk.answers()
        assert talk.view["version"] > here
        assert talk.view["progress"]["done"] >= before
    assert talk.view["question"] is None
    assert talk.view["progress"]["done"] == talk.view["progress"]["total"]


def test_resuming_gives_everything_that_was_said(http: httpx.Client) -> None:
    talk = Talk(http).until("complaint")
    view = http.get(talk.url, headers=talk.headers).json()
    assert view["question"] == talk.view["question"]
    said = [(message["from"], message["text"]) for message in view["messages"]]
    assert ("patient", "Yes") in said, "a choice by its name"
    assert ("patient", "34 years") in said
    assert [message["seq"] for message in view["messages"]] == sorted(m["seq"] for m in view["messages"])


def test_danger_pages_in_the_same_answer(http: httpx.Client) -> None:
    talk = danger(http)
    assert (talk.view["urgent"], talk.view["paging"], talk.view["question"]) == (True, "open", None)
    [told] = [message for message in talk.view["messages"] if message["kind"] == "emergency"]
    assert f"Call {NUMBER} now" in told["text"]


def test_danger_is_heard_before_consent_too(http: httpx.Client) -> None:
    assert Talk(http).says(DANGER).view["state"] == "urgent"


# bad input: each has a clear answer, and nothing is lost


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text": ""}, 422, "empty_message"),
        ({"text": " \n\t "}, 422, "empty_message"),
        ({}, 422, "empty_message"),
        ({"choices": []}, 422, "empty_message"),
        ({"text": "\u0000\u0007\u001b\u200b\u202e"}, 422, "empty_message"),
        ({"text": "x" * 4001}, 422, "text_too_long"),
        ({"text": SECRET, "choices": ["yes"]}, 422, "text_or_choices"),
        ({"choices": [SECRET]}, 422, "not_offered"),
        ({"choices": ["yes", "no"]}, 422, "not_offered"),
        ({"text": SECRET, "admin": True}, 422, "invalid_body"),
        ({"text": 5}, 422, "invalid_body"),
        ({"choices": SECRET}, 422, "invalid_body"),
        ({"client_message_id": SECRET + " 1", "text": "hello"}, 422, "invalid_body"),
        ({"client_message_id": "x" * 65, "text": "hello"}, 422, "invalid_body"),
    ],
)
def test_a_message_that_cannot_be_taken_is_told_and_changes_nothing(
    http: httpx.Client, body: dict[str, Any], status: int, code: str
) -> None:
    talk = Talk(http)
    problem(talk.post(**body), status, code)
    assert is_as_before(talk)
    assert talk.chooses("yes").view["state"] == "about_you"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 400, "invalid_json"),
        (b'{"client_message_id": "a", "text": "wisteria-canary', 400, "invalid_json"),
        (b"\xff\xfe\x00", 400, "invalid_json"),
        (b'["wisteria-canary"]', 422, "invalid_body"),
        (json.dumps({"client_message_id": "a", "text": SECRET * 7000}).encode(), 413, "body_too_large"),
    ],
)
def test_a_body_that_is_no_message_is_told_and_changes_nothing(
    http: httpx.Client, content: bytes, status: int, code: str
) -> None:
    talk = Talk(http)
    answer = http.post(f"{talk.url}/messages", content=content, headers=talk.headers)
    problem(answer, status, code)
    assert is_as_before(talk)


def test_what_keeps_a_message_from_being_read_is_said_in_plain_words(http: httpx.Client) -> None:
    told = problem(Talk(http).post(choices=["made_up"]), 422, "not_offered")["detail"]
    assert told == "That answer was not one of those offered. Choose one that is shown, or write in your own words."


@pytest.mark.parametrize("text", ["😀🤒🤕", "🫀", "?!", "\u0645\u0631\u062d\u0628\u0627", "a\u0000b\u0007c"])
def test_odd_messages_are_taken_and_asked_about_again(http: httpx.Client, text: str) -> None:
    talk = Talk(http).until("complaint").says(text)
    assert talk.view["state"] == "complaint"
    assert "in a few words" in talk.view["messages"][-1]["text"]


def test_a_long_message_is_read_to_its_end(http: httpx.Client) -> None:
    talk = Talk(http).until("complaint").says("blah " * 600 + DANGER)
    assert talk.view["state"] == "urgent"


def test_a_wrong_token_and_an_unknown_conversation_look_the_same(http: httpx.Client) -> None:
    one, other = Talk(http), Talk(http)
    unknown = f"/api/v1/conversations/{'A' * 22}"
    for url in (one.url, f"{one.url}/events", unknown, f"{unknown}/events"):
        for headers in ({}, other.headers, {"Authorization": "Bearer"}, {"Authorization": f"Basic {one.token}"}):
            answer = http.get(url, headers=headers)
            problem(answer, 401, "unauthorized")
            assert answer.headers["www-authenticate"] == "Bearer"
    problem(http.post(f"{one.url}/messages", json={}, headers=other.headers), 401, "unauthorized")
    problem(http.delete(one.url, headers=other.headers), 401, "unauthorized")
    assert is_as_before(one)


def test_addresses_and_methods_that_do_not_exist(http: httpx.Client) -> None:
    problem(http.get("/api/v1/nothing"), 404, "not_found")
    problem(http.put("/api/v1/conversations"), 405, "method_not_allowed")


def test_a_site_elsewhere_cannot_open_conversations_for_its_visitors(http: httpx.Client) -> None:
    problem(http.post("/api/v1/conversations", headers={"Sec-Fetch-Site": "cross-site"}), 400, "refused")


def test_a_message_sent_again_gets_the_first_answer_again(http: httpx.Client) -> None:
    talk = Talk(http).chooses("yes")
    first = talk.post(client_message_id="once", choices=["me"])
    talk.says("50 years")
    again = talk.post(client_message_id="once", choices=["me"])
    assert again.status_code == first.status_code == 200
    assert again.json() == first.json()
    now = http.get(talk.url, headers=talk.headers).json()
    assert [message["text"] for message in now["messages"] if message["from"] == "patient"] == ["Yes", "Me", "50 years"]


def test_two_messages_at_once_are_both_taken_in_some_order(http: httpx.Client) -> None:
    talk = Talk(http).until("complaint")
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda text: talk.post(text=text), ("sore throat", "and a fever of 38.5")))
    assert [answer.status_code for answer in answers] == [200, 200]
    view = http.get(talk.url, headers=talk.headers).json()
    said = {message["text"] for message in view["messages"] if message["from"] == "patient"}
    assert {"sore throat", "and a fever of 38.5"} <= said
    assert len({message["seq"] for message in view["messages"] if message["from"] == "patient"}) == 7


def test_the_same_message_twice_at_once_counts_once(http: httpx.Client) -> None:
    talk = Talk(http).until("complaint")
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: talk.post(client_message_id="double", text="sore throat"), range(4)))
    assert len({answer.text for answer in answers}) == 1
    view = http.get(talk.url, headers=talk.headers).json()
    assert [message["text"] for message in view["messages"]].count("sore throat") == 1


def test_too_many_messages_get_the_emergency_number_and_when_to_return(http: httpx.Client) -> None:
    talk = Talk(http)
    answers = (talk.post(text="hello") for _ in range(60))
    held = next(answer for answer in answers if answer.status_code != 200)
    assert NUMBER in problem(held, 429, "too_fast")["detail"]
    assert int(held.headers["retry-after"]) >= 1


def test_new_chats_are_limited_by_address(http: httpx.Client, listener: httpx.Client) -> None:
    answers = (http.post("/api/v1/conversations") for _ in range(200))
    held = next(answer for answer in answers if answer.status_code != 201)
    assert NUMBER in problem(held, 429, "too_many_chats")["detail"]
    assert listener.post("/api/v1/conversations").status_code == 201


# what comes by itself


class Events:
    """The stream of one conversation, event by event."""

    def __init__(self, answer: httpx.Response) -> None:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        self._lines = answer.iter_lines()

    def next(self) -> dict[str, str]:
        fields: dict[str, str] = {}
        for line in self._lines:
            if not line and fields:
                return fields
            name, _, value = line.partition(": ")
            if name:
                fields[name] = value
        raise AssertionError("the stream has ended")

    def view(self) -> dict[str, Any]:
        event = self.next()
        view: dict[str, Any] = json.loads(event["data"])
        assert event["id"] == str(view["version"])
        return view


@pytest.fixture
def listener(product: Product) -> Iterator[httpx.Client]:
    """A client of its own, for a stream holds its connection."""
    with product.client() as client:
        yield client


def test_the_stream_says_what_is_new_since_the_last_event_seen(http: httpx.Client, listener: httpx.Client) -> None:
    talk = Talk(http).chooses("yes")
    headers = talk.headers | {"Last-Event-ID": "1"}
    with listener.stream("GET", f"{talk.url}/events", headers=headers) as answer:
        events = Events(answer)
        seen = events.view()
        assert [message["seq"] for message in seen["messages"]] == [2, 2, 2], "the answer to consent, nothing older"
        talk.chooses("me")
        assert next(message["text"] for message in events.view()["messages"]) == "Me"


@pytest.mark.parametrize("last", ["", "99", "-1", "x", "9" * 40])
def test_a_last_event_that_makes_no_sense_gets_everything(
    http: httpx.Client, listener: httpx.Client, last: str
) -> None:
    talk = Talk(http)
    with listener.stream("GET", f"{talk.url}/events", headers=talk.headers | {"Last-Event-ID": last}) as answer:
        assert len(Events(answer).view()["messages"]) == 2


def test_a_stream_of_a_deleted_conversation_says_that_it_is_gone(http: httpx.Client, listener: httpx.Client) -> None:
    talk = Talk(http)
    with listener.stream("GET", f"{talk.url}/events", headers=talk.headers) as answer:
        events = Events(answer)
        events.view()
        assert http.delete(talk.url, headers=talk.headers).status_code == 204
        last = events.next()
        while "event" not in last:
            last = events.next()
    assert last["event"] == "gone"
    assert json.loads(last["data"]) == {}


# withdrawing


def test_deleting_leaves_nothing(http: httpx.Client) -> None:
    talk = Talk(http).until("complaint")
    answer = http.delete(talk.url, headers=talk.headers)
    assert (answer.status_code, answer.content) == (204, b"")
    problem(http.get(talk.url, headers=talk.headers), 404, "conversation_gone")
    problem(talk.post(text="hello"), 404, "conversation_gone")
    problem(http.delete(talk.url, headers=talk.headers), 404, "conversation_gone")


def test_an_emergency_is_deleted_only_after_a_nurse_has_seen_it(http: httpx.Client) -> None:
    talk = danger(http)
    answer = http.delete(talk.url, headers=talk.headers)
    assert answer.status_code == 202
    assert answer.json()["paging"] == "open"
    assert "A nurse needs to look at this first" in answer.json()["messages"][-1]["text"]
    assert http.get(talk.url, headers=talk.headers).json()["state"] == "urgent"


def test_every_answer_forbids_keeping_and_framing(http: httpx.Client) -> None:
    talk = Talk(http)
    for answer in (http.get(talk.url, headers=talk.headers), http.get(talk.url)):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers


def test_the_product_says_that_it_is_well_and_what_is_off(http: httpx.Client) -> None:
    health = http.get("/health").json()
    assert health["parts"]["store"] == "ok"
    assert health["parts"]["model"] == "off"
    assert http.get("/").headers["location"] == "/demo"
