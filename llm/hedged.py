"""Two model servers as one: the second is asked when the first is slow or fails. Knows nothing about cases."""

import asyncio
from collections.abc import Awaitable, Sequence

from llm.errors import ModelError, ModelRefused, ModelUnavailable
from llm.port import ChatModel, Completion, Message, Schema


class Hedged:
    """The first answer counts, and the other call is cancelled. The second server is asked after `after` seconds."""

    def __init__(self, first: ChatModel, second: ChatModel, after: float) -> None:
        self.name = first.name
        self._first = first
        self._second = second
        self._after = after

    async def complete(self, messages: Sequence[Message], schema: Schema, max_tokens: int, seed: int) -> Completion:
        """Raises the first server's error if both fail. A request that the first refuses is not sent to the second."""
        calls = [asyncio.create_task(_outcome(self._first.complete(messages, schema, max_tokens, seed)))]
        try:
            await asyncio.wait(calls, timeout=self._after)
            if not calls[0].done() or not isinstance(calls[0].result(), Completion | ModelRefused):
                second = self._second.complete(messages, schema, max_tokens, seed)
                calls.append(asyncio.create_task(_outcome(second)))
            for call in asyncio.as_completed(calls):
                if isinstance(found := await call, Completion):
                    return found
        finally:
            for task in calls:
                task.cancel()
            await asyncio.wait(calls)
        raise _error(calls[0].result())


async def _outcome(call: Awaitable[Completion]) -> Completion | ModelError:
    try:
        return await call
    except ModelError as error:
        return error


def _error(outcome: Completion | ModelError) -> ModelError:
    return outcome if isinstance(outcome, ModelError) else ModelUnavailable("no answer")
