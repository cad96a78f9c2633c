"""The patient API when something behind it fails: the patient is told what to do, and nothing repeats their words."""

import logging
from collections.abc import Sequence
from itertools import count

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from channels.event_stream import Streams
from channels.problems import PROBLEM_HANDLERS, CatchAll
from channels.rate_limit import RateLimit
from channels.tokens import Tokens
from channels.web.config import WebConfig
from channels.web.limits import WebLimits
from channels.web.routes import patient_api, patient_routes
from channels.web.turn_endpoint import TurnEndpoint
from dialogue.conversation import Conversation
from dialogue.duties import Duty
from dialogue.engine import Engine
from dialogue.ports import Conflict, Conversations, StoreUnavailable
from storage.store import memory_store
from storage.wrapped import WrappedConversations
from tests.channels.asgi import client, exchange
from tests.channels.console.sample_clinic import sample_clinic
from tests.clock import SetClock

SECRET = b"s" * 32
CANARY = "wisteria-canary chest pain"
CONFIG = WebConfig(
    clinic_name="Riverside Family Clinic",
    emergency_number="911",
    crisis_line="988",
    public_url="http://previsit.test",
    secret=SECRET,
)


class Failing(WrappedConversations):
    """A store that works until it is told how to fail."""

    def __init__(self, inner: Conversations) -> None:
        super().__init__(inner)
        self.failure: Exception | None = None

    async def load(self, conversation_id: str) -> Conversation | None:
        if isinstance(self.failure, StoreUnavailable):
            raise self.failure
        return await super().load(conversation_id)

    async def commit(self, conversation: Conversation, duties: Sequence[Duty], turns: int = 1) -> None:
        if self.failure:
            raise self.failure
        await super().commit(conversation, duties, turns)


class WebChat:
    """The web chat over a store in memory, and one conversation in it."""

    def __init__(self, limits: WebLimits | None = None) -> None:
        clock, ids = SetClock(), count(1)
        store = memory_store(clock)
        self.store = Failing(store.conversations)
        engine = Engine(self.store, sample_clinic(), clock, lambda: f"talk-{next(ids)}", "en")
        api = patient_api(engine, store.changes, CONFIG, Streams(), limits)
        routes = patient_routes(api)
        self.rest = Starlette(routes=routes, exception_handlers=PROBLEM_HANDLERS, middleware=[Middleware(CatchAll)])
        self.say = api.say
        self.app = TurnEndpoint(api.say, self.rest, [])
        self.client = client(self.app)
        self.url = ""
        self.headers: dict[str, str] = {}

    async def opens(self) -> "WebChat":
        view = (await self.client.post("/api/v1/conversations")).json()
        self.url = f"/api/v1/conversations/{view['id']}"
        self.headers = {"Authorization": f"Bearer {view['token']}"}
        return self

    async def says(self, text: str, key: str = "k1") -> httpx.Response:
        body = {"client_message_id": key, "text": text}
        return await self.client.post(f"{self.url}/messages", json=body, headers=self.headers)


@pytest.mark.anyio
@pytest.mark.parametrize("failure", [StoreUnavailable(CANARY), Conflict(CANARY)], ids=lambda each: type(each).__name__)
async def test_what_was_not_saved_is_said_with_the_number_to_call_and_when_to_try_again(failure: Exception) -> None:
    chat = await WebChat().opens()
    chat.store.failure = failure
    answer = await chat.says(CANARY)
    assert (answer.status_code, answer.json()["code"]) == (503, "not_saved")
    assert "If this is an emergency, call 911." in answer.json()["detail"]
    assert answer.headers["retry-after"] == "2"
    assert "canary" not in answer.text
    chat.store.failure = None
    assert (await chat.says(CANARY)).status_code == 200


@pytest.mark.anyio
async def test_a_fault_of_ours_is_told_without_a_word_of_the_patient_s(caplog: pytest.LogCaptureFixture) -> None:
    chat = await WebChat().opens()
    chat.store.failure = RuntimeError(CANARY)
    with caplog.at_level(logging.DEBUG):
        answer = await chat.says(CANARY)
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "canary" not in answer.text + caplog.text
    assert "RuntimeError" in caplog.text


@pytest.mark.anyio
async def test_every_address_of_a_conversation_says_so_when_the_store_is_away() -> None:
    chat = await WebChat().opens()
    chat.store.failure = StoreUnavailable("away")
    for method, path in (("GET", ""), ("GET", "/events"), ("DELETE", "")):
        answer = await chat.client.request(method, chat.url + path, headers=chat.headers)
        assert (answer.status_code, answer.json()["code"]) == (503, "not_saved"), (method, path)
    assert (await chat.client.post("/api/v1/conversations")).json()["code"] == "not_saved"


@pytest.mark.anyio
async def test_a_token_of_a_conversation_that_was_never_there_finds_nothing() -> None:
    chat = WebChat()
    headers = {"Authorization": f"Bearer {Tokens(SECRET).issue('never')}"}
    answer = await chat.client.get("/api/v1/conversations/never", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "conversation_gone")


@pytest.mark.anyio
async def test_reading_too_often_is_held_back_for_that_conversation_alone() -> None:
    chat = await WebChat(WebLimits(reads=RateLimit(burst=2, per_minute=60))).opens()
    statuses = [(await chat.client.get(chat.url, headers=chat.headers)).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert (await (await chat.opens()).client.get(chat.url, headers=chat.headers)).status_code == 200


@pytest.mark.anyio
async def test_a_conversation_has_no_more_streams_than_a_person_has_tabs() -> None:
    chat = await WebChat(WebLimits(streams=1)).opens()
    async with exchange(chat.app, f"{chat.url}/events", headers=chat.headers) as first:
        assert (await first.start())["status"] == 200
        await first.piece()
        async with exchange(chat.app, f"{chat.url}/events", headers=chat.headers) as second:
            assert (await second.start())["status"] == 429
