"""The health page: whether every part of a running server works. Shows names and states, nothing about patients."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.assistance import Assistance
from app.paging import carriers_of
from app.services import Services
from app.settings import Settings
from app.worker import WAIT_SECONDS, Worker
from dialogue.ports import StoreUnavailable
from knowledge.errors import KnowledgeError
from llm.metering import Tally
from policies.rota import ENOUGH, uncovered
from policies.way_trials import alarms
from storage.keys import shard_of
from storage.sealing import SealingError

PartState = Literal["ok", "off", "starting", "partly", "down"]
"""`off` is what the settings leave out on purpose, which is no fault. `partly`: of a cluster's nodes some cannot be
reached, and with them some of the conversations."""

PROBES = tuple({shard_of(name): name for name in (f"health-{number}" for number in range(100))}.values())
"""A conversation that does not exist, for each shard of the store."""


class Health(BaseModel):
    """`down` means that patients cannot be served; `degraded` that they can, but some part is missing.

    `model` counts the calls of the model since the start.
    """

    status: Literal["ok", "degraded", "down"]
    parts: dict[str, PartState]
    model: Tally | None = None


async def examine(services: Services, worker: Worker | None, assistance: Assistance | None) -> Health:
    parts: dict[str, PartState] = {"store": await _store(services)}
    parts["emergency_number"] = "ok" if services.settings.knows_emergency_number else "off"
    parts["audit"] = "down" if services.storage.audit.failing else "ok"
    parts["paging"] = await _paging(services)
    if worker and assistance:
        parts["worker"] = _worker(worker, services.clock.now())
        parts["guidelines"] = await _guidelines(assistance)
        parts["model"] = await _model(services.settings, assistance)
    tally = assistance.model.model.tally if assistance and assistance.model else None
    if parts["store"] == "down":
        return Health(status="down", parts=parts, model=tally)
    return Health(status="ok" if set(parts.values()) <= {"ok", "off"} else "degraded", parts=parts, model=tally)


def health_endpoint(
    services: Services, worker: Worker | None, assistance: Assistance | None
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        health = await examine(services, worker, assistance)
        headers = {"Cache-Control": "no-store"}
        return JSONResponse(health.model_dump(), 503 if health.status == "down" else 200, headers)

    return endpoint


async def _store(services: Services) -> PartState:
    load = services.storage.store.conversations.load
    found = await asyncio.gather(*map(load, PROBES), return_exceptions=True)
    wrong = [each for each in found if isinstance(each, BaseException)]
    if other := next((each for each in wrong if not isinstance(each, StoreUnavailable)), None):
        raise other
    return "down" if len(wrong) == len(PROBES) else "partly" if wrong else "ok"


async def _paging(services: Services) -> PartState:
    """Down if nobody is on call, a test page did not get through, or there are not two independent ways to page.

    In a trial on this machine the last is no fault, and the state is off.
    """
    store, now = services.storage.store, services.clock.now()
    try:
        kept, latest = await store.rotas.current(), await store.trials.latest()
    except (StoreUnavailable, SealingError):
        return "down"
    if kept and uncovered(kept.rota, now):
        return "down"
    if any(alarms(latest, services.settings.page_test_minutes * 60, now)):
        return "down"
    if len(carriers_of(services.settings, kept.rota if kept else None)) >= ENOUGH:
        return "ok"
    return "off" if services.settings.is_trial else "down"


def _worker(worker: Worker, now: float) -> PartState:
    if not worker.beat:
        return "starting"
    return "ok" if now - worker.beat < 6 * WAIT_SECONDS else "down"


async def _guidelines(assistance: Assistance) -> PartState:
    try:
        return "ok" if await assistance.guidelines.count() else "starting"
    except KnowledgeError:
        return "down"


async def _model(settings: Settings, assistance: Assistance) -> PartState:
    if assistance.model is None:
        return "down" if settings.model else "off"
    if assistance.server and not assistance.server.ready:
        return "starting"
    return "ok" if await assistance.model.healthy() else "down"
