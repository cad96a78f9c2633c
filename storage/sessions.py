"""Sessions of signed-in staff. Only the hash of a session's secret id is stored, so that reading the store does not let
anybody sign in."""

import secrets
from hashlib import sha256
from typing import NamedTuple

from dialogue.ports import Clock
from dialogue.staff_ports import StaffMember
from storage.connection import Server, answer
from storage.pipelines import Shared, pipeline_to
from storage.scripts import Script
from storage.staff import fold

OPEN = Script("session_open")
NOTED = Script("session_noted")
SESSION = Script("session")
CHANGE = Script("session_change")
SECRET_BYTES = 32
IDLE_SECONDS = 15 * 60.0
LONGEST_SECONDS = 12 * 3600.0


class ValkeySessions:
    """Implements `Sessions`. A session ends when it has been idle for too long, and always after the longest time."""

    def __init__(
        self,
        redis: Server,
        clock: Clock,
        idle_seconds: float = IDLE_SECONDS,
        longest_seconds: float = LONGEST_SECONDS,
        pipeline: Shared | None = None,
    ) -> None:
        self._redis = redis
        self._pipeline = pipeline or pipeline_to(redis)
        self._clock = clock
        self._idle = idle_seconds
        self._longest = longest_seconds

    async def open(self, member: StaffMember) -> str:
        secret = secrets.token_urlsafe(SECRET_BYTES)
        key = _key(secret)
        # Noted before it begins, so that whoever closes all sessions of a person finds each that lives.
        await NOTED.run_among_others(self._pipeline, [_all_of(member.name)], key, self._longest)
        held = member.model_dump_json()
        await OPEN.run_among_others(self._pipeline, [key], held, self._clock.now(), self._idle)
        return secret

    async def member(self, session_id: str, *, active: bool = True) -> StaffMember | None:
        held = await SESSION.run(
            self._redis, [_key(session_id)], self._clock.now(), self._idle, self._longest, int(active)
        )
        return StaffMember.model_validate_json(held) if held else None

    async def change(self, session_id: str, member: StaffMember) -> None:
        await CHANGE.run_among_others(self._pipeline, [_key(session_id)], member.model_dump_json())

    async def close(self, session_id: str) -> None:
        await self._pipeline.ask("DEL", _key(session_id))

    async def close_all(self, name: str) -> None:
        for key in await answer(self._redis, self._redis.smembers(_all_of(name))):
            await self._pipeline.ask("DEL", key)
        await self._pipeline.ask("DEL", _all_of(name))


class _Session(NamedTuple):
    member: StaffMember
    opened: float
    seen: float


class MemorySessions:
    """Implements `Sessions` in this process's memory."""

    def __init__(
        self, clock: Clock, idle_seconds: float = IDLE_SECONDS, longest_seconds: float = LONGEST_SECONDS
    ) -> None:
        self._clock = clock
        self._idle = idle_seconds
        self._longest = longest_seconds
        self._open: dict[str, _Session] = {}

    async def open(self, member: StaffMember) -> str:
        secret = secrets.token_urlsafe(SECRET_BYTES)
        now = self._clock.now()
        self._open[secret] = _Session(member, now, now)
        return secret

    async def member(self, session_id: str, *, active: bool = True) -> StaffMember | None:
        now = self._clock.now()
        held = self._open.get(session_id)
        if held is None or now - held.seen >= self._idle or now - held.opened >= self._longest:
            await self.close(session_id)
            return None
        if active:
            self._open[session_id] = held._replace(seen=now)
        return held.member

    async def change(self, session_id: str, member: StaffMember) -> None:
        if held := self._open.get(session_id):
            self._open[session_id] = held._replace(member=member)

    async def close(self, session_id: str) -> None:
        self._open.pop(session_id, None)

    async def close_all(self, name: str) -> None:
        self._open = {key: each for key, each in self._open.items() if fold(each.member.name) != fold(name)}


def _key(secret: str) -> str:
    return f"previsit:session:{sha256(secret.encode('utf-8', 'replace')).hexdigest()}"


def _all_of(name: str) -> str:
    return f"previsit:sessions-of:{sha256(fold(name).encode()).hexdigest()}"
