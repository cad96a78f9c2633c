"""A model that gives prepared answers."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from llm.errors import ModelUnavailable
from llm.port import Completion, Message, Schema

Line = str | Completion | Exception
"""One answer: a text, a whole completion, or an exception to raise."""


class Call(NamedTuple):
    """What the model was asked, in full."""

    messages: tuple[Message, ...]
    schema: Schema
    max_tokens: int
    seed: int


class FakeModel:
    """Gives the script's lines in order, and is unavailable after the last one; or calls a function for each answer."""

    def __init__(self, script: Iterable[Line] | Callable[[Call], Line], name: str = "fake") -> None:
        self.name = name
        self.calls: list[Call] = []
        self._answer = script if callable(script) else _reader(script)

    async def complete(self, messages: Sequence[Message], schema: Schema, max_tokens: int, seed: int) -> Completion:
        self.calls.append(Call(tuple(messages), schema, max_tokens, seed))
        line = self._answer(self.calls[-1])
        if isinstance(line, Exception):
            raise line
        return line if isinstance(line, Completion) else Completion(text=line)


def _reader(script: Iterable[Line]) -> Callable[[Call], Line]:
    lines = iter(script)
    return lambda call: next(lines, ModelUnavailable("the script has no further line"))
