"""Renders the console's pages from templates, escaped, with the headers that every page carries."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from channels.console.prose import prose
from channels.console.words import (
    DOORS,
    FRAMES,
    JUDGEMENTS,
    LEVELS,
    OUTCOMES,
    PARTIALS,
    ROLES,
    STATES,
    STATUSES,
    TIME_FRAMES,
    seconds_in_words,
    wait_in_words,
)
from channels.headers import Area, page_area
from policies.levels import Level

FOLDER = Path(__file__).parent

AREA = Area(
    "/console",
    {
        **page_area("/console").headers,
        # Not no-referrer: with it browsers post forms with `Origin: null`, as a forged form would have.
        "Referrer-Policy": "same-origin",
    },
)


def clock_time(at: float) -> str:
    """ISO 8601 in UTC; the page's script shows it in the reader's time zone."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@cache
def _templates() -> Environment:
    """Read and compiled once; what differs between clinics is passed in with each page."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "clock_time": clock_time,
        "wait_in_words": wait_in_words,
        "seconds_in_words": seconds_in_words,
        "prose": prose,
    }
    environment.globals |= {
        "ROLES": ROLES,
        "Level": Level,
        "LEVELS": LEVELS,
        "TIME_FRAMES": TIME_FRAMES,
        "STATES": STATES,
        "STATUSES": STATUSES,
        "OUTCOMES": OUTCOMES,
        "FRAMES": FRAMES,
        "DOORS": DOORS,
        "JUDGEMENTS": JUDGEMENTS,
        "PARTIALS": PARTIALS,
    }
    return environment


class Pages:
    """The templates, filled in for one clinic; `identity` is whether it has an identity provider."""

    def __init__(self, clinic: str, *, identity: bool = False) -> None:
        self._own = {"clinic": clinic, "identity": identity}

    def render(
        self, template: str, context: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Response:
        html = _templates().get_template(template).render(self._own | dict(context))
        return HTMLResponse(html, status, {**AREA.headers, **(headers or {})})
