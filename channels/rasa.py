"""The Rasa REST channel, so that Rasa's widgets and tools talk to previsit. Knows HTTP and the engine, nothing of Rasa.

In Rasa the caller chooses `sender`, and whoever names a sender reads that chat. Here `sender` is therefore a signed
token that `POST /webhooks/rest/sessions` hands out.
"""

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from channels.bodies import read_model
from channels.problems import UNAUTHORIZED, Kind, Problem, spend
from channels.rasa_messages import GREETINGS, delivered, rasa_messages, words_or_choices
from channels.tokens import Tokens
from channels.web.api import GONE, NOT_NOW, NOT_OFFERED, NOT_SAVED, RETRY_SECONDS, TOO_FAST, TOO_MANY_CHATS
from channels.web.config import WebConfig
from channels.web.incoming import MAX_BODY_BYTES, NewMessage, clean
from channels.web.limits import WebLimits
from dialogue.conversation import Conversation
from dialogue.engine import Engine, NotNow, NotOffered, UnknownConversation
from dialogue.ports import Conflict, StoreUnavailable
from dialogue.view import view

UNSIGNED = Kind(
    UNAUTHORIZED.status,
    UNAUTHORIZED.code,
    "The sender is not one of ours. POST /webhooks/rest/sessions gives one; use it as the widget's sender id.",
)


class RasaMessage(BaseModel):
    """The body of Rasa's REST channel. `metadata.message_id`, where given, makes a repeated message harmless."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    sender: Annotated[str, Field(max_length=200)]
    message: str = ""
    metadata: Mapping[str, Any] | None = None

    @property
    def key(self) -> str:
        given = (self.metadata or {}).get("message_id")
        return given if isinstance(given, str) else secrets.token_urlsafe(12)


class RasaRest:
    def __init__(self, engine: Engine, config: WebConfig, limits: WebLimits) -> None:
        self.engine = engine
        self.config = config
        self.limits = limits
        self.tokens = Tokens(config.secret)

    async def health(self, request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def begin(self, request: Request) -> Response:
        """201 with a new sender, and the welcome as Rasa's messages."""
        with _in_words():
            spend(self.limits.new.wait(request.client.host if request.client else ""), TOO_MANY_CHATS)
            conversation = await self.engine.start()
        sender = self.tokens.sender(conversation.id)
        return JSONResponse({"sender": sender, "messages": _messages(conversation, sender)}, 201)

    async def say(self, request: Request) -> Response:
        with _in_words():
            said = await read_model(request, RasaMessage, MAX_BODY_BYTES)
            conversation_id = self._signed(said.sender)
            spend(self.limits.messages.wait(conversation_id), TOO_FAST)
            conversation = await self.engine.load(conversation_id)
            if said.message.strip() not in GREETINGS:
                conversation = await self._turn(conversation, said)
        messages = _messages(conversation, said.sender)
        if "stream" in request.query_params:
            lines = "".join(json.dumps(message, ensure_ascii=False) + "\n" for message in messages)
            return Response(lines, media_type="application/x-ndjson")
        return JSONResponse(messages)

    async def _turn(self, conversation: Conversation, said: RasaMessage) -> Conversation:
        text, choices = words_or_choices(said.message, view(conversation).question)
        message = NewMessage(client_message_id="-", text=None if choices else text, choices=list(choices) or None)
        text, choices = clean(message)
        return await self.engine.say(conversation.id, key=said.key, text=text, choices=choices)

    def _signed(self, sender: str) -> str:
        if conversation_id := self.tokens.conversation_of(sender):
            return conversation_id
        raise Problem(UNSIGNED)


def rasa_routes(engine: Engine, config: WebConfig, limits: WebLimits) -> list[BaseRoute]:
    """The addresses of Rasa's REST channel; the clinic's own sites may call them from their pages."""
    rest = RasaRest(engine, config, limits)
    cors = Middleware(
        CORSMiddleware,
        allow_origins=list(config.clinic_origins),
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type"],
    )
    return [
        Route("/webhooks/rest/webhook", rest.say, methods=["POST", "OPTIONS"], middleware=[cors]),
        Route("/webhooks/rest/sessions", rest.begin, methods=["POST", "OPTIONS"], middleware=[cors]),
        Route("/webhooks/rest/", rest.health, middleware=[cors]),
    ]


def _messages(conversation: Conversation, sender: str) -> list[dict[str, Any]]:
    said = rasa_messages(view(conversation, delivered(conversation)), conversation.language)
    return [{"recipient_id": sender, **message} for message in said]


@contextmanager
def _in_words() -> Iterator[None]:
    """Turns every failure into a problem+json answer that repeats nothing of what was sent."""
    try:
        yield
    except UnknownConversation:
        raise Problem(GONE) from None
    except NotOffered:
        raise Problem(NOT_OFFERED) from None
    except NotNow:
        raise Problem(NOT_NOW) from None
    except (StoreUnavailable, Conflict):
        raise Problem(NOT_SAVED, retry_after=RETRY_SECONDS) from None
