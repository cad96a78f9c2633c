"""Who may sign in, for administrators: add, change, remove. Nobody changes their own role or removes themselves here.

Knows nothing about how accounts are stored. A password that is generated here is shown once.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.responses import RedirectResponse, Response

from channels.audit import Audit
from channels.audit_details import code
from channels.console.access import AccessControl, StaffRequest
from channels.console.forms import Form
from channels.console.queue_page import Frame
from channels.console.words import ROLES
from dialogue.staff_ports import StaffDirectory
from policies.roles import Role

DONE = {
    "role": "The role was changed. The person has to sign in again.",
    "remove": "The account was removed, and its sessions have ended.",
    "factor": "The second factor was turned off. The person has to sign in again.",
}
NOT_YOURSELF = "You cannot do this to your own account. Ask another administrator."
NOBODY = "There is no such account any more."


class StaffPage:
    def __init__(self, access: AccessControl, staff: StaffDirectory, audit: Audit, frame: Frame) -> None:
        self._access = access
        self._staff = staff
        self._audit = audit
        self._frame = frame
        self._acts: Mapping[str, Callable[[StaffRequest, str, Form], Awaitable[Response]]] = {
            "role": self._role,
            "password": self._password,
            "factor": self._factor,
            "remove": self._remove,
        }

    async def show(self, request: StaffRequest) -> Response:
        return await self._page(request)

    async def add(self, request: StaffRequest, form: Form) -> Response:
        name, role, password = form.get("name", ""), form.get("role", ""), secrets.token_urlsafe(12)
        try:
            await self._staff.add(name, role, password)
        except ValueError as refused:
            return await self._page(request, problem=str(refused), form=form)
        await self._audit(request.member.name, "staff_added", "", code(f"name:{name}"), code(f"role:{role}"))
        return await self._page(request, told=f"{name} may sign in as {role}.", password=password)

    async def act(self, request: StaffRequest, form: Form) -> Response:
        action, name = request.http.path_params["action"], form.get("name", "")
        if action not in self._acts:
            return self._access.refuse(404, "There is no such action.")
        if name.casefold() == request.member.name.casefold() and action != "password":
            return await self._page(request, problem=NOT_YOURSELF)
        if await self._staff.account(name) is None:
            return await self._page(request, problem=NOBODY)
        return await self._acts[action](request, name, form)

    async def _role(self, request: StaffRequest, name: str, form: Form) -> Response:
        role = form.get("role", "")
        if role not in set(Role):
            return await self._page(request, problem="Choose a role.")
        await self._staff.set_role(name, role)
        return await self._done(request, "role", name, f"role:{role}")

    async def _factor(self, request: StaffRequest, name: str, form: Form) -> Response:
        await self._staff.drop_second_factor(name)
        return await self._done(request, "factor", name)

    async def _remove(self, request: StaffRequest, name: str, form: Form) -> Response:
        await self._staff.remove(name)
        return await self._done(request, "remove", name)

    async def _password(self, request: StaffRequest, name: str, form: Form) -> Response:
        password = secrets.token_urlsafe(12)
        await self._staff.set_password(name, password)
        await self._audit(request.member.name, "staff_password", "", code(f"name:{name}"))
        own = name.casefold() == request.member.name.casefold()
        if not own:
            await self._access.sessions.close_all(name)
        return await self._page(request, told=f"{name} has a new password.", password=password)

    async def _done(self, request: StaffRequest, action: str, name: str, *detail: str) -> Response:
        await self._access.sessions.close_all(name)
        await self._audit(request.member.name, f"staff_{action}", "", code(f"name:{name}"), *map(code, detail))
        return RedirectResponse(f"/console/staff?done={action}", 303)

    async def _page(
        self, request: StaffRequest, *, problem: str = "", told: str = "", password: str = "", form: Form | None = None
    ) -> Response:
        context: dict[str, Any] = {
            **await self._frame(request),
            "title": "Staff",
            "here": "/console/staff",
            "accounts": await self._staff.accounts(),
            "roles": ROLES,
            "problem": problem,
            "told": told,
            "password": password,
            "form": form or {},
            "done": DONE.get(request.http.query_params.get("done", ""), ""),
        }
        return self._access.pages.render("staff.html", context, 422 if problem else 200)
