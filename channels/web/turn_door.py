"""The address that every turn comes to, with nothing of a framework between the server and its endpoint.

Routing, two layers that catch exceptions and their wrappings were as much work as the rest of a request. Knows nothing
about what is said; every other address is left to `rest`.
"""

import re
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from channels.problems import Problem, respond, respond_unexpected

TURN = re.compile(r"/api/v1/conversations/([^/]+)/messages")


class TurnDoor:
    """`say` answers a turn as it would from a route of Starlette's, which stands behind for other methods."""

    def __init__(self, say: Callable[[Request], Awaitable[Response]], rest: ASGIApp) -> None:
        self._say = say
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        turn = TURN.fullmatch(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if turn is None:
            return await self._rest(scope, receive, send)
        scope["path_params"] = {"id": turn[1]}
        await (await self._answer(Request(scope, receive)))(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            return await self._say(request)
        except Problem as problem:
            return respond(problem)
        except Exception as error:
            return respond_unexpected(error)
