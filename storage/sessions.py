"""Signed-in staff. Only the hash of a session's secret id is kept, so that the store cannot be used to sign in."""

import secrets
from hashlib import sha256
from typing import NamedTuple

from redis.asyncio import Redis

from dialogue.ports import Clock, StaffMember
from storage.connection import answer
from storage.scripts import Script

SESSION = Script("session")
SECRET_BYTES = 32
IDLE_SECONDS = 15 * 60.0
LONGEST_SECONDS = 12 * 3600.0


class ValkeySessions:
    """Implements `Sessions`. A session ends when it is idle for too long, and in any case after the longest time."""

    def __init__(
        self,
        redis: Redis,
        clock: Clock,
        idle_seconds: float = IDLE_SECONDS,
        longest_seconds: float = LONGEST_SECONDS,
    ) -> None:
        self._redis = redis
        self._clock = clock
        self._idle = idle_seconds
        self._longest = longest_seconds

    async def open(self, member: StaffMember) -> str:
        secret = secrets.token_urlsafe(SECRET_BYTES)
        now = self._clock.now()
        pipeline = self._redis.pipeline(transaction=True)
        pipeline.hset(_key(secret), mapping={"member": member.model_dump_json(), "opened": now, "seen": now})
        pipeline.pexpire(_key(secret), round(self._idle * 1000))
        await answer(self._redis, pipeline.execute())
        return secret

    async def member(self, session_id: str, *, active: bool = True) -> StaffMember | None:
        held = await SESSION.run(
            self._redis, [_key(session_id)], self._clock.now(), self._idle, self._longest, int(active)
        )
        return StaffMember.model_validate_json(held) if held else None

    async def close(self, session_id: str) -> None:
        await answer(self._redis, self._redis.delete(_key(session_id)))


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

    async def close(self, session_id: str) -> None:
        self._open.pop(session_id, None)


def _key(secret: str) -> str:
    return f"previsit:session:{sha256(secret.encode('utf-8', 'replace')).hexdigest()}"
