"""Administrators add, change and remove people; a removed person is out at once."""

import re

import httpx
import pytest

from channels.console.access import token_of
from policies.roles import Role
from tests.channels.console.desk import PASSWORD, Desk, sign_in

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    await desk.hire("Ada Admin", "Kim Lee")
    return desk


async def send(client: httpx.AsyncClient, action: str = "", **form: str) -> httpx.Response:
    path = f"/console/staff/{action}" if action else "/console/staff"
    return await client.post(path, data={"token": token_of(client.cookies["previsit"]), **form})


async def test_a_person_who_is_added_signs_in_with_the_password_that_is_shown_once(desk: Desk) -> None:
    async with desk.browser("Ada Admin") as ada:
        added = await send(ada, name="Dee Doctor", role="doctor")
        [password] = re.findall(r"Password: <code>([\w-]+)</code>", added.text)
        assert password not in (await ada.get("/console/staff")).text
        assert "already" in (await send(ada, name="dee doctor", role="nurse")).text
        assert (await send(ada, name="Lee", role="surgeon")).status_code == 422
    assert ("Ada Admin", "staff_added", "") in desk.audited
    assert password not in str(desk.details)
    async with desk.browser() as dee:
        assert (await sign_in(dee, "Dee Doctor", password)).status_code == 303


async def test_a_person_who_is_removed_or_changed_is_out_at_once(desk: Desk) -> None:
    async with desk.browser("Ada Admin") as ada, desk.browser() as kim:
        await sign_in(kim, "Kim Lee")
        assert (await send(ada, "role", name="Kim Lee", role="doctor")).status_code == 303
        assert (await kim.get("/console")).status_code == 303, "signs in again, with the new role"
        await sign_in(kim, "Kim Lee")
        renewed = await send(ada, "password", name="Kim Lee")
        assert (await kim.get("/console")).status_code == 303
        [password] = re.findall(r"Password: <code>([\w-]+)</code>", renewed.text)
        assert (await sign_in(kim, "Kim Lee", PASSWORD)).status_code == 401
        assert (await sign_in(kim, "Kim Lee", password)).status_code == 303
        assert (await send(ada, "remove", name="Kim Lee")).status_code == 303
        assert (await kim.get("/console")).status_code == 303
        assert (await sign_in(kim, "Kim Lee", password)).status_code == 401
        assert "no such account" in (await send(ada, "remove", name="Kim Lee")).text


async def test_nobody_locks_themselves_out(desk: Desk) -> None:
    async with desk.browser("Ada Admin") as ada:
        for action in ("role", "remove", "factor"):
            answer = await send(ada, action, name="ada admin", role="nurse")
            assert answer.status_code == 422 and "your own account" in answer.text
        assert (await send(ada, "promote", name="Kim Lee")).status_code == 404
    account = await desk.store.staff.account("Ada Admin")
    assert account and account.role is Role.ADMIN
