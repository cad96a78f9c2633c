"""The endpoint of a patient's turn, called by the server directly, without the web framework in between.

Routing and the framework's two exception layers took as long as the rest of a request. All other addresses go to
`rest`. Knows nothing about what is said.
"""

import re
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from channels.headers import Headers, completed
from channels.problems import Problem, respond, respond_unexpected

TURNS = "/api/v1/conversations/"
TURN = re.compile(rf"{TURNS}([^/]+)/messages")


class TurnEndpoint:
    """`say` answers a turn as it would from a route of Starlette's, which stands behind for other methods.

    `added` are the headers that every answer here gets; behind it somebody else adds them.
    """

    def __init__(self, say: Callable[[Request], Awaitable[Response]], rest: ASGIApp, added: Headers) -> None:
        self._say = say
        self._rest = rest
        self._added = added

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        turn = TURN.fullmatch(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if turn is None:
            return self._rest(scope, receive, send)
        scope["path_params"] = {"id": turn[1]}
        return self._turn(scope, receive, send)

    async def _turn(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._say(Request(scope, receive))
        except Problem as problem:
            answer = respond(problem)
        except Exception as error:
            answer = respond_unexpected(error)
        answer.raw_headers = completed(answer.raw_headers, self._added)
        await answer(scope, receive, send)
