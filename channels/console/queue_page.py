"""The page of the queue: the cases that wait for staff, most urgent first. Knows nothing about actions on a case."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

from starlette.responses import Response

from channels.console.access import AccessControl, StaffRequest
from channels.console.cases import Cases
from channels.console.library import Library
from channels.console.list_audit import ListAudit
from channels.console.menu import menu_of
from channels.console.queue_filter import PAGE, Filter, choices, levels_told, read_filter
from channels.console.queue_order import without_levels
from channels.console.queue_rows import Row, row_of
from channels.console.rights import ACT_ON_CASES, READ_CASES, home_of
from channels.console.words import DONE
from dialogue.conversation import Conversation, Paging
from dialogue.engine import Engine
from dialogue.paging_ports import Rotas, WayTrials
from dialogue.staff_ports import Attendance, Attending
from policies.rota import ENOUGH, carriers, uncovered
from policies.way_trials import alarms as alarms_of

RINGING = 20
"""How many open pages are listed at the top of the console; of further ones only their number is shown."""


class OnCall(NamedTuple):
    """The steps of the rota that nobody is on call for now, and whether a single fault could stop every page."""

    uncovered: Sequence[str] = ()
    few_ways: bool = False


class QueuePage:
    def __init__(
        self,
        access: AccessControl,
        engine: Engine,
        attendance: Attendance,
        rotas: Rotas,
        trials: WayTrials,
        list_audit: ListAudit,
        library: Library | None = None,
    ) -> None:
        self._access = access
        self._engine = engine
        self._cases = Cases(engine.clinic)
        self._attendance = attendance
        self._rotas = rotas
        self._trials = trials
        self._list_audit = list_audit
        self._library = library

    async def show(self, request: StaffRequest) -> Response:
        places, config = await self._engine.places(), self._access.config
        if config.first_impression:
            places = without_levels(places, request.now, config.service_seconds)
        told = levels_told(config.first_impression)
        asked = read_filter(request.http.query_params, told)
        wanted = asked.pick(places, request.member.name, request.now)
        last = max(1, -(-len(wanted) // PAGE))
        asked = asked._replace(page=min(asked.page, last))
        shown = wanted[(asked.page - 1) * PAGE : asked.page * PAGE]
        ringing = [place for place in places if place.page_open]
        found = await self._engine.load_all(list(dict.fromkeys(place.id for place in (*shown, *ringing[:RINGING]))))
        rows = {each.id: self._row(each, request) for each in found}
        on_top = [rows[place.id] for place in ringing if place.id in rows]
        await self._list_audit.note(request, (row.code for row in rows.values()))
        everyone, on_call = await self._attendance.everyone(), await self._on_call(request)
        context = {
            **self._frame(request, everyone, on_top, len(ringing), on_call, await self._alarms(request)),
            "here": asked.address(asked.page),
            "rows": [rows[place.id] for place in shown if place.id in rows],
            "waiting": len(wanted),
            "newest": max((place.since for place in wanted), default=0.0),
            "filters": choices(places, asked, request.member, request.now, told),
            "is_filtered": asked != Filter(page=asked.page),
            "earlier": asked.address(asked.page - 1) if asked.page > 1 else "",
            "later": asked.address(asked.page + 1) if asked.page < last else "",
            "first": (asked.page - 1) * PAGE + 1,
            "done": DONE.get(request.http.query_params.get("done", ""), ""),
            "title": "Queue",
        }
        return self._access.pages.render("queue.html", context)

    async def frame(self, request: StaffRequest) -> Mapping[str, Any]:
        """What every signed-in page shows around its own content: open pages, the person, the time, who else is
        there."""
        everyone = await self._attendance.everyone()
        if not request.may(READ_CASES):
            return self._frame(request, everyone, [], 0, OnCall(), await self._alarms(request))
        first = await self._engine.waiting(RINGING)
        rows = [self._row(each, request) for each in first if each.paging is Paging.OPEN]
        own = request.http.path_params.get("id")  # a case's own page shows its page of the pager itself
        await self._list_audit.note(request, (row.code for row in rows if row.id != own))
        alarms = await self._alarms(request)
        return self._frame(request, everyone, rows, len(rows), await self._on_call(request), alarms)

    async def _alarms(self, request: StaffRequest) -> list[str]:
        """What staff must be told of the latest test pages."""
        return list(alarms_of(await self._trials.latest(), self._access.config.page_test_seconds, request.now))

    async def _on_call(self, request: StaffRequest) -> OnCall:
        kept, config = await self._rotas.current(), self._access.config
        rota = kept.rota if kept else None
        apart = carriers(config.ways, config.personal, rota)
        few = not config.trial and len(apart) < ENOUGH
        return OnCall(uncovered(rota, request.now) if rota else (), few)

    def _frame(
        self,
        request: StaffRequest,
        everyone: Sequence[Attending],
        on_top: Sequence[Row],
        ringing: int,
        on_call: OnCall,
        alarms: Sequence[str],
    ) -> dict[str, Any]:
        until = request.member.emergency_until
        return {
            "request": request,
            "done": "",
            "now": request.now,
            "may_act": request.may(ACT_ON_CASES),
            "config": self._access.config,
            "menu": menu_of(request, self._library.waiting() if self._library else 0),
            "here": request.http.url.path,
            "home": home_of(request.member, request.now),
            "emergency_until": until if request.now < until else 0,
            "present": list(dict.fromkeys(who.name for who in everyone if who.name != request.member.name)),
            "in_emergency": sorted({who.name for who in everyone if who.emergency and who.name != request.member.name}),
            "attending": everyone,
            "open_pages": on_top,
            "ringing": ringing,
            "uncovered": on_call.uncovered,
            "few_ways": on_call.few_ways,
            "alarms": alarms,
        }

    def _row(self, conversation: Conversation, request: StaffRequest) -> Row:
        blind_to = request.member.name if self._access.config.first_impression else ""
        case, service = self._cases.of(conversation), self._access.config.service_seconds
        return row_of(conversation, case, request.now, blind_to, service)


Frame = Callable[[StaffRequest], Awaitable[Mapping[str, Any]]]
