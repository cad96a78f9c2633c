"""Signing in and out: cookies, limits, and what is written down."""

import pytest

from channels.console.access import token_of
from channels.console.config import ConsoleConfig
from channels.console.sign_in import in_words
from tests.channels.console.desk import PASSWORD, Desk, sign_in


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    await desk.hire("Kim Lee", "Ana Ruiz")
    return desk


@pytest.mark.anyio
async def test_the_right_password_opens_the_queue(desk: Desk) -> None:
    async with desk.browser() as client:
        answer = await sign_in(client, "kim lee")
        assert (answer.status_code, answer.headers["location"]) == (303, "/console")
        assert "Kim Lee" in (await client.get("/console")).text
    assert desk.audited == [("Kim Lee", "signed_in", "")]


@pytest.mark.anyio
async def test_the_cookie_is_for_this_server_alone(desk: Desk) -> None:
    async with desk.browser() as client:
        cookie = (await sign_in(client, "Kim Lee")).headers["set-cookie"]
    assert cookie.startswith("previsit=")
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


@pytest.mark.anyio
async def test_over_https_the_cookie_is_bound_to_the_host() -> None:
    desk = Desk(config=ConsoleConfig(clinic="Riverside", https=True, origins=("http://console.test",)))
    await desk.hire("Kim Lee")
    async with desk.browser() as client:
        cookie = (await sign_in(client, "Kim Lee")).headers["set-cookie"]
    assert cookie.startswith("__Host-previsit=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("name", "password"), [("Kim Lee", "wrong"), ("Nobody", PASSWORD), ("", ""), ("x" * 9000, "y")]
)
async def test_a_wrong_name_and_a_wrong_password_read_alike(desk: Desk, name: str, password: str) -> None:
    async with desk.browser() as client:
        answer = await sign_in(client, name, password)
    assert answer.status_code == 401
    assert "That name and password do not belong together" in answer.text
    assert "set-cookie" not in answer.headers
    assert desk.audited == [("-", "sign_in_refused", "")]


@pytest.mark.anyio
async def test_guessing_is_slowed_down_even_when_the_guess_is_right(desk: Desk) -> None:
    async with desk.browser() as client:
        for _ in range(5):
            assert (await sign_in(client, "Kim Lee", "wrong")).status_code == 401
        answer = await sign_in(client, "Kim Lee")
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) > 0
        assert "Too many tries. Wait" in answer.text
        desk.clock.at += int(answer.headers["retry-after"])
        assert (await sign_in(client, "Kim Lee")).status_code == 303


@pytest.mark.anyio
async def test_a_password_is_never_shown_again(desk: Desk) -> None:
    async with desk.browser() as client:
        answer = await sign_in(client, "Kim Lee", "my-secret-guess")
    assert "my-secret-guess" not in answer.text
    assert 'value="Kim Lee"' in answer.text


@pytest.mark.anyio
async def test_signing_in_again_ends_the_session_that_was_there(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as client:
        first = client.cookies["previsit"]
        await sign_in(client, "Ana Ruiz")
        assert client.cookies["previsit"] != first
    assert await desk.store.sessions.member(first) is None


@pytest.mark.anyio
async def test_a_session_id_planted_beforehand_is_worth_nothing(desk: Desk) -> None:
    async with desk.browser() as client:
        client.cookies.set("previsit", "planted")
        await sign_in(client, "Kim Lee")
    assert await desk.store.sessions.member("planted") is None


@pytest.mark.anyio
async def test_signing_out_ends_the_session_on_the_server(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as client:
        session = client.cookies["previsit"]
        answer = await client.post("/console/sign-out", data={"token": token_of(session)})
        assert answer.headers["location"] == "/console/sign-in?left=1"
        assert "previsit" not in client.cookies
        client.cookies.set("previsit", session)
        assert (await client.get("/console")).status_code == 303
    assert desk.audited[-1] == ("Kim Lee", "signed_out", "")


@pytest.mark.anyio
async def test_a_sign_in_form_from_elsewhere_signs_nobody_in(desk: Desk) -> None:
    async with desk.browser() as client:
        client.headers["Origin"] = "https://evil.example"
        answer = await sign_in(client, "Kim Lee")
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "a minute"), (60, "a minute"), (61, "2 minutes"), (175, "3 minutes")]
)
def test_waits_are_said_in_minutes(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
