"""Signing in to the console and out again: by password and second factor, or at the clinic's identity provider.

Knows nothing about cases.
"""

from collections.abc import Mapping
from math import ceil
from typing import Literal

import httpx
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from channels.audit import Audit
from channels.audit_details import code as as_code
from channels.console.access import SIGN_IN, AccessControl, StaffRequest, next_page
from channels.console.forms import Form, read_form
from channels.console.identity import Identity, IdentityRefused
from channels.console.signed import Signed
from dialogue.staff_ports import SignInLimited, SignIns, StaffDirectory, StaffMember

WRONG = "That name and password do not belong together. Check both and try again."
WRONG_CODE = "That code is not right, or was used already. Wait for the next one, or use a recovery code."
TOO_LATE = "That took too long. Sign in again."
ELSEWHERE = "This form was not sent from the console, so nobody was signed in. Try again here."
UNREACHABLE = "The identity provider cannot be reached. Try again, or sign in with a password."
NOBODY = "-"
PASSWORD_GIVEN = "password"  # noqa: S105
CODE_SECONDS = 300.0
BACK = f"{SIGN_IN}/identity/return"

SameSite = Literal["lax", "strict"]


class SignIn:
    """`sign_ins` limits wrong passwords and codes, for each name and for each address they come from."""

    def __init__(
        self,
        access: AccessControl,
        staff: StaffDirectory,
        sign_ins: SignIns,
        audit: Audit,
        signed: Signed,
        identity: Identity | None,
    ) -> None:
        self._access = access
        self._staff = staff
        self._sign_ins = sign_ins
        self._audit = audit
        self._signed = signed
        self._identity = identity

    async def show(self, request: Request) -> Response:
        query = request.query_params
        return self._page(next_page(query.get("next", "")), ended="ended" in query)

    async def submit(self, request: Request) -> Response:
        """Checks the password; a person with a second factor is then asked for its code."""
        form = await read_form(request, self._access.config.body_limit)
        name, after = form.get("name", ""), next_page(form.get("next", ""))
        if not self._access.is_own(request):
            return self._page(after, name, ELSEWHERE, 403)
        if limited := await self.limited(name, request):
            return self._page(after, name, *limited)
        member = await self._staff.verify(name, form.get("password", ""))
        if member is None:
            await self._audit(NOBODY, "sign_in_refused")
            return self._page(after, name, WRONG, 401)
        account = await self._staff.account(member.name)
        if account and account.second_factor:
            return self._code_page({"name": member.name, "after": after})
        must_enrol = self._access.config.second_factor_required
        return await self._enter(request, member.model_copy(update={"must_enrol": must_enrol}), after, "password")

    async def submit_code(self, request: Request) -> Response:
        form = await read_form(request, self._access.config.body_limit)
        note = self._signed.read(PASSWORD_GIVEN, form.get("note", ""))
        if not self._access.is_own(request):
            return self._page("/console", problem=ELSEWHERE, status=403)
        if note is None:
            return self._page("/console", problem=TOO_LATE, status=401)
        if limited := await self.limited(note["name"], request):
            return self._code_page(note, *limited)
        account = await self._staff.account(note["name"])
        if account is None or not await self._staff.check_code(note["name"], form.get("code", "")):
            await self._audit(NOBODY, "code_refused", "", as_code(f"name:{note['name']}"))
            return self._code_page(note, WRONG_CODE, 401)
        return await self._enter(request, StaffMember(name=account.name, role=account.role), note["after"], "code")

    async def go_to_provider(self, request: Request) -> Response:
        after = next_page(request.query_params.get("next", ""))
        if self._identity is None:
            return self._access.refuse(404, "There is no identity provider here.")
        try:
            begun = await self._identity.begin(self._back(request), after)
        except (httpx.HTTPError, ValueError, KeyError):
            return self._page(after, problem=UNREACHABLE, status=502)
        response = RedirectResponse(begun.address, 303)
        self._set(response, self._identity_cookie, begun.note, "lax")
        return response

    async def come_back(self, request: Request) -> Response:
        """The browser returns from the provider. The cookie proves that this browser began the sign-in; it is valid
        once."""
        if self._identity is None:
            return self._access.refuse(404, "There is no identity provider here.")
        note = request.cookies.get(self._identity_cookie, "")
        returned = f"{self._back(request)}?{request.url.query}"
        try:
            member, after = await self._identity.finish(note, returned, self._back(request))
        except IdentityRefused as refused:
            await self._audit(NOBODY, "sign_in_refused", "", "by:identity")
            response = self._page("/console", problem=str(refused), status=401)
        else:
            response = await self._enter(request, member, after, "identity")
        self._unset(response, self._identity_cookie, "lax")
        return response

    async def leave(self, request: StaffRequest, form: Form) -> Response:
        await self._access.sessions.close(request.session)
        await self._audit(request.member.name, "signed_out")
        response = RedirectResponse(f"{SIGN_IN}?left=1", 303)
        self._unset(response, self._access.config.cookie, "strict")
        return response

    async def limited(self, name: str, request: Request) -> tuple[str, int, Mapping[str, str]] | None:
        """The refusal if this name or address has tried too often; else None, and the attempt is counted."""
        try:
            await self._sign_ins.attempt(name, address_of(request))
        except SignInLimited as limited:
            problem = f"Too many tries. Wait {in_words(limited.seconds)}, then try again."
            return problem, 429, {"Retry-After": str(ceil(limited.seconds))}
        return None

    async def forgive(self, name: str, request: Request) -> None:
        """Takes back a counted attempt: it was right."""
        await self._sign_ins.succeeded(name, address_of(request))

    async def _enter(self, request: Request, member: StaffMember, after: str, how: str) -> Response:
        """Opens a new session each time and ends the browser's old one, so that nobody can plant a session id in a
        browser (session fixation)."""
        if how != "identity":
            await self.forgive(member.name, request)
        if old := request.cookies.get(self._access.config.cookie):
            await self._access.sessions.close(old)
        await self._audit(member.name, "signed_in", "", f"by:{how}")
        response = RedirectResponse(after, 303)
        await self.let_in(response, member)
        return response

    async def let_in(self, response: Response, member: StaffMember) -> None:
        """Opens a session and sets its cookie on the answer."""
        session = await self._access.sessions.open(member)
        self._set(response, self._access.config.cookie, session, "strict")

    def _back(self, request: Request) -> str:
        [origin, *_] = self._access.config.own_origins(request.headers.get("host", ""))
        return origin + BACK

    @property
    def _identity_cookie(self) -> str:
        """SameSite is lax: the cookie must be sent when the provider redirects the browser back to us."""
        return f"{self._access.config.cookie}-identity"

    def _set(self, response: Response, name: str, value: str, same_site: SameSite) -> None:
        https = self._access.config.https
        response.set_cookie(name, value, path="/", secure=https, httponly=True, samesite=same_site)

    def _unset(self, response: Response, name: str, same_site: SameSite) -> None:
        https = self._access.config.https
        response.delete_cookie(name, path="/", secure=https, httponly=True, samesite=same_site)

    def _code_page(
        self,
        note: Mapping[str, str],
        problem: str = "",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        given = {"name": note["name"], "after": note["after"]}
        context = {"note": self._signed.issue(PASSWORD_GIVEN, given, CODE_SECONDS), "problem": problem}
        return self._access.pages.render("sign_in_code.html", context, status, headers)

    def _page(
        self,
        after: str,
        name: str = "",
        problem: str = "",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        *,
        ended: bool = False,
    ) -> Response:
        context = {"next": after, "name": name, "problem": problem, "ended": ended, "kept": ""}
        return self._access.pages.render("sign_in.html", context, status, headers)


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def in_words(seconds: float) -> str:
    minutes = ceil(seconds / 60)
    return "a minute" if minutes <= 1 else f"{minutes} minutes"
