"""Which listener is told of which change."""

import asyncio

import pytest

from storage.listeners import Listeners

pytestmark = pytest.mark.anyio


async def test_a_listener_is_told_of_its_own_conversation_only() -> None:
    listeners = Listeners()
    with listeners.listening("a") as of_a, listeners.listening(None) as of_all:
        for name in ("b", "a", "b"):
            listeners.tell(name)
        assert await anext(of_a) == "a"
        assert [await anext(of_all), await anext(of_all)] == ["b", "a"]


async def test_a_change_after_it_was_read_is_told_again() -> None:
    listeners = Listeners()
    with listeners.listening("a") as listener:
        for _ in range(2):
            listeners.tell("a")
            assert await anext(listener) == "a"


async def test_a_waiting_listener_wakes() -> None:
    listeners = Listeners()
    with listeners.listening("a") as listener:
        waiting = asyncio.create_task(anext(listener))
        await asyncio.sleep(0)
        listeners.tell("b")
        await asyncio.sleep(0)
        assert not waiting.done()
        listeners.tell("a")
        async with asyncio.timeout(20):
            assert await waiting == "a"


async def test_after_a_drop_everybody_looks_again_also_for_what_was_destroyed() -> None:
    listeners = Listeners()
    with listeners.listening("gone") as of_gone, listeners.listening(None) as of_all:
        listeners.look_again(["a", "b"])
        assert await anext(of_gone) == "gone"
        assert [await anext(of_all), await anext(of_all)] == ["a", "b"]


async def test_who_has_left_is_told_nothing() -> None:
    listeners = Listeners()
    with listeners.listening(None) as listener:
        pass
    listeners.tell("a")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(listener), 0.001)
