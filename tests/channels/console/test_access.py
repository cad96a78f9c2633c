"""Who may open what: every address by role, by session, and by where a form came from."""

import httpx
import pytest

from channels.console.access import next_page, token_of
from channels.console.config import ConsoleConfig
from tests.channels.console import samples
from tests.channels.console.desk import ORIGIN, Desk

READ = ("/console", "/console/cases/c-review")
ACTIONS = ("acknowledge", "join", "write", "release", "reject", "relevel", "close")
WRITE = (
    "/console/sign-out",
    "/console/awake",
    "/console/rang",
    *(f"/console/cases/c-review/{action}" for action in ACTIONS),
)


def token(client: httpx.AsyncClient) -> str:
    return token_of(client.cookies["previsit"])


@pytest.mark.anyio
@pytest.mark.parametrize("path", (*READ, "/console/events"))
async def test_nobody_reads_without_signing_in(desk: Desk, path: str) -> None:
    async with desk.browser() as client:
        answer = await client.get(path)
    assert answer.status_code in {303, 401}
    assert "Sore throat" not in answer.text
    assert desk.audited == []


@pytest.mark.anyio
@pytest.mark.parametrize("path", WRITE)
async def test_nobody_acts_without_signing_in(desk: Desk, path: str) -> None:
    async with desk.browser() as client:
        answer = await client.post(path, data={"text": "hello", "token": "x"})
    assert answer.status_code == 401
    assert (await desk.engine.load("c-review")) == samples.reviewing()


@pytest.mark.anyio
@pytest.mark.parametrize(("name", "status"), [("Kim Lee", 200), ("Ada Admin", 200), ("Ed Engineer", 403)])
@pytest.mark.parametrize("path", READ[1:])
async def test_who_reads(desk: Desk, name: str, status: int, path: str) -> None:
    async with desk.browser(name) as client:
        answer = await client.get(path)
    assert answer.status_code == status
    assert ("M4TNX" in answer.text) == (status == 200)


@pytest.mark.anyio
@pytest.mark.parametrize("action", ACTIONS)
async def test_an_engineer_acts_on_nothing(desk: Desk, action: str) -> None:
    async with desk.browser("Ed Engineer") as client:
        answer = await client.post(f"/console/cases/c-urgent/{action}", data={"token": token(client)})
    assert answer.status_code == 403
    assert (await desk.engine.load("c-urgent")) == samples.urgent()


@pytest.mark.anyio
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "none"},
    ],
)
@pytest.mark.parametrize("path", WRITE)
async def test_a_form_from_elsewhere_does_nothing(desk: Desk, path: str, headers: dict[str, str]) -> None:
    async with desk.browser("Kim Lee") as client:
        answer = await client.post(path, data={"token": token(client), "text": "hello"}, headers=headers)
        assert answer.status_code == 403
        assert (await client.get("/console")).status_code == 200
    assert (await desk.engine.load("c-review")) == samples.reviewing()


@pytest.mark.anyio
@pytest.mark.parametrize("given", ["", "wrong", "é"])
@pytest.mark.parametrize("path", WRITE)
async def test_a_form_without_this_session_s_token_does_nothing_and_gives_the_text_back(
    desk: Desk, path: str, given: str
) -> None:
    async with desk.browser("Kim Lee") as client:
        answer = await client.post(path, data={"token": given, "text": "a long answer"})
    assert answer.status_code == 403
    assert "a long answer" in answer.text
    assert (await desk.engine.load("c-review")) == samples.reviewing()


@pytest.mark.anyio
async def test_another_session_s_token_does_nothing(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as kim, desk.browser("Ana Ruiz") as ana:
        answer = await kim.post("/console/cases/c-urgent/acknowledge", data={"token": token(ana)})
    assert answer.status_code == 403


@pytest.mark.anyio
async def test_an_idle_session_ends_with_a_plain_message(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as client:
        desk.clock.at += desk.config.idle_seconds + 1
        answer = await client.get("/console/cases/c-review", follow_redirects=True)
    assert str(answer.url) == f"{ORIGIN}/console/sign-in?next=/console/cases/c-review&ended=1"
    assert "You were signed out" in answer.text
    assert 'value="/console/cases/c-review"' in answer.text


@pytest.mark.anyio
async def test_what_was_written_when_the_session_ended_is_given_back(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as client:
        written = {"token": token(client), "text": "<b>Come in</b> at ten"}
        desk.clock.at += desk.config.idle_seconds + 1
        answer = await client.post("/console/cases/c-review/release", data=written)
    assert answer.status_code == 401
    assert "&lt;b&gt;Come in&lt;/b&gt; at ten" in answer.text
    assert (await desk.engine.load("c-review")) == samples.reviewing()


@pytest.mark.anyio
async def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as client:
        for _ in range(4):
            desk.clock.at += desk.config.idle_seconds / 3
            answer = await client.get("/console", headers={"X-Previsit-Background": "1"})
    assert answer.status_code == 401
    assert answer.content == b""


@pytest.mark.anyio
async def test_a_person_at_work_stays_signed_in(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as client:
        for _ in range(4):
            desk.clock.at += desk.config.idle_seconds / 3
            answer = await client.post("/console/awake", data={"token": token(client)})
            assert answer.status_code == 204


@pytest.mark.anyio
async def test_a_link_from_another_site_is_opened_once_more_from_our_own(desk: Desk) -> None:
    """The cookie does not travel with it, so nobody who is signed in should be asked to sign in again."""
    async with desk.browser() as client:
        answer = await client.get("/console/cases/c-urgent", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
    assert '<meta http-equiv="refresh" content="0">' in answer.text
    assert "K7P2Q" not in answer.text


@pytest.mark.anyio
async def test_a_form_may_come_from_the_configured_address_only() -> None:
    desk = Desk(config=ConsoleConfig(clinic="Riverside", origins=("https://console.clinic.example",)))
    await desk.hire("Kim Lee")
    async with desk.browser() as client:
        form = {"name": "Kim Lee", "password": "correct horse battery"}
        assert (await client.post("/console/sign-in", data=form)).status_code == 403
        headers = {"Origin": "https://console.clinic.example"}
        assert (await client.post("/console/sign-in", data=form, headers=headers)).status_code == 303


HEADERS = {
    "content-security-policy": (
        "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; script-src 'self'; "
        "style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'none'"
    ),
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.mark.anyio
async def test_every_page_forbids_framing_caching_and_foreign_scripts(desk: Desk) -> None:
    own = ("account", "account/second-factor", "measures", "measures.csv", "protocols", "sign-in")
    async with desk.browser("Kim Lee") as client:
        for path in (*READ, *(f"/console/{each}" for each in own), "/console/cases/nothing", "/console/staff"):
            headers = (await client.get(path)).headers
            assert {name: headers[name] for name in HEADERS} == HEADERS, path
            assert "strict-transport-security" not in headers


@pytest.mark.anyio
async def test_over_https_browsers_are_told_to_come_back_by_https() -> None:
    desk = Desk(config=ConsoleConfig(clinic="Riverside", https=True))
    async with desk.browser() as client:
        assert "max-age=31536000" in (await client.get("/console/sign-in")).headers["strict-transport-security"]


@pytest.mark.anyio
async def test_an_unknown_case_says_so(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as client:
        answer = await client.get("/console/cases/nothing")
        acted = await client.post("/console/cases/nothing/join", data={"token": token(client)})
    assert (answer.status_code, acted.status_code) == (404, 404)
    assert "There is no such case" in answer.text


@pytest.mark.anyio
async def test_too_long_a_form_says_so(desk: Desk) -> None:
    async with desk.browser("Kim Lee") as client:
        answer = await client.post(
            "/console/cases/c-review/release", data={"token": token(client), "text": "x" * 70_000}
        )
    assert answer.status_code == 413
    assert "too long" in answer.text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("/console", "/console"),
        ("/console/cases/c-1_B", "/console/cases/c-1_B"),
        ("", "/console"),
        ("//evil.example/console", "/console"),
        ("https://evil.example", "/console"),
        ("/console/cases/../../evil", "/console"),
        ("/console\n", "/console"),
        ("/console/events", "/console"),
    ],
)
def test_signing_in_leads_to_the_console_and_nowhere_else(asked: str, found: str) -> None:
    assert next_page(asked) == found
