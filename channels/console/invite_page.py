"""The page for inviting a patient by text. Knows nothing about what is then said to them."""

from typing import NamedTuple

from starlette.responses import RedirectResponse, Response

from channels.audit import Audit
from channels.console.access import AccessControl, StaffRequest
from channels.console.forms import Form
from channels.console.limits import ConsoleLimits, too_much
from channels.console.queue_page import Frame
from channels.sms.inviting import NoSuchNumber, invite, normal_number
from channels.sms.phones import Phones
from dialogue.engine import Engine
from dialogue.events import Door

STOPPED = "This telephone has sent STOP: it gets no texts until it sends START."
NO_LINE = "This clinic has no line for texts yet: see docs/sms.md."


class Line(NamedTuple):
    """What inviting needs. `region` is where numbers without a country code are from, `minutes` how long a link is good
    for."""

    phones: Phones
    region: str
    minutes: float


class InvitePage:
    def __init__(
        self,
        access: AccessControl,
        engine: Engine,
        line: Line | None,
        audit: Audit,
        frame: Frame,
        limits: ConsoleLimits,
    ) -> None:
        self._access = access
        self._engine = engine
        self._line = line
        self._audit = audit
        self._frame = frame
        self._limits = limits

    async def show(self, request: StaffRequest) -> Response:
        return await self._page(request, {}, "" if self._line else NO_LINE)

    async def send(self, request: StaffRequest, form: Form) -> Response:
        """Creates the case; the worker sends the text."""
        if self._line is None:
            return await self._page(request, form, NO_LINE)
        try:
            number = normal_number(form.get("number", ""), self._line.region)
        except NoSuchNumber as error:
            return await self._page(request, form, str(error))
        if await self._line.phones.has_stopped(number):
            return await self._page(request, form, STOPPED)
        if wait := self._limits.invited.wait(request.member.name):
            return await self._page(request, form, too_much(wait), 429)
        door: Door = "text" if form.get("how") == "text" else "link"
        conversation = await invite(self._engine, self._line.phones, number, door, form.get("language", ""))
        await self._audit(request.member.name, "invited", conversation.code, f"by:{door}")
        return RedirectResponse(f"/console/invite?sent={conversation.code}", 303)

    async def _page(self, request: StaffRequest, form: Form, problem: str, status: int = 422) -> Response:
        context = {
            **await self._frame(request),
            "title": "Invite a patient",
            "here": "/console/invite",
            "ready": self._line is not None,
            "minutes": f"{self._line.minutes:g}" if self._line else "",
            "number": form.get("number", ""),
            "how": form.get("how", "link"),
            "languages": {code: self._engine.clinic.words(code).name for code in self._engine.clinic.lexicons},
            "language": form.get("language", self._engine.language),
            "sent": request.http.query_params.get("sent", "")[:8],
            "problem": problem,
        }
        refused = bool(problem) and self._line is not None
        return self._access.pages.render("invite.html", context, status if refused else 200)
