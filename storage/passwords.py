"""Passwords of staff: which are accepted, and their argon2id hashes. Knows nothing about where hashes are stored."""

import asyncio
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

MIN_CHARACTERS = 12
MAX_CHARACTERS = 256
AT_ONCE = 2  # each hash takes 46 MiB

# OWASP's first choice for argon2id; some 60 ms a hash.
HASHER = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)


class PasswordRefused(ValueError):
    """A password that is too short or too long to be kept."""


class Passwords:
    """Hashes in threads, a few at a time: a flood of sign-ins takes neither the event loop nor the memory."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)
        self.decoy: str | None = None
        """The hash that a password is compared with where there is no such name."""

    async def hash(self, password: str) -> str:
        if not MIN_CHARACTERS <= len(password) <= MAX_CHARACTERS:
            raise PasswordRefused(f"A password has {MIN_CHARACTERS} to {MAX_CHARACTERS} characters.")
        async with self._turns:
            return await asyncio.to_thread(HASHER.hash, _normal(password))

    async def matches(self, password: str, kept: str | None) -> bool:
        """Whether the password fits the hash `kept`, which is None for an unknown name; that takes the same time."""
        if self.decoy is None:
            self.decoy = await self.hash("a password of nobody")
        if len(password) > MAX_CHARACTERS:
            return False
        async with self._turns:
            right = await asyncio.to_thread(_verify, kept or self.decoy, _normal(password))
        return right and kept is not None


def _verify(kept: str, password: bytes) -> bool:
    try:
        return HASHER.verify(kept, password)
    except VerifyMismatchError:
        return False


def _normal(password: str) -> bytes:
    """The password in one normal form, however a keyboard composes accents."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
