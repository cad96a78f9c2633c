import logging

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channels.problems import COMMON, PROBLEM_HANDLERS, UNAUTHORIZED, UNAVAILABLE, CatchAll, Problem
from tests.channels.asgi import client


async def unavailable(_request: Request) -> Response:
    raise Problem(UNAVAILABLE, "The store rests.", retry_after=3)


async def unauthorized(_request: Request) -> Response:
    raise Problem(UNAUTHORIZED)


async def broken(_request: Request) -> Response:
    raise ValueError("my chest hurts")


ROUTES = [Route("/unavailable", unavailable), Route("/unauthorized", unauthorized), Route("/broken", broken)]
APP = Starlette(routes=ROUTES, exception_handlers=PROBLEM_HANDLERS, middleware=[Middleware(CatchAll)])


@pytest.mark.anyio
async def test_a_problem_says_its_code_its_sentence_and_when_to_come_back() -> None:
    answer = await client(APP).get("/unavailable")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "3"
    assert answer.json() == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "code": "unavailable",
        "detail": "The store rests.",
    }


@pytest.mark.anyio
async def test_who_is_not_authorized_is_told_how() -> None:
    assert (await client(APP).get("/unauthorized")).headers["www-authenticate"] == "Bearer"


@pytest.mark.anyio
async def test_the_framework_s_own_errors_have_the_same_shape() -> None:
    missing = await client(APP).get("/nowhere")
    wrong = await client(APP).delete("/broken")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in wrong.headers["allow"]


@pytest.mark.anyio
async def test_an_unexpected_exception_is_logged_by_place_and_never_by_message(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = await client(APP).get("/broken")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "ValueError" in caplog.text
    assert "broken" in caplog.text
    assert "chest" not in caplog.text + answer.text


def test_codes_are_unique() -> None:
    assert len({kind.code for kind in COMMON}) == len(COMMON)
