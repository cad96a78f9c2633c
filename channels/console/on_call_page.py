"""The page of who is on call, now and next; administrators edit the rota there. Every version of the rota is kept.

A page that is under way keeps to the version it began with. Knows nothing about how pages are sent.
"""

from collections.abc import Awaitable, Callable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from starlette.responses import RedirectResponse, Response

from channels.audit import Audit
from channels.audit_details import code
from channels.console.access import AccessControl, StaffRequest
from channels.console.forms import Form
from channels.console.queue_page import Frame
from channels.console.rights import MANAGE_STAFF
from channels.console.rota_forms import ACTIONS, STARTING, edited
from channels.rate_limit import RateLimit
from dialogue.paging_ports import KeptRota, Rotas
from policies.rota import DAYS, Person, gaps, next_change, on_duty, weak
from policies.way_trials import WayTrial

OVERTAKEN = "Somebody else has changed the rota meanwhile, so yours was not saved. It is shown as it is now."
SHOWN_VERSIONS = 8
TESTS_AT_ONCE, TESTS_A_MINUTE = 3, 0.2
"""Limits of test pages to one person, whoever sends them: each costs a text and may wake them."""


Reach = Callable[[Person], Awaitable[Sequence[WayTrial]]]
"""Sends a loud test page to a person by each of their ways."""


class OnCallPage:
    def __init__(
        self, access: AccessControl, rotas: Rotas, audit: Audit, frame: Frame, reach: Reach | None = None
    ) -> None:
        self._access = access
        self._rotas = rotas
        self._audit = audit
        self._frame = frame
        self._reach = reach
        self._tests = RateLimit(TESTS_AT_ONCE, TESTS_A_MINUTE, clock=access.clock.now)

    async def show(self, request: StaffRequest) -> Response:
        return await self._page(request)

    async def act(self, request: StaffRequest, form: Form) -> Response:
        action = request.http.path_params["action"]
        if action == "back":
            return await self._back(request, form)
        if action not in ACTIONS:
            return self._access.refuse(404, "There is no such action.")
        kept = await self._rotas.current()
        try:
            rota = edited(kept.rota if kept else STARTING, action, form)
        except ValueError as wrong:
            said = str(wrong)
            return await self._page(request, said[:1].upper() + said[1:], form)
        return await self._saved(request, rota, form, action)

    async def test(self, request: StaffRequest, form: Form) -> Response:
        """Sends a test page to oneself, or, as an administrator, to anybody: wrong addresses show before an
        emergency."""
        name, kept = form.get("name", ""), await self._rotas.current()
        person = next((one for one in kept.rota.people if one.name == name), None) if kept else None
        if self._reach is None or person is None or not self._may_test(request, name):
            return self._access.refuse(404, "There is no such person to send a test page to.")
        if wait := self._tests.wait(name):
            enough = f"{name} has had enough test pages for now. Again in {max(1, round(wait / 60))} min."
            return await self._page(request, enough, status=429)
        await self._audit(request.member.name, "page_tested", "", code(name))
        return await self._page(request, tested=(name, await self._reach(person)))

    def _may_test(self, request: StaffRequest, name: str) -> bool:
        return name == request.member.name or request.may(MANAGE_STAFF)

    async def _back(self, request: StaffRequest, form: Form) -> Response:
        """Makes an earlier version the newest one; no version is deleted."""
        number = form.get("number", "")
        kept = await self._rotas.version(int(number)) if number.isdecimal() else None
        if kept is None:
            return await self._page(request, "There is no such version.")
        return await self._saved(request, kept.rota, form, f"back_to:{number}")

    async def _saved(self, request: StaffRequest, rota: Any, form: Form, what: str) -> Response:
        version = form.get("version", "")
        after = int(version) if version.isdecimal() else -1
        if not await self._rotas.add(rota, request.member.name, request.now, after):
            return await self._page(request, OVERTAKEN, form)
        await self._audit(request.member.name, "rota_changed", "", code(what), code(f"version:{after + 1}"))
        return RedirectResponse("/console/on-call?done=1", 303)

    async def _page(
        self,
        request: StaffRequest,
        problem: str = "",
        form: Form | None = None,
        tested: tuple[str, Sequence[WayTrial]] | None = None,
        status: int = 422,
    ) -> Response:
        kept = await self._rotas.current()
        rota = kept.rota if kept else STARTING
        local = rota.local(request.now)
        context: dict[str, Any] = {
            **await self._frame(request),
            "title": "On call",
            "here": "/console/on-call",
            "kept": kept,
            "rota": rota,
            "version": kept.version if kept else 0,
            "local": local,
            "rounds": [(step, on_duty(rota, step.to, local), next_change(rota, step.to, local)) for step in rota.steps],
            "gaps": [list(each) for _, each in groupby(gaps(rota, local), key=attrgetter("to"))] if kept else [],
            "weak": list(weak(rota, self._access.config.personal)),
            "past": await self._earlier(kept),
            "days": DAYS,
            "may_edit": request.may(MANAGE_STAFF),
            "tested": tested,
            "to_test": [one.name for one in rota.people if self._may_test(request, one.name)] if self._reach else [],
            "problem": problem,
            "form": form or {},
            "done": "Saved. Pages that are on their way keep to the rota they began with."
            if request.http.query_params.get("done")
            else "",
        }
        return self._access.pages.render("on_call.html", context, status if problem else 200)

    async def _earlier(self, kept: KeptRota | None) -> list[KeptRota]:
        if kept is None:
            return []
        numbers = range(kept.version - 1, max(0, kept.version - 1 - SHOWN_VERSIONS), -1)
        return [found for number in numbers if (found := await self._rotas.version(number))]
