"""A person's own account: password and second factor. Knows nothing about other people's.

People who sign in at an identity provider have no password here, and nothing to change.
"""

import io

import pyotp
import segno
from starlette.responses import RedirectResponse, Response

from channels.audit import Audit
from channels.console.access import AccessControl, StaffRequest
from channels.console.forms import Form
from channels.console.queue_page import Frame
from channels.console.sign_in import SignIn
from channels.console.signed import Signed
from dialogue.staff_ports import StaffDirectory

PURPOSE = "second factor"
ENROL_SECONDS = 15 * 60.0
WRONG_PASSWORD = "That is not your password. Nothing was changed."  # noqa: S105
WRONG_CODE = "That code is not right. Wait for the next one and try again. Nothing was changed."
TOO_OLD = "This page was open for too long. Here is a new picture; scan it again."
NO_ACCOUNT = "You sign in at the clinic's identity provider. Change your password and second factor there."


class Account:
    def __init__(
        self, access: AccessControl, staff: StaffDirectory, sign_in: SignIn, signed: Signed, audit: Audit, frame: Frame
    ) -> None:
        self._access = access
        self._staff = staff
        self._sign_in = sign_in
        self._signed = signed
        self._audit = audit
        self._frame = frame

    async def show(self, request: StaffRequest) -> Response:
        return await self._page(request)

    async def change_password(self, request: StaffRequest, form: Form) -> Response:
        """All other sessions of this person end; this browser gets a new one."""
        new = form.get("new", "")
        if problem := await self._not_them(request, form):
            return await self._page(request, problem)
        if new != form.get("again", ""):
            return await self._page(request, "The two new passwords differ. Nothing was changed.")
        try:
            await self._staff.set_password(request.member.name, new)
        except ValueError as refused:
            return await self._page(request, f"{refused} Nothing was changed.")
        await self._audit(request.member.name, "password_changed")
        await self._access.sessions.close_all(request.member.name)
        response = RedirectResponse("/console/account?done=password", 303)
        await self._sign_in.let_in(response, request.member)
        return response

    async def begin(self, request: StaffRequest) -> Response:
        account = await self._staff.account(request.member.name)
        if account is None or account.second_factor:
            return await self._page(request)
        return await self._enrol_page(request, pyotp.random_base32())

    async def enrol(self, request: StaffRequest, form: Form) -> Response:
        """Sets up the second factor. Its recovery codes are shown in this answer and nowhere else."""
        name = request.member.name
        note = self._signed.read(PURPOSE, form.get("note", ""))
        if note is None or note["name"] != name:
            return await self._enrol_page(request, pyotp.random_base32(), TOO_OLD, 422)
        account = await self._staff.account(name)
        if account is None or account.second_factor:
            return self._access.refuse(409, "There is a second factor already. Turn it off first.")
        codes = await self._staff.enrol(name, note["secret"], form.get("code", ""))
        if not codes:
            return await self._enrol_page(request, note["secret"], WRONG_CODE, 422)
        await self._audit(name, "second_factor_on")
        await self._access.sessions.change(request.session, request.member.model_copy(update={"must_enrol": False}))
        context = {**await self._frame(request), "title": "Recovery codes", "codes": codes}
        return self._access.pages.render("recovery_codes.html", context)

    async def turn_off(self, request: StaffRequest, form: Form) -> Response:
        if self._access.config.second_factor_required:
            return self._access.refuse(409, "This clinic asks everybody for a second factor.")
        if problem := await self._not_them(request, form):
            return await self._page(request, problem)
        await self._staff.drop_second_factor(request.member.name)
        await self._audit(request.member.name, "second_factor_off")
        return RedirectResponse("/console/account?done=off", 303)

    async def _not_them(self, request: StaffRequest, form: Form) -> str:
        """The answer where the password is wrong: somebody else may sit at the keyboard."""
        name = request.member.name
        if limited := await self._sign_in.limited(name, request.http):
            return limited[0]
        if await self._staff.verify(name, form.get("password", "")) is None:
            return WRONG_PASSWORD
        await self._sign_in.forgive(name, request.http)
        return ""

    async def _page(self, request: StaffRequest, problem: str = "") -> Response:
        done = {"password": "Your password was changed.", "off": "Your second factor was turned off."}
        context = {
            **await self._frame(request),
            "title": "Your account",
            "here": "/console/account",
            "account": await self._staff.account(request.member.name),
            "no_account": NO_ACCOUNT,
            "problem": problem,
            "done": done.get(request.http.query_params.get("done", ""), ""),
        }
        return self._access.pages.render("account.html", context, 422 if problem else 200)

    async def _enrol_page(self, request: StaffRequest, secret: str, problem: str = "", status: int = 200) -> Response:
        note = {"name": request.member.name, "secret": secret}
        address = pyotp.TOTP(secret).provisioning_uri(name=request.member.name, issuer_name=self._access.config.clinic)
        context = {
            **await self._frame(request),
            "title": "Second factor",
            "picture": picture(address),
            "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
            "note": self._signed.issue(PURPOSE, note, ENROL_SECONDS),
            "problem": problem,
            "forced": request.member.must_enrol,
        }
        return self._access.pages.render("second_factor.html", context, status)


def picture(address: str) -> str:
    """A QR code as SVG, drawn here: the secret goes to no other server."""
    drawn = io.BytesIO()
    code = segno.make(address, error="m")
    code.save(drawn, kind="svg", xmldecl=False, omitsize=True, dark="#000", light="#fff")
    return drawn.getvalue().decode()
