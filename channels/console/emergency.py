"""Emergency access ("break glass"): lets people who normally do not read patients' words do so for a while.

For when a page rings and no nurse can be reached, or the identity provider is down. It needs a reason, everybody sees
it, and it allows reading only: decisions stay with nurses and doctors. Knows nothing about cases.
"""

from starlette.responses import RedirectResponse, Response

from channels.audit import Audit
from channels.console.access import AccessControl, Visit
from channels.console.forms import Form
from channels.console.queue_page import Frame
from channels.console.words import EMERGENCY_REASONS


class Emergency:
    def __init__(self, access: AccessControl, audit: Audit, frame: Frame) -> None:
        self._access = access
        self._audit = audit
        self._frame = frame

    async def show(self, visit: Visit) -> Response:
        return await self._page(visit, "")

    async def open(self, visit: Visit, form: Form) -> Response:
        """Opens the access. The reason is one of a list: the audit trail takes no free text, which could hold a
        patient's words."""
        reason = form.get("reason", "")
        if reason not in EMERGENCY_REASONS:
            return await self._page(visit, "Choose the reason.")
        until = visit.now + self._access.config.emergency_seconds
        await self._audit(visit.member.name, "emergency_access", "", f"reason:{reason}")
        await self._access.sessions.change(visit.session, visit.member.model_copy(update={"emergency_until": until}))
        return RedirectResponse("/console", 303)

    async def close(self, visit: Visit, form: Form) -> Response:
        await self._audit(visit.member.name, "emergency_access_ended")
        await self._access.sessions.change(visit.session, visit.member.model_copy(update={"emergency_until": 0.0}))
        return RedirectResponse("/console/emergency", 303)

    async def _page(self, visit: Visit, problem: str) -> Response:
        context = {
            **await self._frame(visit),
            "title": "Emergency access",
            "reasons": EMERGENCY_REASONS,
            "minutes": round(self._access.config.emergency_seconds / 60),
            "problem": problem,
        }
        return self._access.pages.render("emergency.html", context, 422 if problem else 200)
