"""What is stored about telephones, in memory and on a real Valkey: the same, and no number in the clear."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from storage.phones import MemoryPhones, ValkeyPhones
from tests.storage.support import MASTER_KEY

pytestmark = pytest.mark.anyio

NUMBER, OTHER = "+15552223333", "+15552224444"


@pytest.fixture(params=["memory", "valkey"])
async def phones(request: pytest.FixtureRequest, redis: Redis) -> AsyncIterator[MemoryPhones | ValkeyPhones]:
    if request.param == "memory":
        yield MemoryPhones()
        return
    yield ValkeyPhones(redis, MASTER_KEY)


async def test_a_telephone_is_in_one_conversation_until_it_may_leave_it(phones: Any) -> None:
    assert await phones.conversation_of(NUMBER) == ""
    assert await phones.claim(NUMBER, "first") == "first"
    assert await phones.claim(NUMBER, "second") == "first"
    assert await phones.claim(NUMBER, "second", instead_of="first") == "second"
    assert await phones.claim(NUMBER, "third", instead_of="first") == "second"
    assert await phones.conversation_of(NUMBER) == "second"
    assert await phones.conversation_of(OTHER) == ""


async def test_of_many_at_once_one_claims(phones: Any) -> None:
    held = await asyncio.gather(*(phones.claim(NUMBER, f"c{number}") for number in range(20)))
    assert len(set(held)) == 1


async def test_a_stop_holds_until_a_start(phones: Any) -> None:
    await phones.set_stopped(NUMBER, True)
    assert await phones.has_stopped(NUMBER)
    assert not await phones.has_stopped(OTHER)
    await phones.set_stopped(NUMBER, False)
    assert not await phones.has_stopped(NUMBER)


async def test_texts_are_remembered(phones: Any) -> None:
    assert not await phones.is_known("SM1")
    await phones.remember("SM1")
    assert await phones.is_known("SM1")
    assert not await phones.is_told("talk-1:1:0")
    await phones.set_told("talk-1:1:0")
    assert await phones.is_told("talk-1:1:0")
    await phones.set_status("SM2", "delivered")


async def test_no_number_can_be_read_in_the_store(redis: Redis) -> None:
    kept = ValkeyPhones(redis, MASTER_KEY)
    await kept.claim(NUMBER, "talk-1")
    await kept.set_stopped(NUMBER, True)
    keys = [key async for key in redis.scan_iter("*")]
    held: list[Any] = [await redis.get(key) for key in keys if await redis.type(key) == b"string"]
    assert held
    assert NUMBER[1:] not in str([*keys, *held])
