"""Serves the custom actions from previsit itself: Rasa's action endpoint in our application. Needs the extra `rasa`.

Rasa's own server puts the whole tracker into its error answers and checks no password; this one wants a bearer token
and repeats nothing of what it was sent.
"""

import hmac
import json
import zlib
from collections.abc import Mapping
from typing import Any

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionMissingDomainException, ActionNotFoundException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from channels.bodies import read_body
from channels.problems import BODY_TOO_LARGE, INVALID_JSON, UNAUTHORIZED, Problem
from channels.rasa_actions import ACTIONS
from channels.rasa_connections import EngineConnection
from dialogue.engine import Engine

LARGEST = 4 * 1024 * 1024
"""Bytes of a request. Rasa sends the whole tracker each time: 33 KB after fourteen turns, and growing."""

SEND_DOMAIN_AGAIN = 449
"""Rasa's own status code for "the domain is not known here, send it with the call"."""


class RasaActionServer:
    def __init__(self, engine: Engine, secret: bytes, token: str) -> None:
        self._token = f"Bearer {token}".encode()
        self._executor = ActionExecutor()
        connection = EngineConnection(engine, secret)
        for action in ACTIONS:
            self._executor.register_action(action(connection))

    async def webhook(self, request: Request) -> Response:
        self._authorize(request)
        call = _decoded(await read_body(request, LARGEST), request.headers)
        try:
            result = await self._executor.run(call)
        except ActionExecutionRejection as rejected:
            return _refused(400, rejected.action_name)
        except ActionNotFoundException as unknown:
            return _refused(404, unknown.action_name)
        except ActionMissingDomainException as missing:
            return _refused(SEND_DOMAIN_AGAIN, missing.action_name)
        return JSONResponse(result.model_dump() if result else {})

    async def names(self, request: Request) -> Response:
        self._authorize(request)
        return JSONResponse([{"name": name} for name in self._executor.actions])

    async def health(self, request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    def _authorize(self, request: Request) -> None:
        if not hmac.compare_digest(request.headers.get("authorization", "").encode(), self._token):
            raise Problem(UNAUTHORIZED)


def rasa_action_routes(engine: Engine, secret: bytes, token: str) -> list[BaseRoute]:
    """`secret` signs the conversations, `token` is what Rasa's endpoints.yml sends as its bearer."""
    server = RasaActionServer(engine, secret, token)
    return [
        Route("/rasa/actions/webhook", server.webhook, methods=["POST"]),
        Route("/rasa/actions/actions", server.names),
        Route("/rasa/actions/health", server.health),
    ]


def _decoded(body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    if headers.get("content-encoding") == "deflate":
        body = _inflated(body)
    try:
        call = json.loads(body)
    except (ValueError, RecursionError):
        raise Problem(INVALID_JSON) from None
    if not isinstance(call, dict) or not isinstance(call.get("tracker"), dict):
        raise Problem(INVALID_JSON)
    return call


def _inflated(body: bytes) -> bytes:
    """The decompressed body, or a problem if it has more than LARGEST bytes: a small body may unpack to a huge one."""
    unpacking = zlib.decompressobj()
    try:
        found = unpacking.decompress(body, LARGEST)
    except zlib.error:
        raise Problem(INVALID_JSON) from None
    if unpacking.unconsumed_tail:
        raise Problem(BODY_TOO_LARGE)
    return found


def _refused(status: int, action: str) -> Response:
    return JSONResponse({"error": "the action was not run", "action_name": action}, status)
