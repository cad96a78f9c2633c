"""Passwords of staff: which are accepted, which one opens, and what somebody who guesses can learn."""

import asyncio

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from storage.passwords import MAX_CHARACTERS, PasswordRefused, Passwords

pytestmark = pytest.mark.anyio

GOOD = "correct horse battery"


async def test_only_the_right_password_opens() -> None:
    passwords = Passwords()
    kept = await passwords.hash(GOOD)
    assert await passwords.matches(GOOD, kept)
    for wrong in ("", GOOD[:-1], GOOD.upper(), f"{GOOD} ", kept):
        assert not await passwords.matches(wrong, kept)


async def test_nobody_has_no_password() -> None:
    passwords = Passwords()
    for guess in (GOOD, "a password of nobody", ""):
        assert not await passwords.matches(guess, None)


async def test_a_name_that_nobody_has_costs_a_guesser_as_much() -> None:
    """The same hash with the same costs is computed; it is not told apart by its time."""
    passwords = Passwords()
    await passwords.matches("anything at all", None)
    assert passwords.decoy is not None
    assert extract_parameters(passwords.decoy) == extract_parameters(await passwords.hash(GOOD))


async def test_hashes_are_argon2id_as_owasp_asks_and_salted() -> None:
    passwords = Passwords()
    one, two = await passwords.hash(GOOD), await passwords.hash(GOOD)
    parameters = extract_parameters(one)
    assert one != two
    assert GOOD not in one
    assert parameters.type is Type.ID
    assert parameters.memory_cost >= 46 * 1024 and parameters.time_cost >= 1


@pytest.mark.parametrize("password", ["", "x" * 11, "x" * (MAX_CHARACTERS + 1)])
async def test_too_short_and_too_long_ones_are_refused_without_quoting_them(password: str) -> None:
    with pytest.raises(PasswordRefused, match=r"^A password has 12 to 256 characters\.$"):
        await Passwords().hash(password)


async def test_a_megabyte_is_refused_without_hashing_it() -> None:
    passwords = Passwords()
    kept = await passwords.hash("x" * MAX_CHARACTERS)
    assert await passwords.matches("x" * MAX_CHARACTERS, kept)
    assert not await passwords.matches("x" * 1_000_000, kept)


async def test_the_same_letters_from_another_keyboard_open() -> None:
    passwords = Passwords()
    kept = await passwords.hash("Zoe\u0308 la nin\u0303a 42")
    assert await passwords.matches("Zo\u00eb la ni\u00f1a 42", kept)


async def test_hashing_leaves_the_event_loop_free() -> None:
    passwords = Passwords()
    hashing = asyncio.create_task(passwords.hash(GOOD))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 10
