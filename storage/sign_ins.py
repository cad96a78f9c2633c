"""Limits the guessing of passwords: a token bucket for each name, and a larger one for each address.

A name's bucket gets a new try every three minutes, so that a stranger's guesses do not lock anybody out for long. An
address may be that of a whole clinic. Knows nothing about passwords.
"""

from hashlib import sha256

from dialogue.ports import Clock
from dialogue.staff_ports import SignInLimited
from storage.connection import Server, answer
from storage.scripts import Script
from storage.staff import fold

SPEND = Script("spend")
WINDOW_SECONDS = 15 * 60.0
TRIES_A_NAME = 5
TRIES_AN_ADDRESS = 20


class ValkeySignIns:
    """Implements `SignIns`, for all processes together."""

    def __init__(self, redis: Server, clock: Clock) -> None:
        self._redis = redis
        self._clock = clock

    async def attempt(self, name: str, address: str) -> None:
        for key, tries in ((_key("name", fold(name)), TRIES_A_NAME), (_key("address", address), TRIES_AN_ADDRESS)):
            wait = float(await self._spend(key, tries, 1))
            if wait > 0:
                raise SignInLimited(wait)

    async def succeeded(self, name: str, address: str) -> None:
        await answer(self._redis, self._redis.delete(_key("name", fold(name))))
        await self._spend(_key("address", address), TRIES_AN_ADDRESS, -1)

    async def _spend(self, key: str, tries: int, cost: int) -> bytes:
        taken: bytes = await SPEND.run(self._redis, [key], self._clock.now(), tries, WINDOW_SECONDS / tries, cost)
        return taken


class MemorySignIns:
    """Implements `SignIns` for this process. A bucket is the time at which it will be full again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._full: dict[str, float] = {}

    async def attempt(self, name: str, address: str) -> None:
        for key, tries in ((_key("name", fold(name)), TRIES_A_NAME), (_key("address", address), TRIES_AN_ADDRESS)):
            now = self._clock.now()
            full = max(self._full.get(key, 0.0), now) + WINDOW_SECONDS / tries
            if (wait := full - now - WINDOW_SECONDS) > 1e-6:
                raise SignInLimited(wait)
            self._full[key] = full

    async def succeeded(self, name: str, address: str) -> None:
        self._full.pop(_key("name", fold(name)), None)
        key = _key("address", address)
        self._full[key] = self._full.get(key, 0.0) - WINDOW_SECONDS / TRIES_AN_ADDRESS


def _key(kind: str, value: str) -> str:
    """The key of a bucket. Names and addresses are hashed, so that a key's length does not depend on what was typed."""
    return f"previsit:attempts:{kind}:{sha256(value.encode('utf-8', 'replace')).hexdigest()}"
