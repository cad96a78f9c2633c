"""Custom actions for a Rasa assistant, called as Rasa calls them: mounted in previsit."""

import json
import zlib
from itertools import count
from typing import Any

import pytest

pytest.importorskip("rasa_sdk", reason="the extra rasa is not installed")

from starlette.applications import Starlette
from starlette.middleware import Middleware

from channels.problems import PROBLEM_HANDLERS, CatchAll
from channels.rasa_action_server import LARGEST, rasa_action_routes
from channels.rasa_actions import ANSWER, SENDER, SLOTS, STATE, UNREACHABLE, URGENT
from dialogue.engine import Engine
from dialogue.ports import StoreUnavailable
from storage.store import memory_store
from tests.channels.asgi import client
from tests.channels.rasa_assistant import Assistant
from tests.clock import SetClock
from tests.stage import clinic

pytestmark = pytest.mark.anyio

TOKEN = "rasa-token"
CANARY = "wisteria-canary"


class Mounted:
    """previsit with the actions mounted, and the assistant that calls them."""

    def __init__(self) -> None:
        ids, clock = count(1), SetClock()
        self.store = memory_store(clock)
        self.engine = Engine(self.store.conversations, clinic(), clock, lambda: f"talk-{next(ids)}", "en")
        app = Starlette(
            routes=rasa_action_routes(self.engine, b"s" * 32, TOKEN),
            exception_handlers=PROBLEM_HANDLERS,
            middleware=[Middleware(CatchAll)],
        )
        self.http = client(app)
        self.assistant = Assistant(self.http, "/rasa/actions/webhook", {"Authorization": f"Bearer {TOKEN}"})


async def test_a_dangerous_first_message_pages_in_the_same_turn() -> None:
    assistant = Mounted().assistant
    said = await assistant.turn("I have a crushing pain in my chest and my left arm feels heavy")
    assert "911" in said
    assert assistant.slots[URGENT] is True
    assert assistant.slots[STATE] == "urgent"


async def test_the_word_that_brought_the_patient_here_is_no_consent() -> None:
    assistant = Mounted().assistant
    assert "Is it OK to start?" in await assistant.turn("yes")
    assert assistant.slots[STATE] == "consent"
    await assistant.turn("yes")
    assert assistant.slots[STATE] == "about_you"


async def test_what_was_told_before_the_consent_is_not_asked_again() -> None:
    whole = Mounted()
    assert "Is it OK to start?" in await whole.assistant.turn("my throat is sore")
    for answer in ("yes", "me, 34, male"):
        await whole.assistant.turn(answer)
    assert whole.assistant.slots[STATE] not in ("consent", "about_you", "complaint")


async def test_the_form_asks_until_there_are_no_more_questions() -> None:
    assistant = Mounted().assistant
    await assistant.form("hello")
    assert assistant.slots[ANSWER] is None
    await assistant.form("yes")
    await assistant.form("crushing pain in my chest and my left arm feels heavy")
    assert assistant.slots[ANSWER] == "done"


async def test_a_button_is_pressed_and_a_repeated_call_is_taken_once() -> None:
    assistant = Mounted().assistant
    await assistant.turn("hello")
    payload = assistant.buttons["Yes"]
    first = await assistant.turn(payload, message_id="m1")
    assistant.slots["previsit_seen"] = 2
    assert await assistant.turn(payload, message_id="m1") == first


async def test_reset_begins_a_new_conversation_and_the_old_one_stays_with_its_nurse() -> None:
    whole = Mounted()
    await whole.assistant.turn("I have a crushing pain in my chest and my left arm feels heavy")
    old = whole.assistant.slots[SENDER]
    await whole.assistant.call("action_previsit_reset", "")
    assert all(whole.assistant.slots.get(slot) is None for slot in SLOTS)
    await whole.assistant.turn("hello")
    assert whole.assistant.slots[SENDER] != old
    assert (await whole.engine.load(old.partition(".")[0])).state.value == "urgent"


async def test_the_summary_says_where_it_stands() -> None:
    assistant = Mounted().assistant
    await assistant.turn("hello")
    await assistant.call("action_previsit_summary", "")
    assert assistant.status["state"] == "consent"


async def test_a_sender_from_a_slot_that_is_not_signed_opens_no_chat() -> None:
    whole = Mounted()
    await whole.assistant.turn("hello")
    whole.assistant.slots[SENDER] = "talk-1.forged"
    assert await whole.assistant.turn(CANARY) == UNREACHABLE


async def test_a_store_that_is_down_is_told_in_plain_words(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    whole = Mounted()
    await whole.assistant.turn("hello")

    async def down(conversation_id: str) -> None:
        raise StoreUnavailable(CANARY)

    monkeypatch.setattr(whole.store.conversations, "load", down)
    assert await whole.assistant.turn(CANARY) == UNREACHABLE
    assert CANARY not in caplog.text


async def test_nobody_without_the_token_runs_an_action() -> None:
    whole = Mounted()
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": TOKEN}, {"Authorization": f"Bearer {TOKEN}x"}):
        answer = await whole.http.post("/rasa/actions/webhook", json={"tracker": {}, "x": CANARY}, headers=headers)
        assert answer.status_code == 401
        assert CANARY not in answer.text


async def test_bad_calls_are_refused_without_their_content() -> None:
    whole = Mounted()
    headers = {"Authorization": f"Bearer {TOKEN}"}

    async def status(content: bytes, **more: str) -> int:
        answer = await whole.http.post("/rasa/actions/webhook", content=content, headers={**headers, **more})
        assert CANARY not in answer.text
        return answer.status_code

    unknown = {"next_action": "action_of_somebody_else", "tracker": {"sender_id": CANARY}, "domain": {}}
    assert await status(CANARY.encode()) == 400
    assert await status(b"[]") == 400
    assert await status(json.dumps({"next_action": "action_previsit_turn"}).encode()) == 400
    assert await status(json.dumps(unknown | {"domain": {"slots": {}}}).encode()) == 404
    assert await status(zlib.compress(b" " * (LARGEST + 1)), **{"Content-Encoding": "deflate"}) == 413
    assert await status(b"no deflate", **{"Content-Encoding": "deflate"}) == 400


async def test_a_compressed_call_is_read() -> None:
    assistant = Mounted().assistant
    assistant.compressed = True
    assert "Is it OK to start?" in await assistant.turn("hello")


async def test_the_names_that_a_domain_needs_are_listed() -> None:
    whole = Mounted()
    found: Any = (await whole.http.get("/rasa/actions/actions", headers={"Authorization": f"Bearer {TOKEN}"})).json()
    assert {action["name"] for action in found} == {
        "action_previsit_turn",
        "action_previsit_summary",
        "action_previsit_reset",
        "validate_previsit_form",
        "action_ask_previsit_answer",
    }
