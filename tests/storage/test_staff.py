"""Who may sign in, in memory and on Valkey alike."""

import asyncio
import json

import pyotp
import pytest
from redis.asyncio import Redis

from dialogue.staff_ports import StaffAccount, StaffMember
from policies.roles import Role
from storage.keys import STAFF
from storage.passwords import PasswordRefused, Passwords
from storage.staff import MemoryStaff, NameTaken, ValkeyStaff
from tests.clock import SetClock
from tests.storage.support import MASTER_KEY

pytestmark = pytest.mark.anyio

PASSWORD = "correct horse battery"


@pytest.fixture(params=["memory", "valkey"])
def staff(request: pytest.FixtureRequest, redis: Redis, clock: SetClock) -> MemoryStaff | ValkeyStaff:
    return MemoryStaff(clock) if request.param == "memory" else ValkeyStaff(redis, MASTER_KEY, clock)


async def enrolled(staff: MemoryStaff | ValkeyStaff, clock: SetClock, secret: str = "") -> tuple[str, ...]:
    """Kim has a second factor from here on; two minutes go by, so that its first code is over."""
    secret = secret or pyotp.random_base32()
    codes = await staff.enrol("Kim", secret, pyotp.TOTP(secret).at(int(clock.at)))
    clock.at += 120
    return codes


async def test_a_member_signs_in_with_their_own_password_only(staff: ValkeyStaff) -> None:
    await staff.add("Kim Park", "nurse", PASSWORD)
    assert await staff.verify("Kim Park", PASSWORD) == StaffMember(name="Kim Park", role=Role.NURSE)
    assert await staff.verify("Kim Park", "correct horse batteri") is None
    assert await staff.verify("Kim Parks", PASSWORD) is None


async def test_the_first_start_finds_nobody(staff: ValkeyStaff) -> None:
    assert await staff.is_empty()
    await staff.add("Kim", "nurse", PASSWORD)
    assert not await staff.is_empty()


@pytest.mark.parametrize("name", ["zoë", " Zoë ", "ZOË", "Zoe\u0308"])
async def test_a_name_is_found_however_it_is_typed(staff: ValkeyStaff, name: str) -> None:
    await staff.add(" Zoë ", "nurse", PASSWORD)
    assert await staff.verify(name, PASSWORD) == StaffMember(name="Zoë", role=Role.NURSE)
    with pytest.raises(NameTaken, match="Zoë may sign in already"):
        await staff.add("Zoë", "doctor", PASSWORD)


async def test_of_two_who_take_a_name_at_once_one_gets_it(staff: ValkeyStaff) -> None:
    outcomes = await asyncio.gather(
        staff.add("Kim", "nurse", PASSWORD), staff.add("kim", "doctor", PASSWORD), return_exceptions=True
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


async def test_a_member_who_left_signs_in_no_more(staff: ValkeyStaff) -> None:
    await staff.add("Kim", "nurse", PASSWORD)
    assert await staff.remove("KIM")
    assert not await staff.remove("kim")
    assert await staff.verify("Kim", PASSWORD) is None
    assert await staff.is_empty()


async def test_a_role_that_there_is_not_is_refused(staff: ValkeyStaff) -> None:
    with pytest.raises(ValueError, match="nurse, doctor, admin, engineer, auditor"):
        await staff.add("Kim", "physician", PASSWORD)


async def test_no_password_and_no_second_factor_is_in_the_store(redis: Redis, clock: SetClock) -> None:
    staff, secret = ValkeyStaff(redis, MASTER_KEY, clock), pyotp.random_base32()
    await staff.add("Kim", "nurse", PASSWORD)
    recovery = await enrolled(staff, clock, secret)
    kept = str(await redis.hgetall(STAFF))
    for hidden in (PASSWORD, secret, *recovery):
        assert hidden not in kept


async def test_an_account_from_before_there_were_second_factors_signs_in_and_can_have_one(
    redis: Redis, clock: SetClock
) -> None:
    staff = ValkeyStaff(redis, MASTER_KEY, clock)
    hashed = await Passwords().hash(PASSWORD)
    old = {"member": {"name": "Kim", "role": "nurse"}, "password": hashed}
    await redis.hset(STAFF, "kim", json.dumps(old))
    assert await staff.verify("kim", PASSWORD) == StaffMember(name="Kim", role=Role.NURSE)
    assert await enrolled(staff, clock)
    assert await staff.verify("kim", PASSWORD) == StaffMember(name="Kim", role=Role.NURSE)


async def test_accounts_are_listed_by_name_and_changed(staff: ValkeyStaff, clock: SetClock) -> None:
    await staff.add("kim", "nurse", PASSWORD)
    await staff.add("Ada", "admin", PASSWORD)
    await staff.set_role("KIM", "doctor")
    await enrolled(staff, clock)
    assert await staff.accounts() == [
        StaffAccount(name="Ada", role=Role.ADMIN),
        StaffAccount(name="kim", role=Role.DOCTOR, second_factor=True),
    ]
    await staff.drop_second_factor("kim")
    assert await staff.account("Kim") == StaffAccount(name="kim", role=Role.DOCTOR)
    await staff.set_password("kim", "another good horse")
    assert await staff.verify("kim", PASSWORD) is None
    assert await staff.verify("kim", "another good horse") == StaffMember(name="kim", role=Role.DOCTOR)


async def test_a_second_factor_is_set_up_only_by_who_can_already_read_its_codes(staff: ValkeyStaff) -> None:
    await staff.add("Kim", "nurse", PASSWORD)
    assert await staff.enrol("Kim", pyotp.random_base32(), "000000") == ()
    assert await staff.account("Kim") == StaffAccount(name="Kim", role=Role.NURSE)


async def test_nobody_s_account_is_not_changed(staff: ValkeyStaff, clock: SetClock) -> None:
    assert not await staff.set_role("Kim", "doctor")
    assert not await staff.set_password("Kim", PASSWORD)
    assert not await enrolled(staff, clock)
    assert not await staff.drop_second_factor("Kim")
    assert not await staff.check_code("Kim", "123456")
    assert await staff.account("Kim") is None


async def test_a_code_is_good_once_and_for_a_minute_or_so(staff: ValkeyStaff, clock: SetClock) -> None:
    secret = pyotp.random_base32()
    await staff.add("Kim", "nurse", PASSWORD)
    await enrolled(staff, clock, secret)
    code = pyotp.TOTP(secret).at(int(clock.at))
    assert await staff.check_code("kim", f" {code[:3]} {code[3:]} ")
    assert not await staff.check_code("kim", code), "whoever looked over her shoulder"
    clock.at += 30
    later = pyotp.TOTP(secret).at(int(clock.at))
    clock.at += 90
    assert not await staff.check_code("kim", later)
    assert await staff.check_code("kim", pyotp.TOTP(secret).at(int(clock.at)))


async def test_of_two_who_use_one_code_at_once_one_gets_in(staff: ValkeyStaff, clock: SetClock) -> None:
    secret = pyotp.random_base32()
    await staff.add("Kim", "nurse", PASSWORD)
    await enrolled(staff, clock, secret)
    code = pyotp.TOTP(secret).at(int(clock.at))
    assert sorted(await asyncio.gather(*(staff.check_code("kim", code) for _ in range(3)))) == [False, False, True]


async def test_each_recovery_code_is_good_once(staff: ValkeyStaff, clock: SetClock) -> None:
    await staff.add("Kim", "nurse", PASSWORD)
    codes = await enrolled(staff, clock)
    assert len(set(codes)) == 10
    assert await staff.check_code("kim", codes[0].lower())
    assert not await staff.check_code("kim", codes[0])
    assert await staff.check_code("kim", codes[1].replace("-", ""))


@pytest.mark.parametrize("typed", ["", "12345", "000000", "\ud800", "x" * 10_000, "１２３４５６"])
async def test_whatever_is_typed_is_a_wrong_code_and_no_error(staff: ValkeyStaff, clock: SetClock, typed: str) -> None:
    await staff.add("Kim", "nurse", PASSWORD)
    assert not await staff.check_code("Kim", typed), "there is no second factor to fulfil"
    await enrolled(staff, clock)
    assert not await staff.check_code("Kim", typed)
