"""Keeps open consoles up to date, by an event stream: a case has changed, a page rings, the person was signed out.

An event holds a case's id at most; the console then fetches what has changed.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress

from starlette.responses import Response

from channels.console.access import AccessControl, StaffRequest
from channels.console.forms import Form
from channels.console.presence import Presence
from channels.event_stream import EventStream, Sent, Streams
from dialogue.paging_ports import Notice
from dialogue.ports import Changes, StoreUnavailable
from dialogue.staff_ports import Attendance, Attending
from policies.roles import CLINICAL

LOOK_AGAIN_SECONDS = 15.0
"""How often a stream checks that its session has not ended."""

HEARD_SECONDS = 15.0
"""How long after its next sign of life is due a console counts as gone."""

LONGEST_KEY = 200
"""The most characters of a round's key that are accepted from a browser, since it is passed on to other servers."""

Outgoing = asyncio.Queue[Sent | None]
"""The events that a stream still has to send. None ends the stream; the browser then connects again."""


class Live:
    def __init__(
        self,
        access: AccessControl,
        changes: Changes,
        presence: Presence,
        attendance: Attendance,
        streams: Streams,
        look_again_seconds: float = LOOK_AGAIN_SECONDS,
    ) -> None:
        self._access = access
        self._changes = changes
        self._presence = presence
        self._attendance = attendance
        self._streams = streams
        self._look_again = look_again_seconds

    async def listen(self, request: StaffRequest) -> Response:
        return EventStream(self._events(request), self._streams, f"console {request.member.name}")

    async def awake(self, request: StaffRequest, form: Form) -> Response:
        """A person is active on a page that makes no other requests: keeps their session alive."""
        return Response(status_code=204)

    async def rang(self, request: StaffRequest, form: Form) -> Response:
        """A browser reports that it shows a page. It counts as delivered only if it is a nurse's or a doctor's."""
        if request.member.role in CLINICAL:
            await self._presence.shown(form.get("key", "")[:LONGEST_KEY])
        return Response(status_code=204)

    async def _events(self, request: StaffRequest) -> AsyncGenerator[Sent, None]:
        """The stream's events. While it runs, the person counts as present, on the case that their page shows."""
        outgoing: Outgoing = asyncio.Queue()
        console = secrets.token_urlsafe(8)
        with self._presence.connected(lambda notice: outgoing.put_nowait(_ring(notice))):
            async with self._changes.listen(None) as changed:
                reader = asyncio.create_task(_read(changed, outgoing))
                try:
                    async for sent in self._until_signed_out(request, outgoing, console):
                        yield sent
                finally:
                    reader.cancel()
                    with suppress(StoreUnavailable):  # then it expires by itself
                        await self._attendance.gone(console)

    async def _until_signed_out(self, request: StaffRequest, outgoing: Outgoing, console: str) -> AsyncIterator[Sent]:
        yield Sent("", event="open")
        while member := await self._access.sessions.member(request.session, active=False):
            emergency = self._access.clock.now() < member.emergency_until
            case = request.http.query_params.get("case", "")[:64]
            who = Attending(name=member.name, role=member.role, case=case, emergency=emergency)
            await self._attendance.here(console, who, self._look_again + HEARD_SECONDS)
            until = asyncio.get_running_loop().time() + self._look_again
            async for sent in _before(until, outgoing):
                if sent is None:
                    return
                yield sent
        yield Sent("", event="signed-out")


async def _before(until: float, outgoing: Outgoing) -> AsyncIterator[Sent | None]:
    """Yields what comes out of the queue until the event loop's time is `until`."""
    while True:
        try:
            async with asyncio.timeout_at(until):
                sent = await outgoing.get()
        except TimeoutError:
            return
        yield sent


async def _read(changed: AsyncIterator[str], outgoing: Outgoing) -> None:
    try:
        async for conversation_id in changed:
            outgoing.put_nowait(Sent(conversation_id, event="change"))
    finally:
        outgoing.put_nowait(None)


def _ring(notice: Notice) -> Sent:
    told: dict[str, object] = notice.model_dump(include={"key", "page", "code", "siren"})
    told["level"] = notice.level.name
    return Sent(json.dumps(told), event="ring")
