"""Rings the consoles that are open at other servers, and hears when one of them has answered. Knows no browser.

Messages hold what a page holds: codes, a level and a link.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from pydantic import BaseModel, ConfigDict, ValidationError

from channels.console.presence import Presence
from dialogue.paging_ports import Notice, Rings
from dialogue.ports import StoreUnavailable
from dialogue.staff_ports import Attendance
from policies.roles import CLINICAL

PAUSE_SECONDS = 1.0


class RingMessage(BaseModel):
    """A message from one process to the others: a page to ring for, or the key of a round that a browser now shows."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    by: str
    notice: Notice | None = None
    answered: str = ""


class SharedRingRelay:
    """Implements `RingRelay`. `name` is unique to this process, so that it ignores its own messages."""

    def __init__(self, rings: Rings, attendance: Attendance, name: str) -> None:
        self._rings = rings
        self._attendance = attendance
        self._name = name

    async def ring(self, notice: Notice) -> bool:
        try:
            await self._tell(RingMessage(by=self._name, notice=notice))
            return any(who.role in CLINICAL for who in await self._attendance.everyone())
        except StoreUnavailable:
            return False

    async def answered(self, key: str) -> None:
        with suppress(StoreUnavailable):  # then the round counts as unanswered, and the next one rings
            await self._tell(RingMessage(by=self._name, answered=key))

    @asynccontextmanager
    async def reaching(self, presence: Presence) -> AsyncIterator[None]:
        """For as long as it is open, the consoles here ring for pages that other processes send."""
        task = asyncio.create_task(self._listen(presence))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _tell(self, message: RingMessage) -> None:
        await self._rings.tell(message.model_dump_json(exclude_defaults=True))

    async def _listen(self, presence: Presence) -> None:
        while True:
            with suppress(StoreUnavailable):
                async with self._rings.listen() as messages:
                    async for message in messages:
                        self._take(message, presence)
            await asyncio.sleep(PAUSE_SECONDS)

    def _take(self, text: str, presence: Presence) -> None:
        try:
            message = RingMessage.model_validate_json(text)
        except ValidationError:  # from another version of previsit
            return
        if message.by == self._name:
            return
        if message.notice:
            presence.show(message.notice)
        presence.answered(message.answered)
