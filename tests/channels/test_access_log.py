import logging

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from channels.access_log import AccessLog
from tests.channels.asgi import client


async def answer(_request: Request) -> Response:
    return PlainTextResponse("ok")


@pytest.mark.anyio
async def test_logs_what_was_asked_without_its_query(caplog: pytest.LogCaptureFixture) -> None:
    app = Starlette(routes=[Route("/chat", answer)], middleware=[Middleware(AccessLog)])
    with caplog.at_level(logging.INFO, logger="channels.access_log"):
        await client(app).get("/chat?name=secret", headers={"Authorization": "Bearer secret"})
    [line] = [record.getMessage() for record in caplog.records if record.name == "channels.access_log"]
    assert line.startswith("GET /chat 200 ")
    assert "secret" not in line
