"""The application as it is joined: whatever people are called, what they do is on the trail."""

from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from app.server import create_app
from app.services import Services
from app.settings import read_settings
from app.storage import Storage
from channels.console.presence import Presence
from channels.event_stream import Streams
from policies.roles import Role
from storage.audit import Audit
from storage.store import memory_store
from tests.stage import Stage, clinic

pytestmark = pytest.mark.anyio

ADDRESS = "http://127.0.0.1:8080"


async def no_health(request: Request) -> Response:
    return Response()


@pytest.mark.parametrize("name", ["Kim Lee (RN)", "Kim/Lee: \u202e", "Zoë O'Brien", "K" * 90])
async def test_a_person_of_any_name_signs_in_and_is_on_the_trail(tmp_path: Path, name: str) -> None:
    stage, trail = Stage(), tmp_path / "audit.jsonl"
    store = memory_store(stage.clock)
    storage = Storage(store, Audit(trail, b"k" * 32), b"t" * 32, b"c" * 32)
    services = Services(
        read_settings({}, emergency_number="911"), clinic(), stage.clock, storage, stage.engine, Presence()
    )
    await store.staff.add(name, Role.NURSE, "a password that is long")
    app = create_app(services, Streams(), no_health)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS) as client:
        form = {"name": name, "password": "a password that is long", "next": "/console"}
        answer = await client.post("/console/sign-in", data=form, headers={"Origin": ADDRESS})
    assert answer.status_code == 303
    [entry] = await storage.audit.latest(5)
    assert entry.action == "signed_in" and entry.actor.startswith(name[:3])
    assert not storage.audit.failing
