"""Who is at the console: each open page with the time at which it expires. Knows nothing about pages or sessions.

Changes are announced on the channel of conversations, under an id that no conversation has.
"""

import json

from dialogue.ports import Clock
from dialogue.staff_ports import Attending
from storage.connection import Server, answer
from storage.keys import ATTENDANCE, CHANGES
from storage.memory import MemoryChanges

CONSOLES = "consoles"
"""The id under which a change of attendance is announced."""


class ValkeyAttendance:
    """Implements `Attendance`, for all processes together."""

    def __init__(self, redis: Server, clock: Clock) -> None:
        self._redis = redis
        self._clock = clock

    async def here(self, console: str, who: Attending, seconds: float) -> None:
        kept = json.dumps({"until": self._clock.now() + seconds, "who": who.model_dump()})
        if await answer(self._redis, self._redis.hset(ATTENDANCE, console, kept)):
            await answer(self._redis, self._redis.publish(CHANGES, CONSOLES))

    async def gone(self, console: str) -> None:
        if await answer(self._redis, self._redis.hdel(ATTENDANCE, console)):
            await answer(self._redis, self._redis.publish(CHANGES, CONSOLES))

    async def everyone(self) -> list[Attending]:
        """Also removes expired pages, whose server or connection has died."""
        held = await answer(self._redis, self._redis.hgetall(ATTENDANCE))
        kept = {console: json.loads(text) for console, text in held.items()}
        now = self._clock.now()
        if over := [console for console, each in kept.items() if each["until"] <= now]:
            await answer(self._redis, self._redis.hdel(ATTENDANCE, *over))
        return [Attending.model_validate(each["who"]) for each in kept.values() if each["until"] > now]


class MemoryAttendance:
    """Implements `Attendance` in this process's memory."""

    def __init__(self, clock: Clock, changes: MemoryChanges) -> None:
        self._clock = clock
        self._changes = changes
        self._here: dict[str, tuple[float, Attending]] = {}

    async def here(self, console: str, who: Attending, seconds: float) -> None:
        new = console not in self._here
        self._here[console] = (self._clock.now() + seconds, who)
        if new:
            self._changes.tell(CONSOLES)

    async def gone(self, console: str) -> None:
        if self._here.pop(console, None):
            self._changes.tell(CONSOLES)

    async def everyone(self) -> list[Attending]:
        now = self._clock.now()
        self._here = {console: each for console, each in self._here.items() if each[0] > now}
        return [who for _, who in self._here.values()]
