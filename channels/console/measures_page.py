"""The page of the measures with its plots, and the same as a CSV file. Holds no patient's words and nobody's name."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from starlette.responses import Response

from channels.audit import Audit
from channels.console.access import AccessControl, StaffRequest
from channels.console.limits import ConsoleLimits, too_much
from channels.console.measures import DAY, acknowledging, as_csv, by_protocol, by_rule, per_day, releasing, summary
from channels.console.queue_page import Frame
from dialogue.engine import Engine
from dialogue.figures import Figures
from policies.levels import Level

PERIODS = {"7": 7, "30": 30, "90": 90, "365": 365}
PLOT_DAYS = 30
WIDTH, HEIGHT = 600, 120
"""Size of the plot, in its own units."""


class Bar(NamedTuple):
    """One segment of a day's bar; `y` is counted from the top."""

    x: float
    y: float
    width: float
    height: float
    level: Level | None


class MeasuresPage:
    def __init__(
        self, access: AccessControl, engine: Engine, audit: Audit, frame: Frame, limits: ConsoleLimits
    ) -> None:
        self._access = access
        self._engine = engine
        self._clinic = engine.clinic
        self._audit = audit
        self._frame = frame
        self._limits = limits

    async def show(self, request: StaffRequest) -> Response:
        days, figures = await self._figures(request)
        plotted = per_day(figures, min(days, PLOT_DAYS), request.now)
        context = {
            **await self._frame(request),
            "title": "Measures",
            "days": days,
            "periods": PERIODS.values(),
            "sum": summary(figures),
            "protocols": by_protocol(figures, self._clinic.ruleset),
            "rules": by_rule(figures, self._clinic.ruleset),
            "plotted": plotted,
            "bars": bars([counted for _, counted in plotted]),
            "histograms": {
                "Pages by the time to acknowledge": acknowledging(figures),
                "Cases by the time to an answer": releasing(figures),
            },
            "most": max((sum(counted.values()) for _, counted in plotted), default=0),
            "width": WIDTH,
            "height": HEIGHT,
        }
        return self._access.pages.render("measures.html", context)

    async def file(self, request: StaffRequest) -> Response:
        if wait := self._limits.exported.wait(request.member.name):
            return self._access.refuse(429, too_much(wait))
        days, figures = await self._figures(request)
        await self._audit(request.member.name, "measures_exported", "", f"days:{days}")
        headers = {"Content-Disposition": f'attachment; filename="previsit-measures-{days}-days.csv"'}
        return Response(as_csv(figures), headers=headers, media_type="text/csv; charset=utf-8")

    async def _figures(self, request: StaffRequest) -> tuple[int, list[Figures]]:
        days = PERIODS.get(request.http.query_params.get("days", ""), 30)
        return days, [each for each in await self._engine.figures() if each.came_at > request.now - days * DAY]


def bars(days: Sequence[Mapping[Level | None, int]]) -> list[Bar]:
    """A stacked bar for each day, the most urgent level at the bottom."""
    most = max((sum(counted.values()) for counted in days), default=0) or 1
    step = WIDTH / max(1, len(days))
    found: list[Bar] = []
    for number, counted in enumerate(days):
        y = float(HEIGHT)
        for level in (*reversed(Level), None):
            height = HEIGHT * counted.get(level, 0) / most
            y -= height
            if height:
                found.append(Bar(number * step + 1, y, step - 2, height, level))
    return found
