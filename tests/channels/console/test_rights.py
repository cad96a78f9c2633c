"""The role matrix: every address of the console by every role and by nobody. A new address fails until it is added."""

import re
from itertools import product

import pytest
from starlette.routing import Route

from channels.console.access import NOT_YOURS, token_of
from dialogue.staff_ports import StaffMember
from policies.roles import Role
from tests.channels.console.desk import Desk

CARERS = {Role.NURSE, Role.DOCTOR, Role.ADMIN}
ALL = set(Role)
ANYBODY: set[Role] = set()
"""Also without signing in."""

MATRIX: dict[tuple[str, str], set[Role]] = {
    ("GET", "/console/sign-in"): ANYBODY,
    ("POST", "/console/sign-in"): ANYBODY,
    ("POST", "/console/sign-in/code"): ANYBODY,
    ("GET", "/console/sign-in/identity"): ANYBODY,
    ("GET", "/console/sign-in/identity/return"): ANYBODY,
    ("POST", "/console/sign-out"): ALL,
    ("GET", "/console"): CARERS,
    ("GET", "/console/events"): ALL,
    ("POST", "/console/awake"): ALL,
    ("POST", "/console/rang"): ALL,
    ("GET", "/console/cases/{id}"): CARERS,
    ("POST", "/console/cases/{id}/{action}"): CARERS,
    ("GET", "/console/account"): ALL,
    ("POST", "/console/account/password"): ALL,
    ("GET", "/console/account/second-factor"): ALL,
    ("POST", "/console/account/second-factor"): ALL,
    ("POST", "/console/account/second-factor/off"): ALL,
    ("GET", "/console/staff"): {Role.ADMIN},
    ("POST", "/console/staff"): {Role.ADMIN},
    ("POST", "/console/staff/{action}"): {Role.ADMIN},
    ("GET", "/console/replies"): CARERS,
    ("POST", "/console/replies/{action}"): {Role.DOCTOR, Role.ADMIN},
    ("GET", "/console/invite"): CARERS,
    ("POST", "/console/invite"): CARERS,
    ("GET", "/console/on-call"): CARERS,
    ("POST", "/console/on-call/test"): CARERS,
    ("POST", "/console/on-call/{action}"): {Role.ADMIN},
    ("GET", "/console/protocols"): ALL,
    ("GET", "/console/protocols/{name}"): ALL,
    ("GET", "/console/guidelines"): ALL,
    ("POST", "/console/guidelines"): CARERS,
    ("GET", "/console/guidelines/{document}"): ALL,
    ("POST", "/console/guidelines/{document}/{action}"): {Role.DOCTOR, Role.ADMIN},
    ("GET", "/console/measures"): ALL,
    ("GET", "/console/measures.csv"): ALL,
    ("GET", "/console/audit"): {Role.ADMIN, Role.AUDITOR},
    ("GET", "/console/emergency"): ALL - CARERS,
    ("POST", "/console/emergency"): ALL - CARERS,
    ("POST", "/console/emergency/end"): ALL - CARERS,
}

SIGNED_IN = {pair: roles for pair, roles in MATRIX.items() if roles}
STREAMS = {("GET", "/console/events")}
"""An answer that does not end: whether a person may have it is asked in another test."""


def addresses(desk: Desk) -> set[tuple[str, str]]:
    routes = [route for route in desk.app.app.routes if isinstance(route, Route)]  # type: ignore[attr-defined]
    return {(method, route.path) for route in routes for method in route.methods or () if method != "HEAD"}


def test_every_address_is_in_the_matrix_and_no_other() -> None:
    assert addresses(Desk()) == MATRIX.keys()


def filled(path: str) -> str:
    parts = {"id": "c-review", "action": "acknowledge", "name": "sore_throat"}
    return re.sub(r"\{(\w+)\}", lambda part: parts.get(part[1], "x"), path)


async def status(desk: Desk, pair: tuple[str, str], role: Role | None) -> tuple[int, str]:
    method, path = pair
    async with desk.browser() as client:
        form = {"version": "99"}
        if role:
            session = await desk.store.sessions.open(StaffMember(name="Somebody", role=role))
            client.cookies.set("previsit", session, domain="console.test")
            form["token"] = token_of(session)
        if method == "GET":
            answer = await client.get(filled(path))
        else:
            answer = await client.post(filled(path), data=form)
    return answer.status_code, answer.text


@pytest.mark.anyio
@pytest.mark.parametrize(("pair", "role"), list(product(sorted(SIGNED_IN.keys() - STREAMS), Role)))
async def test_each_role_comes_in_where_the_matrix_says_and_nowhere_else(
    desk: Desk, pair: tuple[str, str], role: Role
) -> None:
    code, text = await status(desk, pair, role)
    if role in MATRIX[pair]:
        assert code != 401 and NOT_YOURS not in text
    elif pair == ("GET", "/console"):
        assert code == 303, "to where this person's work begins"
    else:
        assert code == 403 and NOT_YOURS in text
        assert "Sore throat" not in text


@pytest.mark.anyio
@pytest.mark.parametrize("pair", sorted(SIGNED_IN))
async def test_nobody_comes_in_without_signing_in(desk: Desk, pair: tuple[str, str]) -> None:
    code, text = await status(desk, pair, None)
    assert code in {303, 401}
    assert "Sore throat" not in text
    assert desk.audited == []


@pytest.mark.anyio
@pytest.mark.parametrize("role", [Role.ENGINEER, Role.AUDITOR])
async def test_who_reads_no_patient_s_words_begins_elsewhere(desk: Desk, role: Role) -> None:
    async with desk.browser({Role.ENGINEER: "Ed Engineer", Role.AUDITOR: "Al Auditor"}[role]) as client:
        answer = await client.get("/console")
    assert answer.status_code == 303
    assert (
        answer.headers["location"]
        == {
            Role.ENGINEER: "/console/measures",
            Role.AUDITOR: "/console/audit",
        }[role]
    )
