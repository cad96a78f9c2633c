"""How a Rasa assistant's custom actions reach previsit: in this process, or over the patient API of another one.

Knows nothing about Rasa. A `sender` is a conversation's id with its token, as in the REST channel.
"""

from typing import Any, Protocol

import httpx

from channels.tokens import Tokens
from channels.web.incoming import NewMessage, clean
from dialogue.engine import Engine
from dialogue.view import PatientView, view


class NotTaken(Exception):
    """previsit did not take the message; the exception's text is the problem's code alone."""


class Connection(Protocol):
    """How an action reaches previsit. Every view that is returned holds the messages after version `since`."""

    async def start(self) -> tuple[str, PatientView]:
        """A new conversation's sender, and the welcome."""

    async def say(self, sender: str, message: NewMessage, since: int) -> PatientView: ...

    async def read(self, sender: str, since: int) -> PatientView: ...


class EngineConnection:
    """Calls the engine of this process. The sender is still verified, since it comes from a Rasa slot."""

    def __init__(self, engine: Engine, secret: bytes) -> None:
        self.engine = engine
        self.tokens = Tokens(secret)

    async def start(self) -> tuple[str, PatientView]:
        conversation = await self.engine.start()
        return self.tokens.sender(conversation.id), view(conversation)

    async def say(self, sender: str, message: NewMessage, since: int) -> PatientView:
        text, choices = clean(message)
        key = message.client_message_id
        return view(await self.engine.say(self._id(sender), key=key, text=text, choices=choices), since)

    async def read(self, sender: str, since: int) -> PatientView:
        return view(await self.engine.load(self._id(sender)), since)

    def _id(self, sender: str) -> str:
        if conversation_id := self.tokens.conversation_of(sender):
            return conversation_id
        raise NotTaken("unauthorized")


class HttpConnection:
    """The patient API of a running previsit, `address` without a path."""

    def __init__(self, address: str, client: httpx.AsyncClient) -> None:
        self.conversations = f"{address.rstrip('/')}/api/v1/conversations"
        self.client = client

    async def start(self) -> tuple[str, PatientView]:
        found = await self._ask("POST", self.conversations, "")
        return f"{found['id']}.{found.pop('token')}", _view(found, 0)

    async def say(self, sender: str, message: NewMessage, since: int) -> PatientView:
        url, token = self._where(sender)
        await self._ask("POST", f"{url}/messages", token, message.model_dump_json(exclude_none=True))
        return await self.read(sender, since)

    async def read(self, sender: str, since: int) -> PatientView:
        url, token = self._where(sender)
        return _view(await self._ask("GET", url, token), since)

    def _where(self, sender: str) -> tuple[str, str]:
        conversation_id, _, token = sender.rpartition(".")
        return f"{self.conversations}/{conversation_id}", token

    async def _ask(self, method: str, url: str, token: str, body: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            answer = await self.client.request(method, url, content=body or None, headers=headers)
        except httpx.HTTPError as error:
            raise NotTaken(type(error).__name__) from None
        if answer.is_error:
            raise NotTaken(str(answer.status_code))
        return answer.json()


def _view(body: dict[str, Any], since: int) -> PatientView:
    """The API's JSON as it was before it was sent."""
    messages = [{**message, "speaker": message["from"]} for message in body["messages"] if message["seq"] > since]
    for message in messages:
        del message["from"]
    return PatientView.model_validate({**body, "messages": messages})
