import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from channels.headers import SecurityHeaders, api_area, asset_area, page_area
from tests.channels.asgi import client

AREAS = [
    api_area("/api/"),
    asset_area("/chat/assets/"),
    page_area("/chat", frame_ancestors=("'self'", "https://clinic.example")),
    page_area(""),
]


async def answer(_request: Request) -> Response:
    return PlainTextResponse("ok")


async def keeps_own(_request: Request) -> Response:
    return PlainTextResponse("ok", headers={"Cache-Control": "max-age=9"})


def app(https: bool = False) -> Starlette:
    routes = [Route("/own", keeps_own), Route("/{path:path}", answer)]
    return Starlette(routes=routes, middleware=[Middleware(SecurityHeaders, areas=AREAS, https=https)])


def policy(response_policy: str) -> dict[str, str]:
    return dict(part.split(" ", 1) for part in response_policy.split("; "))


@pytest.mark.anyio
async def test_every_answer_is_guarded() -> None:
    for path in ("/api/v1", "/chat", "/chat/assets/chat.js", "/anything", "/own"):
        headers = (await client(app()).get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "camera=()" in headers["permissions-policy"]
        assert policy(headers["content-security-policy"])["default-src"] == "'none'"
        assert "unsafe" not in headers["content-security-policy"]


@pytest.mark.anyio
async def test_the_api_is_never_kept_nor_framed() -> None:
    headers = (await client(app()).get("/api/v1")).headers
    assert headers["cache-control"] == "no-store"
    assert policy(headers["content-security-policy"])["frame-ancestors"] == "'none'"


@pytest.mark.anyio
async def test_only_the_clinic_s_sites_may_frame_the_chat() -> None:
    chat = (await client(app()).get("/chat")).headers["content-security-policy"]
    other = (await client(app()).get("/console")).headers["content-security-policy"]
    assert policy(chat)["frame-ancestors"] == "'self' https://clinic.example"
    assert policy(other)["frame-ancestors"] == "'none'"


@pytest.mark.anyio
async def test_assets_may_be_embedded_by_other_sites() -> None:
    headers = (await client(app()).get("/chat/assets/chat.js")).headers
    assert headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.anyio
async def test_a_header_that_the_answer_sets_itself_stays() -> None:
    assert (await client(app()).get("/own")).headers["cache-control"] == "max-age=9"


@pytest.mark.anyio
async def test_https_is_insisted_on_only_where_there_is_https() -> None:
    assert "strict-transport-security" not in (await client(app()).get("/chat")).headers
    assert "max-age" in (await client(app(https=True)).get("/chat")).headers["strict-transport-security"]
