"""Two model servers as one: a slow or failed first costs a case nothing, and no call is left over."""

import asyncio
from collections.abc import Sequence

import pytest

from llm.errors import ModelOverloaded, ModelRefused, ModelUnavailable
from llm.hedged import Hedged
from llm.port import ChatModel, Completion, Message, Schema
from tests.llm.fake_model import FakeModel

pytestmark = pytest.mark.anyio

ASKED = (Message(role="user", content="?"),)


class Never:
    """Gives no answer, and knows whether it was given up."""

    name = "never"

    def __init__(self) -> None:
        self.given_up = False

    async def complete(self, messages: Sequence[Message], schema: Schema, max_tokens: int, seed: int) -> Completion:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.given_up = True
            raise
        raise AssertionError("unreachable")


async def ask(first: ChatModel, second: ChatModel, after: float = 30.0) -> str:
    return (await Hedged(first, second, after).complete(ASKED, {}, 10, 1)).text


async def test_a_quick_first_is_the_only_one_asked() -> None:
    second = FakeModel(["second"])
    assert await ask(FakeModel(["first"]), second) == "first"
    assert second.calls == []


async def test_a_slow_first_is_overtaken_and_given_up() -> None:
    first = Never()
    assert await ask(first, FakeModel(["second"]), after=0.0) == "second"
    assert first.given_up


async def test_a_slow_second_is_given_up() -> None:
    second = Never()
    gate = asyncio.Event()

    class Late(FakeModel):
        async def complete(self, messages: Sequence[Message], schema: Schema, max_tokens: int, seed: int) -> Completion:
            await gate.wait()
            return await super().complete(messages, schema, max_tokens, seed)

    asking = asyncio.create_task(ask(Late(["first"]), second, after=0.0))
    await asyncio.wait([asking], timeout=0.05)
    gate.set()
    assert await asking == "first"
    assert second.given_up


async def test_a_failed_first_is_replaced_at_once() -> None:
    assert await ask(FakeModel([ModelOverloaded("busy")]), FakeModel(["second"])) == "second"


async def test_when_both_fail_the_first_error_counts() -> None:
    with pytest.raises(ModelOverloaded):
        await ask(FakeModel([ModelOverloaded("busy")]), FakeModel([ModelUnavailable("gone")]))


async def test_what_is_refused_is_not_asked_again() -> None:
    second = FakeModel(["second"])
    with pytest.raises(ModelRefused):
        await ask(FakeModel([ModelRefused(422)]), second)
    assert second.calls == []


async def test_being_cancelled_leaves_no_call_behind() -> None:
    first, second = Never(), Never()
    asking = asyncio.create_task(ask(first, second, after=0.0))
    await asyncio.wait([asking], timeout=0.05)
    asking.cancel()
    await asyncio.wait([asking])
    assert first.given_up
    assert second.given_up


async def test_a_fault_of_ours_is_not_hidden() -> None:
    with pytest.raises(ValueError, match="a bug"):
        await ask(FakeModel([ValueError("a bug")]), FakeModel(["second"]))
