"""The console as `app` would join it, over real parts in memory, with a clock that the test moves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from channels.console.config import ConsoleConfig
from channels.console.identity import Provider
from channels.console.invite_page import Line
from channels.console.library import Library
from channels.console.presence import Presence
from channels.console.routes import console_areas, console_routes
from channels.event_stream import Streams
from channels.headers import SecurityHeaders
from channels.problems import PROBLEM_HANDLERS
from dialogue.conversation import Conversation
from dialogue.engine import Engine
from dialogue.ports import Conversations
from dialogue.staff_ports import StaffMember, TrailEntry
from policies.roles import Role
from policies.rota import Person
from policies.way_trials import WayTrial
from storage.store import memory_store
from tests.channels.console.provider import LocalProvider
from tests.channels.console.sample_clinic import sample_clinic
from tests.channels.console.samples import NOW
from tests.clock import SetClock

PASSWORD = "correct horse battery"
STAFF = {
    "Kim Lee": Role.NURSE,
    "Ana Ruiz": Role.NURSE,
    "Dee Doctor": Role.DOCTOR,
    "Ada Admin": Role.ADMIN,
    "Ed Engineer": Role.ENGINEER,
    "Al Auditor": Role.AUDITOR,
}
ORIGIN = "http://console.test"
SAME_ORIGIN = {"Origin": ORIGIN}


@dataclass
class Desk:
    """Everything that a test looks at. `audited` holds `(actor, action, code)`."""

    clock: SetClock = field(default_factory=lambda: SetClock(NOW))
    config: ConsoleConfig = field(default_factory=lambda: ConsoleConfig(clinic="Riverside Family Clinic"))
    presence: Presence = field(default_factory=Presence)
    provider: Provider | None = None
    identity: LocalProvider = field(default=None)  # type: ignore[assignment]  # set by tests that have one
    streams: Streams = field(default_factory=Streams)
    library: Library | None = None
    audited: list[tuple[str, str, str]] = field(default_factory=list)
    spoilt: list[str] = field(default_factory=list)
    details: list[tuple[str, ...]] = field(default_factory=list)

    reached: list[Person] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = memory_store(self.clock)
        clinic = sample_clinic()
        self.engine = Engine(self.store.conversations, clinic, self.clock, lambda: "new", "en")
        routes = console_routes(
            self.config,
            engine=self.engine,
            store=self.store,
            presence=self.presence,
            streams=self.streams,
            audit=self._audit,
            trail=self,
            library=self.library,
            reach=self._reach,
            line=Line(self.store.phones, "US", 45),
            identity=self.provider,
            transport=httpx.ASGITransport(app=self._at_the_provider),
        )
        self.app = SecurityHeaders(
            Starlette(routes=routes, exception_handlers=PROBLEM_HANDLERS), console_areas(), https=self.config.https
        )

    async def _at_the_provider(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.identity.app(scope, receive, send)

    async def _reach(self, person: Person) -> list[WayTrial]:
        self.reached.append(person)
        texted = WayTrial(way=f"text: {person.name}", arrived=True)
        return [texted, WayTrial(way=f"mail: {person.name}", arrived=False, reason="mail: it is off")]

    async def _audit(self, actor: str, action: str, code: str = "", *detail: str) -> None:
        self.audited.append((actor, action, code))
        self.details.append(detail)

    async def latest(self, limit: int, *, code: str = "", actor: str = "") -> list[TrailEntry]:
        """The desk is its own trail; the real one is tested with the store."""
        entries = [
            TrailEntry(n=number, at=self.clock.at, actor=who, action=action, code=case, detail=detail)
            for number, ((who, action, case), detail) in enumerate(zip(self.audited, self.details, strict=True), 1)
        ]
        return [x for x in reversed(entries) if (not code or x.is_about(code)) and actor in ("", x.actor)][:limit]

    async def problems(self) -> list[str]:
        return self.spoilt

    async def hire(self, *names: str) -> None:
        """Give them a password to sign in with; hashing it takes a while, as it should."""
        for name in names:
            await self.store.staff.add(name, STAFF[name], PASSWORD)

    async def keep(self, *conversations: Conversation) -> None:
        for conversation in conversations:
            await keep(self.store.conversations, conversation)

    @asynccontextmanager
    async def browser(self, name: str = "") -> AsyncIterator[httpx.AsyncClient]:
        """A client with cookies of its own, signed in as `name` when given."""
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=SAME_ORIGIN) as client:
            if name:
                session = await self.store.sessions.open(StaffMember(name=name, role=STAFF[name]))
                client.cookies.set(self.config.cookie, session, domain="console.test")
            yield client


async def keep(conversations: Conversations, conversation: Conversation) -> None:
    """Put a finished conversation into the store, turn by turn as the store wants it."""
    for version in range(1, conversation.version + 1):
        await conversations.commit(conversation.model_copy(update={"log": conversation.log[:version]}), ())


async def sign_in(client: httpx.AsyncClient, name: str, password: str = PASSWORD) -> httpx.Response:
    return await client.post("/console/sign-in", data={"name": name, "password": password, "next": "/console"})
