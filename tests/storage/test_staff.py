"""Who may sign in, in memory and on Valkey alike."""

import asyncio

import pytest
from redis.asyncio import Redis

from dialogue.ports import StaffMember
from storage.keys import STAFF
from storage.passwords import PasswordRefused
from storage.staff import MemoryStaff, NameTaken, ValkeyStaff

pytestmark = pytest.mark.anyio

PASSWORD = "correct horse battery"


@pytest.fixture(params=["memory", "valkey"])
def staff(request: pytest.FixtureRequest, redis: Redis) -> MemoryStaff | ValkeyStaff:
    return MemoryStaff() if request.param == "memory" else ValkeyStaff(redis)


async def test_a_member_signs_in_with_their_own_password_only(staff: ValkeyStaff) -> None:
    await staff.add("Kim Park", "nurse", PASSWORD)
    assert await staff.verify("Kim Park", PASSWORD) == StaffMember(name="Kim Park", role="nurse")
    assert await staff.verify("Kim Park", "correct horse batteri") is None
    assert await staff.verify("Kim Parks", PASSWORD) is None


async def test_the_first_start_finds_nobody(staff: ValkeyStaff) -> None:
    assert await staff.is_empty()
    await staff.add("Kim", "nurse", PASSWORD)
    assert not await staff.is_empty()


@pytest.mark.parametrize("name", ["zoë", " Zoë ", "ZOË", "Zoe\u0308"])
async def test_a_name_is_found_however_it_is_typed(staff: ValkeyStaff, name: str) -> None:
    await staff.add(" Zoë ", "nurse", PASSWORD)
    assert await staff.verify(name, PASSWORD) == StaffMember(name="Zoë", role="nurse")
    with pytest.raises(NameTaken, match="Zoë may sign in already"):
        await staff.add("Zoë", "physician", PASSWORD)


async def test_of_two_who_take_a_name_at_once_one_gets_it(staff: ValkeyStaff) -> None:
    outcomes = await asyncio.gather(
        staff.add("Kim", "nurse", PASSWORD), staff.add("kim", "physician", PASSWORD), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes if outcome] == [NameTaken]


async def test_a_nameless_member_and_a_short_password_are_refused(staff: ValkeyStaff) -> None:
    with pytest.raises(ValueError, match="has a name"):
        await staff.add("  ", "nurse", PASSWORD)
    with pytest.raises(PasswordRefused):
        await staff.add("Kim", "nurse", "short")
    assert await staff.is_empty()


@pytest.mark.parametrize("typed", ["", "\ud800", "x" * 100_000, "\0"])
async def test_whatever_is_typed_is_a_wrong_sign_in_and_no_error(staff: ValkeyStaff, typed: str) -> None:
    await staff.add("Kim", "nurse", PASSWORD)
    assert await staff.verify(typed, PASSWORD) is None
    assert await staff.verify("Kim", typed) is None


async def test_a_member_who_left_signs_in_no_more(redis: Redis) -> None:
    staff = ValkeyStaff(redis)
    await staff.add("Kim", "nurse", PASSWORD)
    assert await staff.remove("KIM")
    assert not await staff.remove("kim")
    assert await staff.verify("Kim", PASSWORD) is None
    assert await staff.is_empty()


async def test_no_password_is_in_the_store(redis: Redis) -> None:
    await ValkeyStaff(redis).add("Kim", "nurse", PASSWORD)
    kept = await redis.dump(STAFF)
    assert kept and PASSWORD.encode() not in kept
