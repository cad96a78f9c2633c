"""What is stored about telephones: which conversation one is in, who has sent STOP, which texts were dealt with.

Implements `channels.sms.phones.Phones`. Numbers are stored as keyed hashes: they cannot be read back, nor guessed
without the master key. The number itself is sealed in its conversation, and deleted with it.
"""

import hmac
from hashlib import sha256
from typing import Any

from storage.connection import Server, answer
from storage.scripts import Script
from storage.sealing import derive_key

CLAIM = Script("claim")
DAY = 86_400
IN_CONVERSATION_DAYS = 60
KNOWN_DAYS = 400
"""Longer than any conversation is kept: a text that comes again after that finds no conversation."""


class ValkeyPhones:
    def __init__(self, redis: Server, master_key: bytes) -> None:
        self._redis = redis
        self._key = derive_key(master_key, "telephone numbers")

    async def conversation_of(self, number: str) -> str:
        found: Any = await answer(self._redis, self._redis.get(self._phone(number)))
        return found.decode() if found else ""

    async def claim(self, number: str, conversation_id: str, instead_of: str = "") -> str:
        life = IN_CONVERSATION_DAYS * DAY
        held: bytes = await CLAIM.run(self._redis, [self._phone(number)], conversation_id, instead_of, life)
        return held.decode()

    async def set_stopped(self, number: str, stopped: bool) -> None:
        key = self._phone(number) + ":stopped"
        await answer(self._redis, self._redis.set(key, 1) if stopped else self._redis.delete(key))

    async def has_stopped(self, number: str) -> bool:
        return bool(await answer(self._redis, self._redis.exists(self._phone(number) + ":stopped")))

    async def is_known(self, message_id: str) -> bool:
        return bool(await answer(self._redis, self._redis.exists(_text(message_id))))

    async def remember(self, message_id: str) -> None:
        await answer(self._redis, self._redis.set(_text(message_id), "taken", ex=KNOWN_DAYS * DAY))

    async def is_told(self, key: str) -> bool:
        return bool(await answer(self._redis, self._redis.exists(f"previsit:told:{key}")))

    async def set_told(self, key: str) -> None:
        await answer(self._redis, self._redis.set(f"previsit:told:{key}", 1, ex=DAY))

    async def set_status(self, message_id: str, status: str) -> None:
        await answer(self._redis, self._redis.set(_text(message_id), status, ex=KNOWN_DAYS * DAY))

    def _phone(self, number: str) -> str:
        return f"previsit:phone:{hmac.digest(self._key, number.encode(), sha256).hex()}"


class MemoryPhones:
    """The same in this process's memory, for tests and the command line."""

    def __init__(self) -> None:
        self._in: dict[str, str] = {}
        self._stopped: set[str] = set()
        self._told: set[str] = set()
        self.statuses: dict[str, str] = {}

    async def conversation_of(self, number: str) -> str:
        return self._in.get(number, "")

    async def claim(self, number: str, conversation_id: str, instead_of: str = "") -> str:
        if self._in.get(number, "") in ("", instead_of):
            self._in[number] = conversation_id
        return self._in[number]

    async def set_stopped(self, number: str, stopped: bool) -> None:
        if stopped:
            self._stopped.add(number)
        else:
            self._stopped.discard(number)

    async def has_stopped(self, number: str) -> bool:
        return number in self._stopped

    async def is_known(self, message_id: str) -> bool:
        return message_id in self.statuses

    async def remember(self, message_id: str) -> None:
        self.statuses[message_id] = "taken"

    async def is_told(self, key: str) -> bool:
        return key in self._told

    async def set_told(self, key: str) -> None:
        self._told.add(key)

    async def set_status(self, message_id: str, status: str) -> None:
        self.statuses[message_id] = status


def _text(message_id: str) -> str:
    return f"previsit:text:{sha256(message_id.encode()).hexdigest()}"
