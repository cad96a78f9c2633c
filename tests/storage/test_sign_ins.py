"""Guessing passwords is slow, by name and by address, and an honest mistake costs little."""

import pytest
from redis.asyncio import Redis

from dialogue.staff_ports import SignInLimited
from storage.sign_ins import TRIES_A_NAME, TRIES_AN_ADDRESS, WINDOW_SECONDS, MemorySignIns, ValkeySignIns
from tests.clock import SetClock

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["memory", "valkey"])
def sign_ins(request: pytest.FixtureRequest, redis: Redis, clock: SetClock) -> MemorySignIns | ValkeySignIns:
    return MemorySignIns(clock) if request.param == "memory" else ValkeySignIns(redis, clock)


async def tries_left(sign_ins: ValkeySignIns, name: str, address: str) -> int:
    """Uses them up."""
    for tries in range(1000):
        try:
            await sign_ins.attempt(name, address)
        except SignInLimited:
            return tries
    raise AssertionError("nothing limits")


async def test_one_name_from_many_addresses_gets_a_few_tries(sign_ins: ValkeySignIns) -> None:
    for number in range(TRIES_A_NAME):
        await sign_ins.attempt("Kim", f"10.0.0.{number}")
    for name in ("Kim", "kim", " KIM "):
        with pytest.raises(SignInLimited, match="Try again in 3 min") as caught:
            await sign_ins.attempt(name, "10.0.1.1")
        assert caught.value.seconds == pytest.approx(WINDOW_SECONDS / TRIES_A_NAME)
    await sign_ins.attempt("Lee", "10.0.1.1")


async def test_many_names_from_one_address_get_some_more(sign_ins: ValkeySignIns) -> None:
    for number in range(TRIES_AN_ADDRESS):
        await sign_ins.attempt(f"name {number}", "10.0.0.1")
    with pytest.raises(SignInLimited):
        await sign_ins.attempt("another", "10.0.0.1")
    await sign_ins.attempt("another", "10.0.0.2")


async def test_nobody_is_shut_out_for_long(sign_ins: ValkeySignIns, clock: SetClock) -> None:
    assert await tries_left(sign_ins, "Kim", "10.0.0.1") == TRIES_A_NAME
    clock.at += WINDOW_SECONDS / TRIES_A_NAME - 1
    assert await tries_left(sign_ins, "Kim", "10.0.0.1") == 0
    clock.at += 1
    assert await tries_left(sign_ins, "Kim", "10.0.0.1") == 1
    clock.at += WINDOW_SECONDS
    assert await tries_left(sign_ins, "Kim", "10.0.0.1") == TRIES_A_NAME


async def test_who_signs_in_gets_all_tries_of_the_name_back(sign_ins: ValkeySignIns) -> None:
    for _ in range(TRIES_A_NAME):
        await sign_ins.attempt("Kim", "10.0.0.1")
    await sign_ins.succeeded("kim", "10.0.0.1")
    assert await tries_left(sign_ins, "Kim", "10.0.0.2") == TRIES_A_NAME


async def test_a_whole_clinic_behind_one_address_signs_in(sign_ins: ValkeySignIns) -> None:
    for number in range(5 * TRIES_AN_ADDRESS):
        await sign_ins.attempt(f"name {number}", "10.0.0.1")
        await sign_ins.succeeded(f"name {number}", "10.0.0.1")


async def test_a_guesser_with_an_account_of_their_own_gets_no_more_tries_at_others(
    sign_ins: ValkeySignIns,
) -> None:
    for _ in range(TRIES_A_NAME):
        await sign_ins.attempt("Kim", "10.0.0.1")
        await sign_ins.attempt("guesser", "10.0.0.1")
        await sign_ins.succeeded("guesser", "10.0.0.1")
    with pytest.raises(SignInLimited):
        await sign_ins.attempt("Kim", "10.0.0.1")


@pytest.mark.parametrize("typed", ["", "\ud800", "x" * 100_000, "{}:*\r\n"])
async def test_whatever_is_typed_for_a_name_is_counted(sign_ins: ValkeySignIns, typed: str) -> None:
    assert await tries_left(sign_ins, typed, typed) == TRIES_A_NAME


async def test_the_store_holds_neither_names_nor_addresses_and_forgets_by_itself(redis: Redis, clock: SetClock) -> None:
    await ValkeySignIns(redis, clock).attempt("Kim Park", "10.0.0.1")
    keys = await redis.keys("*")
    assert len(keys) == 2
    for key in keys:
        assert b"Kim" not in key and b"kim" not in key and b"10.0" not in key and len(key) < 120
        assert 0 < await redis.pttl(key) <= WINDOW_SECONDS * 1000


async def test_all_processes_count_together(redis: Redis, clock: SetClock) -> None:
    for _ in range(TRIES_A_NAME):
        await ValkeySignIns(redis, clock).attempt("Kim", "10.0.0.1")
    with pytest.raises(SignInLimited):
        await ValkeySignIns(redis, clock).attempt("Kim", "10.0.0.1")
