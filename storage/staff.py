"""Who may sign in to the console, and their second factors. Knows nothing about sessions."""

import base64
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict

from dialogue.ports import Clock
from dialogue.staff_ports import StaffAccount, StaffMember
from policies.roles import Role
from storage.connection import Server, answer
from storage.keys import STAFF
from storage.passwords import Passwords
from storage.pipelines import Shared, pipeline_to
from storage.scripts import Script
from storage.sealing import Sealer
from storage.second_factor import digest, matching_step, new_recovery_codes

SWAP = Script("swap")
TRIES = 5


class NameTaken(ValueError):
    """Somebody of that name may sign in already."""


class Kept(BaseModel):
    """An account as it is stored, under its name in lower case.

    `totp` is the second factor's encrypted secret (empty: none), `used` the time step of its latest code, `recovery`
    the hashes of the unused recovery codes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    member: StaffMember
    password: str
    totp: str = ""
    used: int = 0
    recovery: tuple[str, ...] = ()


class _Directory(ABC):
    """Implements `StaffDirectory` on a store in which accounts are read and swapped as a whole."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._passwords = Passwords()

    @abstractmethod
    async def _read(self, name: str) -> str:
        """The stored account, "" if there is none."""

    @abstractmethod
    async def _swap(self, name: str, before: str, after: str) -> bool:
        """Replaces `before` by `after`. False if somebody else changed it first."""

    @abstractmethod
    async def _all(self) -> list[str]: ...

    @abstractmethod
    def _seal(self, secret: str, name: str) -> str: ...

    @abstractmethod
    def _unseal(self, sealed: str, name: str) -> str: ...

    async def add(self, name: str, role: str, password: str) -> None:
        kept = Kept(member=_member(name, role), password=await self._passwords.hash(password))
        if not await self._swap(fold(name), "", kept.model_dump_json()):
            raise NameTaken(f"{kept.member.name} may sign in already.")

    async def verify(self, name: str, password: str) -> StaffMember | None:
        kept = _parsed(await self._read(fold(name)))
        right = await self._passwords.matches(password, kept.password if kept else None)
        return kept.member if kept and right else None

    async def accounts(self) -> list[StaffAccount]:
        found = (_account(Kept.model_validate_json(written)) for written in await self._all())
        return sorted(found, key=lambda account: fold(account.name))

    async def account(self, name: str) -> StaffAccount | None:
        kept = _parsed(await self._read(fold(name)))
        return _account(kept) if kept else None

    async def set_role(self, name: str, role: str) -> bool:
        def changed(kept: Kept) -> Kept:
            return kept.model_copy(update={"member": _member(kept.member.name, role)})

        return await self._change(name, changed)

    async def set_password(self, name: str, password: str) -> bool:
        hashed = await self._passwords.hash(password)
        return await self._change(name, lambda kept: kept.model_copy(update={"password": hashed}))

    async def remove(self, name: str) -> bool:
        return await self._change(name, lambda _: None)

    async def enrol(self, name: str, secret: str, code: str) -> tuple[str, ...]:
        step = matching_step(secret, code, self._clock.now(), after=0)
        if step is None:
            return ()
        codes = new_recovery_codes()
        factor = {
            "totp": self._seal(secret, fold(name)),
            "used": step,
            "recovery": tuple(digest(code) for code in codes),
        }
        enrolled = await self._change(name, lambda kept: kept.model_copy(update=factor))
        return codes if enrolled else ()

    async def drop_second_factor(self, name: str) -> bool:
        return await self._change(name, lambda kept: kept.model_copy(update={"totp": "", "recovery": ()}))

    async def check_code(self, name: str, code: str) -> bool:
        right = False

        def spent(kept: Kept) -> Kept:
            nonlocal right
            after = self._without(kept, code)
            right = after is not None
            return after or kept

        return await self._change(name, spent) and right

    def _without(self, kept: Kept, code: str) -> Kept | None:
        """The account with this code used up; None if it is not one of its codes."""
        if not kept.totp:
            return None
        secret = self._unseal(kept.totp, fold(kept.member.name))
        step = matching_step(secret, code, self._clock.now(), kept.used)
        if step is not None:
            return kept.model_copy(update={"used": step})
        left = tuple(each for each in kept.recovery if each != digest(code))
        return kept.model_copy(update={"recovery": left}) if left != kept.recovery else None

    async def _change(self, name: str, change: Callable[[Kept], Kept | None]) -> bool:
        """Changes an account, or deletes it if `change` returns None; repeated if somebody else changed it meanwhile.
        Returns whether there is such an account."""
        for _ in range(TRIES):
            written = await self._read(fold(name))
            before = _parsed(written)
            if before is None:
                return False
            after = change(before)
            if after == before or await self._swap(fold(name), written, after.model_dump_json() if after else ""):
                return True
        raise RuntimeError("the account is being changed by too many at once")


class ValkeyStaff(_Directory):
    """Implements `StaffDirectory`. The master key seals the second factors' secrets."""

    def __init__(self, redis: Server, master_key: bytes, clock: Clock, pipeline: Shared | None = None) -> None:
        super().__init__(clock)
        self._redis = redis
        self._pipeline = pipeline or pipeline_to(redis)
        self._sealer = Sealer(master_key)

    async def is_empty(self) -> bool:
        return not await answer(self._redis, self._redis.exists(STAFF))

    async def _read(self, name: str) -> str:
        found = await answer(self._redis, self._redis.hget(STAFF, name))
        return _text(found) if found else ""

    async def _swap(self, name: str, before: str, after: str) -> bool:
        return bool(await SWAP.run_among_others(self._pipeline, [STAFF], name, before, after))

    async def _all(self) -> list[str]:
        found = await answer(self._redis, self._redis.hgetall(STAFF))
        return [_text(written) for written in found.values()]

    def _seal(self, secret: str, name: str) -> str:
        sealed = self._sealer.seal(secret.encode(), _context(name))
        return ".".join(base64.b64encode(part).decode() for part in (sealed.key, sealed.value))

    def _unseal(self, sealed: str, name: str) -> str:
        key, value = (base64.b64decode(part) for part in sealed.split("."))
        return self._sealer.open(key, value, _context(name)).decode()


class MemoryStaff(_Directory):
    """Implements `StaffDirectory` in this process's memory."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._kept: dict[str, str] = {}

    async def is_empty(self) -> bool:
        return not self._kept

    async def _read(self, name: str) -> str:
        return self._kept.get(name, "")

    async def _swap(self, name: str, before: str, after: str) -> bool:
        if self._kept.get(name, "") != before:
            return False
        self._kept[name] = after
        if not after:
            del self._kept[name]
        return True

    async def _all(self) -> list[str]:
        return list(self._kept.values())

    def _seal(self, secret: str, name: str) -> str:
        return secret

    def _unseal(self, sealed: str, name: str) -> str:
        return sealed


def fold(name: str) -> str:
    """The name as it is compared: no capitals, no spaces around, one way to compose accents, no half letters."""
    whole = name.encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFKC", whole).strip().casefold()


def _member(name: str, role: str) -> StaffMember:
    if not fold(name):
        raise ValueError("A member of staff has a name.")
    if role not in set(Role):
        raise ValueError(f"A role is one of {', '.join(Role)}.")
    return StaffMember(name=name.strip(), role=Role(role))


def _account(kept: Kept) -> StaffAccount:
    return StaffAccount(name=kept.member.name, role=kept.member.role, second_factor=bool(kept.totp))


def _text(found: bytes | str) -> str:
    return found.decode() if isinstance(found, bytes) else found


def _parsed(written: str) -> Kept | None:
    return Kept.model_validate_json(written) if written else None


def _context(name: str) -> str:
    return f"second factor of {name}"
