"""Every version of the rota is kept as it was, sealed; of two who add one at once one is told."""

from datetime import time

import pytest
from redis.asyncio import Redis

from policies.rota import DAYS, Person, Rota, Shift, Step, Way
from storage.rotas import KEY, MemoryRotas, ValkeyRotas
from storage.sealing import SealBroken
from tests.storage.support import MASTER_KEY

pytestmark = pytest.mark.anyio

NUMBER = "+15551230001"
ROTA = Rota(
    people=(Person(name="Kim", ways=(Way(kind="text", address=NUMBER),)),),
    steps=(Step(to="nurse"),),
    shifts=(Shift(to="nurse", person="Kim", days=DAYS, start=time(8), end=time(20)),),
)
LATER = ROTA.model_copy(update={"zone": "Europe/London"})


@pytest.mark.parametrize("kind", ["memory", "valkey"])
async def test_versions_are_counted_and_kept(kind: str, redis: Redis) -> None:
    rotas = MemoryRotas() if kind == "memory" else ValkeyRotas(redis, MASTER_KEY)
    assert await rotas.current() is None
    assert await rotas.add(ROTA, "Ada", 1.0, 0)
    assert await rotas.add(LATER, "Bo", 2.0, 1)
    assert not await rotas.add(ROTA, "Cy", 3.0, 1), "somebody else was first"
    first, current = await rotas.version(1), await rotas.current()
    assert first is not None
    assert current is not None
    assert (first.version, first.by, first.at, first.rota) == (1, "Ada", 1.0, ROTA)
    assert (current.version, current.by, current.rota) == (2, "Bo", LATER)
    assert [await rotas.version(number) for number in (-1, 0, 3)] == [None, None, None]


async def test_numbers_are_sealed(redis: Redis) -> None:
    await ValkeyRotas(redis, MASTER_KEY).add(ROTA, "Ada", 1.0, 0)
    [kept] = await redis.lrange(KEY, 0, -1)
    assert NUMBER.encode() not in kept
    with pytest.raises(SealBroken):
        await ValkeyRotas(redis, bytes(32)).current()
