"""Emergency access ("break glass"): lets people who normally do not read patients' words do so for a while.

For when a page rings and no nurse can be reached, or the identity provider is down. It needs a reason, everybody sees
it, and it allows reading only: decisions stay with nurses and doctors. Knows nothing about cases.
"""

from starlette.responses import RedirectResponse, Response

from channels.audit import Audit
from channels.console.access import AccessControl, StaffRequest
from channels.console.forms import Form
from channels.console.queue_page import Frame
from channels.console.words import EMERGENCY_REASONS


class Emergency:
    def __init__(self, access: AccessControl, audit: Audit, frame: Frame) -> None:
        self._access = access
        self._audit = audit
        self._frame = frame

    async def show(self, request: StaffRequest) -> Response:
        return await self._page(request, "")

    async def open(self, request: StaffRequest, form: Form) -> Response:
        """Opens the access. The reason is one of a list: the audit trail takes no free text, which could hold a
        patient's words."""
        reason = form.get("reason", "")
        if reason not in EMERGENCY_REASONS:
            return await self._page(request, "Choose the reason.")
        until = request.now + self._access.config.emergency_seconds
        await self._audit(request.member.name, "emergency_access", "", f"reason:{reason}")
        await self._access.sessions.change(
            request.session, request.member.model_copy(update={"emergency_until": until})
        )
        return RedirectResponse("/console", 303)

    async def close(self, request: StaffRequest, form: Form) -> Response:
        await self._audit(request.member.name, "emergency_access_ended")
        await self._access.sessions.change(request.session, request.member.model_copy(update={"emergency_until": 0.0}))
        return RedirectResponse("/console/emergency", 303)

    async def _page(self, request: StaffRequest, problem: str) -> Response:
        context = {
            **await self._frame(request),
            "title": "Emergency access",
            "reasons": EMERGENCY_REASONS,
            "minutes": round(self._access.config.emergency_seconds / 60),
            "problem": problem,
        }
        return self._access.pages.render("emergency.html", context, 422 if problem else 200)
