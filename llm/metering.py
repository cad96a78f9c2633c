"""Counts a model's calls, its failures by kind, tokens and seconds. Keeps no content."""

from collections import Counter, deque
from collections.abc import Callable, Sequence

from llm.errors import ModelError
from llm.port import ChatModel, Completion, Message, Schema
from policies.facts import Record

REMEMBERED = 200
"""How many of the latest answers' times are kept."""


class Tally(Record):
    """The counts since the start. The seconds are those of the latest answers, None before the first."""

    calls: int
    answers: int
    failures: dict[str, int]
    prompt_tokens: int
    completion_tokens: int
    seconds_median: float | None
    seconds_slowest: float | None


class Metered:
    """A model that keeps a tally. `clock` gives seconds."""

    def __init__(self, model: ChatModel, clock: Callable[[], float]) -> None:
        self._model = model
        self._clock = clock
        self._failures: Counter[str] = Counter()
        self._seconds: deque[float] = deque(maxlen=REMEMBERED)
        self._calls = self._answers = self._prompt_tokens = self._completion_tokens = 0

    @property
    def name(self) -> str:
        return self._model.name

    async def complete(self, messages: Sequence[Message], schema: Schema, max_tokens: int, seed: int) -> Completion:
        began = self._clock()
        self._calls += 1
        try:
            completion = await self._model.complete(messages, schema, max_tokens, seed)
        except ModelError as error:
            self._failures[type(error).__name__] += 1
            raise
        self._answers += 1
        self._seconds.append(self._clock() - began)
        self._prompt_tokens += completion.prompt_tokens
        self._completion_tokens += completion.completion_tokens
        return completion

    @property
    def tally(self) -> Tally:
        seconds = sorted(self._seconds)
        return Tally(
            calls=self._calls,
            answers=self._answers,
            failures=dict(sorted(self._failures.items())),
            prompt_tokens=self._prompt_tokens,
            completion_tokens=self._completion_tokens,
            seconds_median=round(seconds[len(seconds) // 2], 3) if seconds else None,
            seconds_slowest=round(seconds[-1], 3) if seconds else None,
        )
