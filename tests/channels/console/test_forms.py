import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from channels.console.forms import MAX_FIELDS, clean, read_form
from channels.problems import PROBLEM_HANDLERS
from tests.channels.asgi import client


async def echo(request: Request) -> Response:
    return JSONResponse(dict(await read_form(request, 1000)))


APP = Starlette(routes=[Route("/", echo, methods=["POST"])], exception_handlers=PROBLEM_HANDLERS)


async def post(content: bytes) -> httpx.Response:
    return await client(APP).post("/", content=content)


@pytest.mark.anyio
async def test_fields_are_read_without_what_no_person_types() -> None:
    answer = await post(b"text=%20one%0D%0Atwo%00%07%20&reason=caf%C3%A9&empty=")
    assert answer.json() == {"text": "one\ntwo", "reason": "café", "empty": ""}


@pytest.mark.anyio
async def test_a_form_with_too_many_fields_is_read_as_empty() -> None:
    many = "&".join(f"f{number}=1" for number in range(MAX_FIELDS + 1))
    assert (await post(many.encode())).json() == {}


@pytest.mark.anyio
async def test_too_long_a_form_is_a_problem() -> None:
    assert (await post(b"text=" + b"x" * 1000)).status_code == 413


@pytest.mark.anyio
@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"&&&", b"=", b"%zz", b"text"])
async def test_bytes_that_are_no_form_are_read_as_well_as_they_can_be(content: bytes) -> None:
    assert (await post(content)).status_code == 200


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
