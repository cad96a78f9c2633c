"""A person's own account: the second factor from its picture to signing in with it, and the password."""

import re

import httpx
import pyotp
import pytest

from channels.console.access import token_of
from channels.console.account import picture
from channels.console.config import ConsoleConfig
from tests.channels.console.desk import PASSWORD, Desk, sign_in

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    await desk.hire("Kim Lee")
    return desk


async def enrol(client: httpx.AsyncClient, desk: Desk) -> tuple[str, list[str]]:
    """The secret and the recovery codes."""
    page = (await client.get("/console/account/second-factor")).text
    [secret] = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)
    [note] = re.findall(r'name="note" value="([^"]+)"', page)
    secret = secret.replace(" ", "")
    code = pyotp.TOTP(secret).at(int(desk.clock.at))
    form = {"token": token_of(client.cookies["previsit"]), "note": note, "code": code}
    answer = await client.post("/console/account/second-factor", data=form)
    assert answer.status_code == 200, answer.text
    desk.clock.at += 60
    return secret, re.findall(r"<li><code>([\w-]+)</code>", answer.text)


async def note_of(client: httpx.AsyncClient) -> str:
    answer = await sign_in(client, "Kim Lee")
    assert answer.status_code == 200 and "previsit" not in client.cookies, "the password alone opens nothing"
    return str(re.findall(r'name="note" value="([^"]+)"', answer.text)[0])


async def test_from_the_picture_on_signing_in_takes_password_and_code(desk: Desk) -> None:
    async with desk.browser() as client:
        await sign_in(client, "Kim Lee")
        secret, recovery = await enrol(client, desk)
    assert len(recovery) == 10
    async with desk.browser() as client:
        note = await note_of(client)
        wrong = await client.post("/console/sign-in/code", data={"note": note, "code": "000000"})
        assert wrong.status_code == 401 and "That code is not right" in wrong.text
        code = pyotp.TOTP(secret).at(int(desk.clock.at))
        assert (await client.post("/console/sign-in/code", data={"note": note, "code": code})).status_code == 303
        assert (await client.get("/console")).status_code == 200
    async with desk.browser() as client:
        note = await note_of(client)
        again = await client.post("/console/sign-in/code", data={"note": note, "code": code})
        assert again.status_code == 401, "a code is good once"
        form = {"note": note, "code": recovery[0]}
        assert (await client.post("/console/sign-in/code", data=form)).status_code == 303
    assert ("Kim Lee", "second_factor_on", "") in desk.audited
    assert secret not in str(desk.details) and recovery[0] not in str(desk.details)


async def test_codes_cannot_be_guessed_and_a_password_does_not_buy_new_tries(desk: Desk) -> None:
    async with desk.browser() as client:
        await sign_in(client, "Kim Lee")
        await enrol(client, desk)
    async with desk.browser() as client:
        statuses: list[int] = []
        for _ in range(2):
            note = await note_of(client)
            statuses.append((await client.post("/console/sign-in/code", data={"note": note, "code": "1"})).status_code)
        assert statuses == [401, 401]
        assert (await client.post("/console/sign-in/code", data={"note": note, "code": "1"})).status_code == 401
        assert (await client.post("/console/sign-in/code", data={"note": note, "code": "1"})).status_code == 429
        assert (await sign_in(client, "Kim Lee")).status_code == 429, "five tries in all, of whatever kind"


async def test_the_note_of_a_given_password_is_for_a_while_and_cannot_be_made_up(desk: Desk) -> None:
    async with desk.browser() as client:
        await sign_in(client, "Kim Lee")
        secret, _ = await enrol(client, desk)
    async with desk.browser() as client:
        note = await note_of(client)
        desk.clock.at += 301
        code = pyotp.TOTP(secret).at(int(desk.clock.at))
        for given in (note, "", "e30=.0", note[:-1], "é"):
            answer = await client.post("/console/sign-in/code", data={"note": given, "code": code})
            assert answer.status_code == 401 and "previsit" not in client.cookies


async def test_a_wrong_code_sets_nothing_up(desk: Desk) -> None:
    async with desk.browser() as client:
        await sign_in(client, "Kim Lee")
        page = (await client.get("/console/account/second-factor")).text
        [note] = re.findall(r'name="note" value="([^"]+)"', page)
        form = {"token": token_of(client.cookies["previsit"]), "note": note, "code": "000000"}
        answer = await client.post("/console/account/second-factor", data=form)
        assert answer.status_code == 422 and "Nothing was changed" in answer.text
        old = await client.post("/console/account/second-factor", data=form | {"note": "made up"})
        assert old.status_code == 422
    account = await desk.store.staff.account("Kim Lee")
    assert account and not account.second_factor


async def test_where_everybody_needs_one_nothing_else_is_open_before() -> None:
    desk = Desk(config=ConsoleConfig(clinic="Riverside", second_factor_required=True))
    await desk.hire("Kim Lee")
    async with desk.browser() as client:
        await sign_in(client, "Kim Lee")
        for path in ("/console", "/console/cases/c-review"):
            assert (await client.get(path)).headers["location"] == "/console/account/second-factor"
        form = {"token": token_of(client.cookies["previsit"])}
        assert (await client.post("/console/cases/c-review/take", data=form)).status_code == 403
        await enrol(client, desk)
        assert (await client.get("/console")).status_code == 200
        assert (await client.post("/console/account/second-factor/off", data=form)).status_code == 409


async def test_turning_it_off_takes_the_password(desk: Desk) -> None:
    async with desk.browser() as client:
        await sign_in(client, "Kim Lee")
        await enrol(client, desk)
        form = {"token": token_of(client.cookies["previsit"])}
        off = "/console/account/second-factor/off"
        assert (await client.post(off, data=form | {"password": "wrong"})).status_code == 422
        assert (await client.post(off, data=form | {"password": PASSWORD})).status_code == 303
    account = await desk.store.staff.account("Kim Lee")
    assert account and not account.second_factor


async def test_a_new_password_ends_every_other_session(desk: Desk) -> None:
    async with desk.browser() as here, desk.browser() as there:
        for client in (here, there):
            await sign_in(client, "Kim Lee")
        form = {"token": token_of(here.cookies["previsit"]), "password": PASSWORD, "new": "a better horse"}
        for bad in ({"again": "another"}, {"again": "a better horse", "password": "wrong"}):
            assert (await here.post("/console/account/password", data=form | bad)).status_code == 422
        short = form | {"new": "short", "again": "short"}
        assert "12 to 256 characters" in (await here.post("/console/account/password", data=short)).text
        changed = await here.post("/console/account/password", data=form | {"again": "a better horse"})
        assert changed.status_code == 303
        assert (await here.get("/console")).status_code == 200
        assert (await there.get("/console")).status_code == 303
    async with desk.browser() as client:
        assert (await sign_in(client, "Kim Lee")).status_code == 401
        assert (await sign_in(client, "Kim Lee", "a better horse")).status_code == 303


async def test_who_signs_in_elsewhere_has_nothing_to_change_here(desk: Desk) -> None:
    async with desk.browser("Ana Ruiz") as client:
        assert "identity provider" in (await client.get("/console/account")).text


def test_the_picture_is_drawn_here_and_runs_nothing() -> None:
    drawn = picture("otpauth://totp/Riverside:Kim?secret=ABC&issuer=Riverside")
    assert drawn.startswith("<svg") and "script" not in drawn and "http://www.w3.org/2000/svg" in drawn
    assert "viewBox=" in drawn and "width=" not in drawn, "whole at any size"
