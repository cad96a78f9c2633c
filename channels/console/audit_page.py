"""The page of the audit trail: who saw, did, released and overrode what. Holds no word of a patient's."""

from starlette.responses import Response

from channels.audit import Audit
from channels.audit_details import actor as as_actor
from channels.console.access import AccessControl, StaffRequest
from channels.console.queue_page import Frame
from dialogue.staff_ports import Trail

SHOWN = 200


class AuditPage:
    def __init__(self, access: AccessControl, trail: Trail, audit: Audit, frame: Frame) -> None:
        self._access = access
        self._trail = trail
        self._audit = audit
        self._frame = frame

    async def show(self, request: StaffRequest) -> Response:
        query = request.http.query_params
        code, actor = query.get("code", "").strip().upper()[:20], query.get("actor", "").strip()[:80]
        checked = "check" in query
        if checked and not request.background:
            await self._audit(request.member.name, "trail_checked")
        context = {
            **await self._frame(request),
            "title": "Audit",
            "entries": await self._trail.latest(SHOWN, code=code, actor=as_actor(actor) if actor else ""),
            "code": code,
            "actor": actor,
            "checked": checked,
            "problems": await self._trail.problems() if checked else [],
            "shown": SHOWN,
        }
        return self._access.pages.render("audit.html", context)
