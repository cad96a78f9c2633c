"""Signing in at an identity provider that speaks the real protocol, and every way in which it must fail."""

from collections.abc import AsyncIterator, Callable
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from channels.console.identity import Provider
from policies.roles import Role
from tests.channels.console import samples
from tests.channels.console.desk import ORIGIN, Desk
from tests.channels.console.provider import ANOTHER_KEY, CLIENT, ISSUER, SECRET, Claims, LocalProvider

pytestmark = pytest.mark.anyio

ROLES = ((Role.DOCTOR, "clinic-doctors"), (Role.NURSE, "clinic-nurses"))


@pytest.fixture
async def desk() -> Desk:
    desk = Desk(provider=Provider(ISSUER, CLIENT, SECRET, ROLES))
    desk.identity = LocalProvider(desk.clock)
    await desk.keep(samples.reviewing())
    return desk


@pytest.fixture
async def browser(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with desk.browser() as client:
        yield client


async def goes(browser: httpx.AsyncClient, desk: Desk) -> str:
    """To the provider and back as far as our own address, which is not opened yet."""
    begun = await browser.get("/console/sign-in/identity?next=/console/cases/c-review")
    assert begun.status_code == 303 and begun.headers["location"].startswith(f"{ISSUER}/authorize?")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=desk.identity.app)) as outside:
        back = await outside.get(begun.headers["location"])
    return str(back.headers["location"])


async def test_who_is_known_there_comes_in_with_the_role_that_they_have_there(
    desk: Desk, browser: httpx.AsyncClient
) -> None:
    assert "Sign in at the clinic's identity provider" in (await browser.get("/console/sign-in")).text
    back = await goes(browser, desk)
    answer = await browser.get(back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/cases/c-review")
    assert "SameSite=strict" in answer.headers["set-cookie"]
    assert "M4TNX" in (await browser.get("/console/cases/c-review")).text
    assert ("Kim Lee", "signed_in", "") in desk.audited
    member = await desk.store.sessions.member(browser.cookies["previsit"])
    assert member and (member.name, member.role) == ("Kim Lee", Role.NURSE)


async def test_the_first_role_of_ours_that_fits_counts(desk: Desk, browser: httpx.AsyncClient) -> None:
    desk.identity.person["roles"] = ["clinic-nurses", "clinic-doctors", "choir"]
    await browser.get(await goes(browser, desk))
    member = await desk.store.sessions.member(browser.cookies["previsit"])
    assert member and member.role is Role.DOCTOR


async def refused(desk: Desk, browser: httpx.AsyncClient, back: str) -> str:
    answer = await browser.get(back)
    assert answer.status_code == 401
    assert "previsit" not in browser.cookies
    assert desk.audited[-1] == ("-", "sign_in_refused", "")
    assert (await browser.get("/console")).status_code == 303
    return answer.text


LIES: dict[str, Callable[[Claims], Claims]] = {
    "another issuer": lambda claims: claims | {"iss": "https://evil.example"},
    "for somebody else": lambda claims: claims | {"aud": "another-client"},
    "for us among others, by another's request": lambda claims: claims | {"aud": [CLIENT, "other"], "azp": "other"},
    "over": lambda claims: claims | {"exp": claims["iat"] - 120},
    "never over": lambda claims: {name: value for name, value in claims.items() if name != "exp"},
    "from the future": lambda claims: claims | {"iat": claims["iat"] + 3600, "exp": claims["exp"] + 7200},
    "of another sign-in": lambda claims: claims | {"nonce": "another"},
    "of no sign-in": lambda claims: {name: value for name, value in claims.items() if name != "nonce"},
    "of nobody": lambda claims: {name: value for name, value in claims.items() if name != "sub"},
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_token_that_is_not_for_this_sign_in_lets_nobody_in(
    desk: Desk, browser: httpx.AsyncClient, lie: str
) -> None:
    desk.identity.lie = LIES[lie]
    assert "did not confirm who you are" in await refused(desk, browser, await goes(browser, desk))


def _unsigned(claims: Claims) -> str:
    signed = jwt.encode({"alg": "RS256"}, claims, ANOTHER_KEY)
    return "eyJhbGciOiJub25lIn0." + signed.split(".")[1] + "."


FORGERIES: dict[str, Callable[[Claims], str]] = {
    "by another key": lambda claims: jwt.encode({"alg": "RS256"}, claims, ANOTHER_KEY),
    "by our own secret": lambda claims: jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET * 3)),
    "by nobody": _unsigned,
    "nothing": lambda claims: "",
}


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(
    desk: Desk, browser: httpx.AsyncClient, forgery: str
) -> None:
    desk.identity.sign = FORGERIES[forgery]
    assert "did not confirm who you are" in await refused(desk, browser, await goes(browser, desk))


async def test_a_code_is_good_in_the_browser_that_began_and_once(desk: Desk, browser: httpx.AsyncClient) -> None:
    back = await goes(browser, desk)
    async with desk.browser() as other:
        assert "was begun in another browser" in await refused(desk, other, back)
    kept = browser.cookies["previsit-identity"]
    assert (await browser.get(back)).status_code == 303
    async with desk.browser() as thief:
        thief.cookies.set("previsit-identity", kept, domain="console.test")
        assert "did not confirm who you are" in await refused(desk, thief, back)


async def test_another_state_and_a_refusal_of_the_provider_let_nobody_in(
    desk: Desk, browser: httpx.AsyncClient
) -> None:
    back = urlsplit(await goes(browser, desk))
    code = parse_qs(back.query)["code"][0]
    await refused(desk, browser, f"{ORIGIN}{back.path}?code={code}&state=another")
    back = urlsplit(await goes(browser, desk))
    await refused(desk, browser, f"{ORIGIN}{back.path}?error=access_denied&state={parse_qs(back.query)['state'][0]}")
    await refused(desk, browser, f"{ORIGIN}{back.path}")


async def test_whoever_takes_too_long_begins_again(desk: Desk, browser: httpx.AsyncClient) -> None:
    back = await goes(browser, desk)
    desk.clock.at += 601
    assert "took too long" in await refused(desk, browser, back)


@pytest.mark.parametrize("roles", [[], ["choir"], None, 7, {"clinic-nurses": True}])
async def test_who_has_no_role_here_is_told_so(desk: Desk, browser: httpx.AsyncClient, roles: object) -> None:
    desk.identity.person["roles"] = roles
    assert "have no role in this console" in await refused(desk, browser, await goes(browser, desk))


async def test_a_role_is_found_where_the_provider_keeps_it(desk: Desk) -> None:
    provider = Provider(ISSUER, CLIENT, SECRET, ROLES, name_claim="name", role_claim="realm_access.roles")
    desk = Desk(provider=provider)
    desk.identity = LocalProvider(desk.clock)
    desk.identity.person = {"name": "Kim", "realm_access": {"roles": ["clinic-nurses"]}}
    async with desk.browser() as browser:
        assert (await browser.get(await goes(browser, desk))).status_code == 303


async def test_without_a_provider_there_is_no_such_way_in() -> None:
    async with Desk().browser() as browser:
        assert "identity provider" not in (await browser.get("/console/sign-in")).text
        for path in ("/console/sign-in/identity", "/console/sign-in/identity/return"):
            assert (await browser.get(path)).status_code == 404


async def test_a_provider_that_is_down_leaves_the_password(desk: Desk, browser: httpx.AsyncClient) -> None:
    desk.identity.app.routes.clear()
    answer = await browser.get("/console/sign-in/identity")
    assert answer.status_code == 502
    assert "sign in with a password" in answer.text and 'name="password"' in answer.text
