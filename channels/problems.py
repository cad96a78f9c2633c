"""Errors as problem+json (RFC 9457): a stable code and a plain sentence. Never repeats what was sent.

Use: `Starlette(routes, exception_handlers=PROBLEM_HANDLERS, middleware=[Middleware(CatchAll)])`.
"""

import json
import logging
import math
import traceback
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kind:
    """One way a request can fail. `code` is stable; `detail` is what a person is told."""

    status: int
    code: str
    detail: str


NOT_FOUND = Kind(404, "not_found", "There is nothing at this address.")
METHOD_NOT_ALLOWED = Kind(405, "method_not_allowed", "This address does not take that method.")
BODY_TOO_LARGE = Kind(413, "body_too_large", "That was too much at once. Please send less.")
INVALID_JSON = Kind(400, "invalid_json", "The request body is not valid JSON.")
INVALID_BODY = Kind(422, "invalid_body", "The request body does not have the right shape.")
UNAUTHORIZED = Kind(401, "unauthorized", "A valid token is needed.")
RATE_LIMITED = Kind(429, "rate_limited", "Too many requests. Please wait a moment.")
REFUSED = Kind(400, "refused", "The request was refused.")
UNAVAILABLE = Kind(503, "unavailable", "The service cannot answer right now. Try again in a moment.")
INTERNAL = Kind(500, "internal", "Something went wrong on our side. It has been noted.")

COMMON = (
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    BODY_TOO_LARGE,
    INVALID_JSON,
    INVALID_BODY,
    UNAUTHORIZED,
    RATE_LIMITED,
    REFUSED,
    UNAVAILABLE,
    INTERNAL,
)


class Problem(Exception):
    """Raise it to answer with a problem; `retry_after` is in whole seconds. No member may hold patient text."""

    def __init__(
        self,
        kind: Kind,
        detail: str = "",
        *,
        retry_after: int | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.detail = detail or kind.detail
        self.retry_after = retry_after
        self.extra = extra or {}


def spend(wait: float, kind: Kind) -> None:
    """Raises a problem of this `kind` if a rate limit says to wait (seconds); does nothing for 0."""
    if wait:
        raise Problem(kind, retry_after=math.ceil(wait))


def respond(problem: Problem) -> Response:
    kind = problem.kind
    body = {
        "type": "about:blank",
        "title": HTTPStatus(kind.status).phrase,
        "status": kind.status,
        "code": kind.code,
        "detail": problem.detail,
        **problem.extra,
    }
    headers = {"Cache-Control": "no-store"}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    if kind.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    content = json.dumps(body, ensure_ascii=False).encode()
    return Response(content, kind.status, headers, media_type="application/problem+json")


async def _on_problem(_request: Request, problem: Problem) -> Response:
    return respond(problem)


async def _on_http_exception(_request: Request, error: HTTPException) -> Response:
    known = {kind.status: kind for kind in COMMON}
    kind = known.get(error.status_code, Kind(error.status_code, REFUSED.code, REFUSED.detail))
    response = respond(Problem(kind))
    response.headers.update(error.headers or {})
    return response


PROBLEM_HANDLERS: dict[Any, Any] = {Problem: _on_problem, HTTPException: _on_http_exception}


class CatchAll:
    """Answers an unexpected exception with 500."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception as error:
            answer = respond_unexpected(error)
            if not started:
                await answer(scope, receive, send)


def respond_unexpected(error: Exception) -> Response:
    """Answers 500. The log gets the exception's type and place only: its message could hold a patient's words."""
    logger.error("unexpected %s at %s", type(error).__name__, place(error))
    return respond(Problem(INTERNAL))


def place(error: BaseException) -> str:
    """Where an exception was raised, innermost call first: `engine.py:41 say < routes.py:88 receive`."""
    frames = reversed(traceback.extract_tb(error.__traceback__)[-4:])
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
