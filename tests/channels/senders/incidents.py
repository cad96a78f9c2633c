"""A small PagerDuty: its Events API v2, with incidents that people are told of when they open, and never again.

An event with the deduplication key of an open incident belongs to that incident. A trigger for one that is acknowledged
is noted, and nobody is told: so PagerDuty does.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

KEY = "R0UTING"
SEVERITIES = ("critical", "error", "warning", "info")
MOST = {"dedup_key": 255, "summary": 1024}

Event = dict[str, Any]


@dataclass
class Incident:
    """People are told of it once, when it opens."""

    key: str
    status: Literal["triggered", "acknowledged", "resolved"] = "triggered"
    triggers: int = 1


@dataclass
class Incidents:
    all: list[Incident] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def client(self) -> httpx.AsyncClient:
        app = Starlette(routes=[Route("/v2/enqueue", self._take, methods=["POST"])])
        return httpx.AsyncClient(transport=httpx.ASGITransport(app))

    @property
    def open(self) -> list[Incident]:
        return [one for one in self.all if one.status != "resolved"]

    async def _take(self, request: Request) -> Response:
        event = await request.json()
        if wrong := list(faults(event)):
            return JSONResponse({"status": "invalid event", "errors": wrong}, 400)
        self.events.append(event)
        self._note(event["event_action"], event["dedup_key"])
        return JSONResponse({"status": "success", "dedup_key": event["dedup_key"]}, 202)

    def _note(self, action: str, key: str) -> None:
        found = next((one for one in self.open if one.key == key), None)
        match action, found:
            case "trigger", None:
                self.all.append(Incident(key))
            case "trigger", Incident():
                found.triggers += 1
            case "acknowledge", Incident():
                found.status = "acknowledged"
            case "resolve", Incident():
                found.status = "resolved"


def faults(event: Event) -> list[str]:
    """What the service would refuse, in its words."""
    action, payload = event.get("event_action"), event.get("payload", {})
    wrong = [] if event.get("routing_key") == KEY else ["routing_key is invalid"]
    if action not in ("trigger", "acknowledge", "resolve"):
        wrong.append("event_action is invalid")
    if not 0 < len(event.get("dedup_key", "")) <= MOST["dedup_key"]:
        wrong.append("dedup_key is missing or too long")
    if action == "trigger":
        wrong += [f"payload.{name} is missing" for name in ("summary", "source", "severity") if not payload.get(name)]
        if payload.get("severity") not in SEVERITIES or len(payload.get("summary", "")) > MOST["summary"]:
            wrong.append("payload is invalid")
    return wrong
