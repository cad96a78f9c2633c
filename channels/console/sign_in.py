"""Signing in to the console and out again. Knows nothing about cases."""

from math import ceil

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from channels.console.door import SIGN_IN, Audit, Door, Visit, next_page
from channels.console.forms import Form, read_form
from dialogue.ports import SignInLimited, SignIns, StaffDirectory, StaffMember

WRONG = "That name and password do not belong together. Check both and try again."
ELSEWHERE = "This form was not sent from the console, so nobody was signed in. Try again here."
NOBODY = "-"


class SignIn:
    """`sign_ins` slows guessing down, for each name and for each address it comes from."""

    def __init__(self, door: Door, staff: StaffDirectory, sign_ins: SignIns, audit: Audit) -> None:
        self._door = door
        self._staff = staff
        self._sign_ins = sign_ins
        self._audit = audit

    async def show(self, request: Request) -> Response:
        query = request.query_params
        return self._page(next_page(query.get("next", "")), ended="ended" in query)

    async def submit(self, request: Request) -> Response:
        form = await read_form(request, self._door.config.body_limit)
        name, after = form.get("name", ""), next_page(form.get("next", ""))
        if not self._door.is_own(request):
            return self._page(after, name, ELSEWHERE, 403)
        address = request.client.host if request.client else ""
        try:
            await self._sign_ins.attempt(name, address)
        except SignInLimited as limited:
            problem = f"Too many tries. Wait {in_words(limited.seconds)}, then try again."
            return self._page(after, name, problem, 429, {"Retry-After": str(ceil(limited.seconds))})
        member = await self._staff.verify(name, form.get("password", ""))
        if member is None:
            await self._audit(NOBODY, "sign_in_refused")
            return self._page(after, name, WRONG, 401)
        await self._sign_ins.succeeded(name, address)
        return await self._enter(request, member, after)

    async def leave(self, visit: Visit, form: Form) -> Response:
        await self._door.sessions.close(visit.session)
        await self._audit(visit.member.name, "signed_out")
        response = RedirectResponse(f"{SIGN_IN}?left=1", 303)
        config = self._door.config
        response.delete_cookie(config.cookie, path="/", secure=config.https, httponly=True, samesite="strict")
        return response

    async def _enter(self, request: Request, member: StaffMember, after: str) -> Response:
        """A new session each time, so that a planted one is worth nothing; the browser's old one ends."""
        if old := request.cookies.get(self._door.config.cookie):
            await self._door.sessions.close(old)
        session = await self._door.sessions.open(member)
        await self._audit(member.name, "signed_in")
        response = RedirectResponse(after, 303)
        config = self._door.config
        response.set_cookie(config.cookie, session, path="/", secure=config.https, httponly=True, samesite="strict")
        return response

    def _page(
        self,
        after: str,
        name: str = "",
        problem: str = "",
        status: int = 200,
        headers: dict[str, str] | None = None,
        *,
        ended: bool = False,
    ) -> Response:
        context = {"next": after, "name": name, "problem": problem, "ended": ended, "kept": ""}
        return self._door.pages.render("sign_in.html", context, status, headers)


def in_words(seconds: float) -> str:
    minutes = ceil(seconds / 60)
    return "a minute" if minutes <= 1 else f"{minutes} minutes"
