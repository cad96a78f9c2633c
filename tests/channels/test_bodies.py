import pytest
from pydantic import BaseModel, ConfigDict
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from channels.bodies import DRAIN_FACTOR, read_model
from channels.problems import PROBLEM_HANDLERS
from tests.channels.asgi import client

LIMIT = 1000


class Note(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str
    count: int = 0


async def take(request: Request) -> Response:
    note = await read_model(request, Note, LIMIT)
    return JSONResponse({"length": len(note.text)})


APP = Starlette(routes=[Route("/", take, methods=["POST"])], exception_handlers=PROBLEM_HANDLERS)


@pytest.mark.anyio
async def test_reads_the_model() -> None:
    answer = await client(APP).post("/", json={"text": "four"})
    assert answer.json() == {"length": 4}


@pytest.mark.anyio
@pytest.mark.parametrize("size", [LIMIT + 1, LIMIT * DRAIN_FACTOR * 2])
async def test_refuses_a_body_over_the_limit(size: int) -> None:
    answer = await client(APP).post("/", content=b" " * size)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.anyio
@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"text": "a"} rest'])
async def test_refuses_what_is_not_json(body: bytes) -> None:
    answer = await client(APP).post("/", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_json")


@pytest.mark.anyio
async def test_names_the_members_that_are_wrong_and_repeats_nothing_that_was_sent() -> None:
    answer = await client(APP).post("/", json={"count": "secret", "secret": "secret"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_body")
    assert answer.json()["members"] == ["count", "text"]
    assert "secret" not in answer.text
