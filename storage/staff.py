"""Who may sign in to the console. Knows nothing about sessions."""

import unicodedata

from pydantic import BaseModel, ConfigDict
from redis.asyncio import Redis

from dialogue.ports import StaffMember
from storage.connection import answer
from storage.keys import STAFF
from storage.passwords import Passwords


class NameTaken(ValueError):
    """Somebody of that name may sign in already."""


class Kept(BaseModel):
    """A member as kept; found under the name without regard to capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    member: StaffMember
    password: str


class ValkeyStaff:
    """Implements `StaffDirectory`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._passwords = Passwords()

    async def add(self, name: str, role: str, password: str) -> None:
        kept = Kept(member=_member(name, role), password=await self._passwords.hash(password))
        added = await answer(self._redis, self._redis.hsetnx(STAFF, fold(name), kept.model_dump_json()))
        if not added:
            raise NameTaken(f"{kept.member.name} may sign in already.")

    async def verify(self, name: str, password: str) -> StaffMember | None:
        found = await answer(self._redis, self._redis.hget(STAFF, fold(name)))
        kept = Kept.model_validate_json(found) if found else None
        right = await self._passwords.matches(password, kept.password if kept else None)
        return kept.member if kept and right else None

    async def is_empty(self) -> bool:
        return not await answer(self._redis, self._redis.exists(STAFF))

    async def remove(self, name: str) -> bool:
        """Whether there was such a member. Open sessions last until they are idle."""
        return bool(await answer(self._redis, self._redis.hdel(STAFF, fold(name))))


class MemoryStaff:
    """Implements `StaffDirectory` in this process's memory."""

    def __init__(self) -> None:
        self._passwords = Passwords()
        self._kept: dict[str, Kept] = {}

    async def add(self, name: str, role: str, password: str) -> None:
        kept = Kept(member=_member(name, role), password=await self._passwords.hash(password))
        if self._kept.setdefault(fold(name), kept) is not kept:
            raise NameTaken(f"{kept.member.name} may sign in already.")

    async def verify(self, name: str, password: str) -> StaffMember | None:
        kept = self._kept.get(fold(name))
        right = await self._passwords.matches(password, kept.password if kept else None)
        return kept.member if kept and right else None

    async def is_empty(self) -> bool:
        return not self._kept


def fold(name: str) -> str:
    """The name as it is compared: no capitals, no spaces around, one way to compose accents, no half letters."""
    whole = name.encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFKC", whole).strip().casefold()


def _member(name: str, role: str) -> StaffMember:
    if not fold(name):
        raise ValueError("A member of staff has a name.")
    return StaffMember(name=name.strip(), role=role)
