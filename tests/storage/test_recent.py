"""The cache of decrypted conversations: how long it keeps them, and that only the very same version is reused."""

import weakref

import pytest

from storage.recent import Recent
from tests.clock import SetClock
from tests.storage.support import said, started, until

pytestmark = pytest.mark.anyio


async def test_only_the_version_that_the_store_holds_is_used_again() -> None:
    recent = Recent()
    first = started("a")
    recent.put(b"1", first, 10)
    assert recent.get("a", b"1") is first
    recent.put(b"2", said(first, "more"), 10)
    assert recent.get("a", b"2") == said(first, "more")
    assert recent.get("a", b"1") is None
    assert recent.get("a", b"2") is None, "another version is in the store: ours is old"
    assert recent.get("b", b"1") is None


async def test_the_least_recently_used_goes_first(clock: SetClock) -> None:
    recent = Recent(most=20, clock=clock.now)
    for name in ("a", "b"):
        recent.put(b"1", started(name), 10)
    assert recent.get("a", b"1")
    recent.put(b"1", started("c"), 10)
    assert [bool(recent.get(name, b"1")) for name in ("a", "b", "c")] == [True, False, True]


async def test_a_long_one_takes_the_place_of_many(clock: SetClock) -> None:
    recent = Recent(most=30, clock=clock.now)
    for name in ("a", "b", "c"):
        recent.put(b"1", started(name), 10)
    recent.put(b"2", started("c"), 20)
    recent.drop("nobody")
    assert [bool(recent.at_hand(name)) for name in ("a", "b", "c")] == [False, True, True]
    recent.put(b"1", started("d"), 31)
    assert not any(recent.at_hand(name) for name in ("a", "b", "c", "d"))


async def test_a_use_counts_the_time_anew(clock: SetClock) -> None:
    recent = Recent(seconds=120, clock=clock.now)
    recent.put(b"1", started("a"), 10)
    recent.put(b"1", started("b"), 10)
    clock.at += 119
    assert recent.get("a", b"1")
    clock.at += 119
    recent.drop("nobody")
    assert recent.get("b", b"1") is None
    assert recent.get("a", b"1")


async def test_a_patients_words_leave_the_memory_though_nobody_comes() -> None:
    recent = Recent(seconds=0.01)
    conversation = started("a")
    gone = weakref.ref(conversation)
    recent.put(b"1", conversation, 10)
    recent.put(b"1", started("b"), 10)
    del conversation

    async def forgotten() -> bool:
        return gone() is None

    await until(forgotten)


async def test_what_is_dropped_is_forgotten_at_once() -> None:
    recent = Recent()
    conversation = started("a")
    gone = weakref.ref(conversation)
    recent.put(b"1", conversation, 10)
    del conversation
    recent.drop("a")
    assert gone() is None
