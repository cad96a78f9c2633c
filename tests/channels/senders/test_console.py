"""A page by the console is accepted only if a browser answers that it shows it."""

import asyncio

import pytest

from channels.console.presence import Presence
from channels.senders.console import ConsoleSender
from dialogue.paging_ports import Notice, SendFailed
from policies.levels import Level

NOTICE = Notice(page="p1", key="p1:0", code="K7P2Q", level=Level.EMERGENCY, attempt=0, link="")


@pytest.mark.anyio
async def test_with_no_console_open_it_fails() -> None:
    with pytest.raises(SendFailed, match="no open console answered"):
        await ConsoleSender(Presence()).send(NOTICE)


@pytest.mark.anyio
async def test_every_open_console_rings_and_one_answer_accepts() -> None:
    presence, rung = Presence(), asyncio.Queue[str]()
    with (
        presence.connected(lambda notice: rung.put_nowait(f"first {notice.key}")),
        presence.connected(lambda notice: rung.put_nowait(f"second {notice.key}")),
    ):
        sending = asyncio.create_task(ConsoleSender(presence).send(NOTICE))
        assert [await rung.get(), await rung.get()] == ["first p1:0", "second p1:0"]
        assert not sending.done()
        presence.answered("p1:0")
        await sending


@pytest.mark.anyio
async def test_a_console_that_is_open_but_does_not_answer_accepts_nothing() -> None:
    presence = Presence(answer_seconds=0.01)
    with presence.connected(lambda notice: None), pytest.raises(SendFailed):
        await ConsoleSender(presence).send(NOTICE)


@pytest.mark.anyio
async def test_an_answer_to_another_round_accepts_nothing() -> None:
    presence = Presence(answer_seconds=0.01)
    with presence.connected(lambda notice: presence.answered("p1:1")), pytest.raises(SendFailed):
        await ConsoleSender(presence).send(NOTICE)


@pytest.mark.anyio
async def test_a_console_that_was_closed_does_not_ring() -> None:
    presence, rung = Presence(answer_seconds=0.01), list[Notice]()
    with presence.connected(rung.append):
        pass
    assert not await presence.ring(NOTICE)
    assert rung == []
