"""The Rasa REST channel: a widget made for Rasa holds the dangerous and the ordinary chat, and nobody else's."""

import json
from itertools import count
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from channels.problems import PROBLEM_HANDLERS, CatchAll
from channels.rasa import rasa_routes
from channels.rate_limit import RateLimit
from channels.web.config import WebConfig
from channels.web.limits import WebLimits
from dialogue.conversation import State
from dialogue.engine import Engine
from dialogue.events import Acknowledged
from dialogue.ports import StoreUnavailable
from dialogue.questions import NONE
from storage.store import memory_store
from tests.channels.asgi import client
from tests.clock import SetClock
from tests.stage import clinic

pytestmark = pytest.mark.anyio

WEBHOOK, SESSIONS = "/webhooks/rest/webhook", "/webhooks/rest/sessions"
CONFIG = WebConfig(
    clinic_name="Riverside Family Clinic",
    emergency_number="911",
    crisis_line="988",
    public_url="http://previsit.test",
    secret=b"s" * 32,
    clinic_origins=("https://www.clinic.example",),
)


class Widget:
    """A page that speaks Rasa's REST channel, as the wide-spread ones do: JSON without a content type."""

    def __init__(self, limits: WebLimits | None = None) -> None:
        ids, clock = count(1), SetClock()
        self.store = memory_store(clock)
        self.engine = Engine(self.store.conversations, clinic(), clock, lambda: f"talk-{next(ids)}", "en")
        routes = rasa_routes(self.engine, CONFIG, limits or WebLimits())
        app = Starlette(routes=routes, exception_handlers=PROBLEM_HANDLERS, middleware=[Middleware(CatchAll)])
        self.http = client(app)
        self.sender = ""

    async def opens(self) -> list[dict[str, Any]]:
        answer = await self.http.post(SESSIONS)
        assert answer.status_code == 201
        self.sender = answer.json()["sender"]
        return list(answer.json()["messages"])

    async def posts(self, message: str, **more: Any) -> httpx.Response:
        body = json.dumps({"sender": self.sender, "message": message, **more})
        return await self.http.post(WEBHOOK, content=body, headers={"Content-Type": "text/plain"})

    async def says(self, message: str, **more: Any) -> list[dict[str, Any]]:
        answer = await self.posts(message, **more)
        assert answer.status_code == 200, answer.text
        return list(answer.json())


def status(messages: list[dict[str, Any]]) -> dict[str, Any]:
    return dict(messages[-1]["custom"]["previsit"])


def text_of(messages: list[dict[str, Any]]) -> str:
    return "\n".join(message.get("text", "") for message in messages)


def press(messages: list[dict[str, Any]], title: str) -> str:
    buttons = [button for message in messages for button in message.get("buttons", [])]
    return next(str(button["payload"]) for button in buttons if button["title"] == title)


async def test_a_dangerous_message_is_answered_with_the_emergency_number_in_the_same_turn() -> None:
    widget = Widget()
    await widget.opens()
    messages = await widget.says("I have a crushing pain in my chest and my left arm feels heavy")
    assert status(messages)["urgent"]
    assert status(messages)["paging"] == "open"
    assert "911" in text_of(messages)
    assert all(message["recipient_id"] == widget.sender for message in messages)


async def test_buttons_carry_the_offered_answers() -> None:
    widget = Widget()
    welcome = await widget.opens()
    messages = await widget.says(press(welcome, "Yes"))
    assert status(messages)["state"] == State.ABOUT_YOU.value
    messages = await widget.says("me, 34, male")
    assert status(messages)["state"] == State.COMPLAINT.value


async def test_several_answers_are_chosen_by_number_and_one_tap_denies_none() -> None:
    widget = Widget()
    welcome = await widget.opens()
    messages = await widget.says(press(welcome, "Yes"))
    for answer in ("me, 34, male", "sore throat for three days"):
        messages = await widget.says(answer)
    question = status(messages)["question"]
    assert question["kind"] == "multi_choice"
    assert [button["title"] for m in messages for button in m.get("buttons", [])] == ["None of these"]
    listed = [choice["value"] for choice in question["choices"] if choice["value"] != NONE]
    assert f"{len(listed)}. " in text_of(messages)
    conversation_id = widget.sender.partition(".")[0]
    await widget.says("1")
    facts = (await widget.engine.load(conversation_id)).facts
    assert listed[0] in {fact.finding for fact in facts if fact.status.value == "present"}


async def test_the_opening_message_of_a_widget_is_not_an_answer() -> None:
    widget = Widget()
    welcome = await widget.opens()
    again = await widget.says("/session_start")
    assert text_of(again) == text_of(welcome)
    assert status(again)["version"] == status(welcome)["version"]


async def test_a_nurse_who_wrote_in_between_is_read_with_the_next_answer() -> None:
    widget = Widget()
    await widget.opens()
    await widget.says("I have a crushing pain in my chest and my left arm feels heavy")
    conversation_id = widget.sender.rpartition(".")[0]
    seen = await widget.engine.act(conversation_id, Acknowledged(at=SetClock().now(), by="Nurse Joy"))
    told = seen.log[-1].replies[-1].text
    assert told in text_of(await widget.says("are you there"))
    assert told not in text_of(await widget.says("hello?"))


async def test_the_same_message_id_is_taken_once() -> None:
    widget = Widget()
    welcome = await widget.opens()
    yes = press(welcome, "Yes")
    first = await widget.says(yes, metadata={"message_id": "m1"})
    assert await widget.says(yes, metadata={"message_id": "m1"}) == first


async def test_a_sender_of_ones_own_choosing_is_refused_and_told_where_to_get_one() -> None:
    widget = Widget()
    await widget.opens()
    mine = widget.sender
    for forged in ("user", "default", "", "talk-1", "talk-1.", mine[:-1], mine.replace("talk-1", "talk-2"), mine + "x"):
        widget.sender = forged
        answer = await widget.posts("hello canary")
        assert answer.status_code == 401
        assert SESSIONS in answer.json()["detail"]
        assert "canary" not in answer.text


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("", "empty_message"),
        ("x" * 5000, "text_too_long"),
        ('/choose{"values": ["never offered"]}', "not_offered"),
        ("/choose{", "not_offered"),
    ],
)
async def test_what_cannot_be_taken_is_a_problem_without_what_was_sent(message: str, code: str) -> None:
    widget = Widget()
    await widget.opens()
    answer = await widget.posts(message)
    if message == "/choose{":  # not a payload of ours: words like any other
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert "never offered" not in answer.text


@pytest.mark.parametrize("body", [b"", b"[]", b"not json", b'{"message": "hello"}', b"\xff"])
async def test_a_broken_body_is_told_so(body: bytes) -> None:
    assert (await Widget().http.post(WEBHOOK, content=body)).status_code in (400, 422)


async def test_new_chats_and_messages_are_limited() -> None:
    once = RateLimit(burst=1, per_minute=1)
    widget = Widget(WebLimits(new=once, messages=RateLimit(burst=1, per_minute=1)))
    await widget.opens()
    assert (await widget.http.post(SESSIONS)).status_code == 429
    await widget.says("hello")
    slow = await widget.posts("hello")
    assert slow.status_code == 429
    assert int(slow.headers["Retry-After"]) > 0


async def test_only_the_clinics_own_site_may_call_from_its_pages() -> None:
    http = Widget().http
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    ours = await http.options(WEBHOOK, headers={"Origin": "https://www.clinic.example", **asks})
    theirs = await http.options(WEBHOOK, headers={"Origin": "https://evil.example", **asks})
    assert ours.headers["Access-Control-Allow-Origin"] == "https://www.clinic.example"
    assert "Access-Control-Allow-Origin" not in theirs.headers


async def test_streamed_answers_are_a_line_each() -> None:
    widget = Widget()
    await widget.opens()
    body = json.dumps({"sender": widget.sender, "message": "hello"})
    answer = await widget.http.post(WEBHOOK + "?stream=true", content=body)
    assert [json.loads(line)["recipient_id"] for line in answer.text.splitlines()] == [widget.sender] * len(
        answer.text.splitlines()
    )


async def test_a_store_that_is_down_is_told_as_not_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    widget = Widget()
    await widget.opens()

    async def down(conversation_id: str) -> None:
        raise StoreUnavailable("down")

    monkeypatch.setattr(widget.store.conversations, "load", down)
    answer = await widget.posts("hello canary")
    assert (answer.status_code, answer.json()["code"]) == (503, "not_saved")
    assert "canary" not in answer.text
