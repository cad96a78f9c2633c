"""The queue: who waits for staff, most urgent first. Knows nothing about what can be done to a case."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.responses import Response

from channels.console.door import Door, Visit
from channels.console.menu import menu_of
from channels.console.queue_rows import Row, row_of
from channels.console.rights import READ_CASES, home_of
from channels.console.words import DONE
from dialogue.case import case_of
from dialogue.clinic import Clinic
from dialogue.engine import Engine
from dialogue.ports import Clock


class QueuePage:
    def __init__(self, door: Door, engine: Engine, clinic: Clinic, clock: Clock) -> None:
        self._door = door
        self._engine = engine
        self._clinic = clinic
        self._clock = clock

    async def show(self, visit: Visit) -> Response:
        done = DONE.get(visit.request.query_params.get("done", ""), "")
        context = await self.frame(visit)
        return self._door.pages.render("queue.html", {**context, "done": done, "title": "Queue"})

    async def frame(self, visit: Visit) -> Mapping[str, Any]:
        """What every signed-in page shows around its own: the open pages, the person, the time."""
        config = self._door.config
        rows = await self.rows(config.queue_limit) if visit.may(READ_CASES) else []
        return {
            "visit": visit,
            "done": "",
            "menu": menu_of(visit),
            "here": visit.request.url.path,
            "home": home_of(visit.member, visit.now),
            "emergency_until": visit.member.emergency_until if visit.now < visit.member.emergency_until else 0,
            "now": visit.now,
            "config": config,
            "rows": rows,
            "open_pages": [row for row in rows if row.page_open],
        }

    async def rows(self, limit: int) -> list[Row]:
        waiting = await self._engine.waiting(limit)
        return [row_of(conversation, case_of(conversation, self._clinic)) for conversation in waiting]


Frame = Callable[[Visit], Awaitable[Mapping[str, Any]]]
